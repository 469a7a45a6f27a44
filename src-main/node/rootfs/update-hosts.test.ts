import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const PROGRAM = path.resolve(import.meta.dirname, '../../../resources/images/node/rootfs/usr/lib/node-lab/update-hosts')
const OWN = '127.0.0.1 localhost\n172.18.0.2 node01\n'
const NODES = '# nodes of the lab\n172.18.0.3 node02\n# end of the nodes of the lab\n'

let root = ''
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'hosts-'))
  mkdirSync(path.join(root, 'etc/node-lab'), { recursive: true })
  writeFileSync(path.join(root, 'etc/node-lab/hosts'), '172.18.0.2 node01\n172.18.0.3 node02\n')
})
afterEach(() => rmSync(root, { recursive: true }))

/** What /etc/hosts is after node01 has updated it. */
function update(hosts: string): string {
  const file = path.join(root, 'etc/hosts')
  writeFileSync(file, hosts)
  const { stderr } = spawnSync('bash', ['--norc', PROGRAM], {
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], NODE_ROOT: root, HOSTNAME: 'node01' },
  })
  expect(stderr).toBe('')
  return readFileSync(file, 'utf8')
}

describe('given a lab of two nodes', () => {
  it('when the engine has written the file anew, then the other node is in it, once', () => {
    expect(update(OWN)).toBe(OWN + NODES)
    expect(update(OWN + NODES)).toBe(OWN + NODES)
  })

  it('when lines of one’s own are around the nodes, then they stay, and a node that has gone does not', () => {
    const gone = NODES.replace('# end', '172.18.0.4 node03\n# end')
    expect(update(`${OWN}${gone}10.0.0.9 registry\n`)).toBe(`${OWN}10.0.0.9 registry\n${NODES}`)
  })

  it('when somebody has removed the mark at the end, then the lines that follow stay', () => {
    const torn = '# nodes of the lab\n172.18.0.3 node02\n10.0.0.9 registry\n'
    expect(update(OWN + torn)).toBe(`${OWN}10.0.0.9 registry\n${NODES}`)
  })
})
