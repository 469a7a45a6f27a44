import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { FakeClock } from '../base/testing/fake-clock.ts'
import { requireRuntime, runtimeSocketPath } from './runtime-endpoint.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'runtime-endpoint-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** Sockets answer in real time, while the clock stands. */
async function outcomeOf(path: string, act: (clock: FakeClock) => Promise<void> = () => Promise.resolve()) {
  const clock = new FakeClock()
  let outcome: string | undefined
  requireRuntime(`unix://${path}`, clock).then(
    () => (outcome = 'started'),
    (error: Error) => (outcome = error.message),
  )
  await act(clock)
  await vi.waitFor(
    async () => {
      await clock.advance(50)
      expect(outcome).toBeDefined()
    },
    { timeout: 30_000, interval: 5 },
  )
  return outcome
}

describe('the container runtime of a kubelet that starts', () => {
  it.each([
    ['is not there', () => undefined, 'no such file or directory'],
    ['is an ordinary file', (path: string) => writeFileSync(path, ''), 'connection refused'],
  ])('given a socket that %s, then the kubelet ends in words that name it', async (_what, prepare, words) => {
    const path = join(folder, 'containerd2.sock')
    prepare(path)
    expect(await outcomeOf(path)).toBe(
      `failed to run Kubelet: validate service connection: validate CRI v1 runtime API for endpoint "unix://${path}": rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial unix ${path}: connect: ${words}"`,
    )
  })

  it('given a runtime that starts a moment later, then the kubelet has waited for it', async () => {
    const path = join(folder, 'late.sock')
    const server = createServer()
    const outcome = await outcomeOf(path, async (clock) => {
      await clock.advance(1000)
      server.listen(path)
    })
    server.close()
    expect(outcome).toBe('started')
  })

  it('given an endpoint that is no socket, then that is said', () => {
    expect(() => runtimeSocketPath('tcp://localhost:1234')).toThrow('unsupported container runtime endpoint')
  })
})
