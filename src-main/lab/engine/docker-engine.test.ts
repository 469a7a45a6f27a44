import type Docker from 'dockerode'
import { expect, it } from 'vitest'
import { FakeClock } from '../../base/testing/fake-clock.ts'
import { DockerEngine } from './docker-engine.ts'
import type { ContainerLogOptions } from './engine.ts'

/** One frame of what the engine sends of a log; 1 is stdout. */
function frame(stream: 1, text: string): Buffer {
  const header = Buffer.alloc(8)
  header[0] = stream
  header.writeUInt32BE(text.length, 4)
  return Buffer.concat([header, Buffer.from(text)])
}

it.each<[string, ContainerLogOptions, Record<string, unknown>]>([
  ['all of a log', {}, { stdout: true, stderr: true }],
  ['its last lines', { tailLines: 5 }, { stdout: true, stderr: true, tail: 5 }],
  ['one of its streams', { stdoutOnly: true }, { stdout: true, stderr: false }],
])('when %s is asked for, then the engine is asked for that and nothing is left out', async (_what, options, asked) => {
  const seen: unknown[] = []
  const container = {
    inspect: () => Promise.resolve({ Config: { Tty: false } }),
    logs: (words: unknown) => {
      seen.push(words)
      return Promise.resolve(frame(1, 'line\n'.repeat(3000)))
    },
  }
  const docker = { getContainer: () => container } as unknown as Docker
  const engine = new DockerEngine({ docker, endpoint: 'e', socketPath: 's', clock: new FakeClock() })
  expect((await engine.containerLogs('c', options)).split('\n')).toHaveLength(3001)
  expect(seen).toEqual([{ follow: false, ...asked }])
})
