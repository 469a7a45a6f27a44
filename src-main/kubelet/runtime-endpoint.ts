/** The container runtime's socket: where it is, and whether somebody serves it. A kubelet without one does not start. */
import { createConnection } from 'node:net'
import { delay } from '../base/clock.ts'
import type { Clock } from '../base/clock.ts'
import { KubeletExit } from './options/kubelet-options.ts'

/** When a node is switched on, its kubelet and its runtime start at the same time. */
const PATIENCE_MS = 5000
const RETRY_MS = 50

/** Path of the socket of `containerRuntimeEndpoint`. @throws KubeletExit when the endpoint is none */
export function runtimeSocketPath(endpoint: string): string {
  const path = endpoint.startsWith('unix://') ? endpoint.slice('unix://'.length) : endpoint
  if (path.startsWith('/')) return path
  throw new KubeletExit(1, `failed to run Kubelet: unsupported container runtime endpoint ${JSON.stringify(endpoint)}`)
}

/**
 * Resolves when somebody answers on the socket; one that goes away later is waited for by whoever needs it.
 * @throws KubeletExit in upstream's words (cri-client `validateServiceConnection`) when nobody does
 */
export async function requireRuntime(endpoint: string, clock: Clock): Promise<void> {
  const path = runtimeSocketPath(endpoint)
  const endMs = clock.now() + PATIENCE_MS
  for (;;) {
    const problem = await tryToConnect(path)
    if (problem === undefined) return
    if (clock.now() >= endMs) throw refusal(endpoint, path, problem)
    await delay(clock, RETRY_MS)
  }
}

function tryToConnect(path: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = createConnection(path)
    socket.once('connect', () => {
      socket.destroy()
      resolve(undefined)
    })
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
  })
}

function refusal(endpoint: string, path: string, problem: string): KubeletExit {
  const words: Readonly<Record<string, string>> = {
    ENOENT: 'no such file or directory',
    ECONNREFUSED: 'connection refused',
    EACCES: 'permission denied',
    ENOTSOCK: 'socket operation on non-socket',
  }
  const dial = `dial unix ${path}: connect: ${words[problem] ?? problem}`
  return new KubeletExit(
    1,
    `failed to run Kubelet: validate service connection: validate CRI v1 runtime API for endpoint ${JSON.stringify(endpoint)}: ` +
      `rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: ${dial}"`,
  )
}
