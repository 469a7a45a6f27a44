import { PassThrough } from 'node:stream'
import { afterEach, expect, it } from 'vitest'
import { TestHome } from '../testing/test-home.ts'

const home = new TestHome()
afterEach(() => home.dispose())

it('given a node whose systemctl never ceases to write, when its kubelet is stopped, then it has a time limit and its words are cut', async () => {
  const manager = await home.manager()
  await manager.up('t', { nodes: 1 })
  let asked: readonly string[] = []
  home.engine.exec = (_node = '', { command }: { command: readonly string[] } = { command: [] }) => {
    asked = command
    return Promise.resolve({
      stdin: new PassThrough(),
      stdout: new PassThrough().end(),
      stderr: new PassThrough().end('no '.repeat(1_000_000)),
      exit: Promise.resolve(1),
      resize: () => Promise.resolve(),
      close: () => undefined,
    })
  }
  const failure = await manager.stopKubelet({ lab: 't', node: 'node01' }).catch((error: Error) => error)
  expect(asked.slice(-3)).toEqual(['systemctl', 'stop', 'kubelet'])
  expect(asked[0]).toBe('timeout')
  expect(failure).toMatchObject({ kind: 'Conflict', message: expect.stringMatching(/could not be stopped: no no/) })
  expect(failure instanceof Error && failure.message.length).toBeLessThan(1.1 * 1024 * 1024)
})
