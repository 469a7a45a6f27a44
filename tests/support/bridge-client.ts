/** The window's side of the browser bridge, for tests without a window. */
import { once } from 'node:events'
import { WebSocket } from 'ws'
import type { IpcCallName, IpcCalls } from '../../src-main/common/ipc/calls.ts'
import {
  BRIDGE_PATH,
  BRIDGE_PROTOCOL,
  BRIDGE_TOKEN_PARAMETER,
  BRIDGE_TOKEN_PROTOCOL_PREFIX,
  type ServerFrame,
} from '../../src-main/common/ipc/frames.ts'

export class BridgeClient {
  readonly #socket: WebSocket
  #nextId = 0

  private constructor(socket: WebSocket) {
    this.#socket = socket
  }

  /** @param url as `node-lab serve` prints it, with the token in its fragment */
  static async connect(url: string): Promise<BridgeClient> {
    const { origin, host, hash } = new URL(url)
    const token = new URLSearchParams(hash.slice(1)).get(BRIDGE_TOKEN_PARAMETER) ?? ''
    const protocols = [BRIDGE_PROTOCOL, `${BRIDGE_TOKEN_PROTOCOL_PREFIX}${token}`]
    const socket = new WebSocket(`ws://${host}${BRIDGE_PATH}`, protocols, { origin })
    await once(socket, 'open')
    return new BridgeClient(socket)
  }

  /** @throws Error with what the app answered instead of a result */
  async call<Name extends IpcCallName>(
    name: Name,
    parameters: IpcCalls[Name]['parameters'],
  ): Promise<IpcCalls[Name]['result']> {
    const id = this.#nextId++
    const { promise, resolve, reject } = Promise.withResolvers<IpcCalls[Name]['result']>()
    const take = (data: unknown): void => {
      const frame = JSON.parse(String(data)) as ServerFrame
      if (frame.type !== 'reply' || frame.id !== id) return
      // The reply's type follows from the call's name, and ids tie the two together.
      if (frame.ok) resolve(frame.result as IpcCalls[Name]['result'])
      else reject(new Error(`${name}: ${frame.error.kind}: ${frame.error.message}`))
    }
    const lose = (): void => reject(new Error(`${name}: the bridge has closed the connection`))
    this.#socket.on('message', take)
    this.#socket.on('close', lose)
    try {
      if (this.#socket.readyState !== WebSocket.OPEN) lose()
      else this.#socket.send(JSON.stringify({ id, type: 'call', name, parameters }))
      return await promise
    } finally {
      this.#socket.off('message', take)
      this.#socket.off('close', lose)
    }
  }

  close(): void {
    this.#socket.terminate()
  }
}
