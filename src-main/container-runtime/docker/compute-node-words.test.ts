import { describe, expect, it } from 'vitest'
import { computeNodeWords } from './compute-node-words.ts'

const words = (message: string): string => computeNodeWords('node-lab.t.node01', message)

describe('computeNodeWords', () => {
  it('given a folder of the engine, then it is the node’s path', () => {
    expect(words('lstat /var/lib/docker/volumes/node-lab.t.node01/_data/data/none: no such file')).toBe(
      'lstat /data/none: no such file',
    )
    expect(words('open "/d/volumes/node-lab.t.node01/_data", mode 1')).toBe('open "/", mode 1')
  })

  it('given a link that leaves the volume, then it says so without the engine’s folder', () => {
    const message =
      'path concatenation escapes the base directory, base: /d/volumes/node-lab.t.node01/_data, subpath: data/x'
    expect(words(message)).toBe('"/data/x" leads out of the node\'s volume: such links are not followed')
  })

  it('given other words, then they stay', () => {
    expect(words('exec: "/bin/none": stat /bin/none: no such file')).toBe(
      'exec: "/bin/none": stat /bin/none: no such file',
    )
  })
})
