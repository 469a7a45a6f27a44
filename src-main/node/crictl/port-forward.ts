/** `crictl port-forward`: ports of the node's loopback joined to ports of a pod. */
import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'
import { DisposableStore, toDisposable } from '../../base/disposable.ts'
import type { RuntimeService } from '../../container-runtime/cri.ts'
import { CrictlError } from './verb.ts'

export interface PortForwardContext {
  /** Joins a connection to what a streaming address stands for. */
  forwardPort(url: string, connection: Socket): Promise<void>
  stdout(text: string): void
  stderr(text: string): void
  signal: AbortSignal
}

export interface PortPair {
  /** 0: any free one. */
  local: number
  remote: number
}

/** `8080:80`, `80` for the same on both sides, `:80` for a free local one. @throws CrictlError */
export function parsePortPair(word: string): PortPair {
  const match = /^(?:(\d{0,5}):)?(\d{1,5})$/.exec(word)
  const remote = Number(match?.[2] ?? 0)
  const local = match?.[1] === undefined ? remote : Number(match[1])
  if (match === null || remote < 1 || remote > 65_535 || local > 65_535)
    throw new CrictlError(`"${word}" is not [LOCAL_PORT:]REMOTE_PORT`)
  return { local, remote }
}

/** Forwards until the signal is aborted. @throws Error when a local port cannot be had */
export async function forwardPorts(
  context: PortForwardContext,
  runtime: RuntimeService,
  podSandboxId: string,
  pairs: readonly PortPair[],
): Promise<void> {
  const owned = new DisposableStore()
  try {
    for (const { local, remote } of pairs) {
      const server = createServer({ allowHalfOpen: true }, (connection) => {
        owned.add(toDisposable(() => void connection.destroy()))
        void join(context, runtime, podSandboxId, remote, connection)
      })
      await listen(server, local)
      owned.add(toDisposable(() => void server.close()))
      const { port } = server.address() as AddressInfo
      context.stdout(`Forwarding from 127.0.0.1:${port} -> ${remote}\n`)
    }
    if (!context.signal.aborted) await once(context.signal, 'abort')
  } finally {
    await owned.dispose()
  }
}

async function listen(server: Server, port: number): Promise<void> {
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
}

async function join(
  { forwardPort, stderr }: PortForwardContext,
  runtime: RuntimeService,
  podSandboxId: string,
  remote: number,
  connection: Socket,
): Promise<void> {
  connection.on('error', () => connection.destroy())
  try {
    await forwardPort(await runtime.portForward({ podSandboxId, port: [remote] }), connection)
  } catch (error) {
    stderr(`E crictl: ${error instanceof Error ? error.message : String(error)}\n`)
    connection.destroy()
  }
}
