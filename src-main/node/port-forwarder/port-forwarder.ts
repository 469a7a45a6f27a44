/** Brings the node's open ports to what is wanted (facts 2.18.5). */
import type { Clock } from '../../base/clock.ts'
import type { Disposable } from '../../base/disposable.ts'
import type { ForwardedPod, ForwardingFault, HostPort } from '../../common/port-forwarding.ts'
import type { PortListener } from './port-listener.ts'
import { TcpListener } from './tcp-listener.ts'
import { UdpListener } from './udp-listener.ts'

export class PortForwarder implements Disposable {
  readonly #clock: Clock
  readonly #open = new Map<string, PortListener>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /**
   * Closes what is not wanted first, so that a port may pass from one pod to another. One call at a time.
   * @returns the ports that could not be opened; the others are open
   */
  async sync(pods: readonly ForwardedPod[]): Promise<ForwardingFault[]> {
    const wanted = new Map(
      pods.flatMap(({ key, podIp, ports }) => ports.map((port) => [idOf(key, port), { key, podIp, port }] as const)),
    )
    const unwanted = [...this.#open].filter(([id]) => !wanted.has(id))
    await Promise.all(unwanted.map(([id, listener]) => this.#close(id, listener)))
    const faults: ForwardingFault[] = []
    for (const [id, { key, podIp, port }] of wanted) {
      const listener = this.#open.get(id) ?? (await this.#tryOpen(id, key, port, faults))
      listener?.serve(podIp)
    }
    return faults
  }

  async dispose(): Promise<void> {
    await Promise.all([...this.#open].map(([id, listener]) => this.#close(id, listener)))
  }

  async #tryOpen(
    id: string,
    key: string,
    port: HostPort,
    faults: ForwardingFault[],
  ): Promise<PortListener | undefined> {
    const listener = port.protocol === 'TCP' ? new TcpListener(port) : new UdpListener(port, this.#clock)
    try {
      await listener.open()
    } catch (error) {
      faults.push({ key, port, code: codeOf(error) })
      return undefined
    }
    this.#open.set(id, listener)
    return listener
  }

  async #close(id: string, listener: PortListener): Promise<void> {
    this.#open.delete(id)
    await listener.close()
  }
}

function idOf(key: string, port: HostPort): string {
  return JSON.stringify([key, port.protocol, port.hostIp, port.hostPort, port.containerPort])
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error)
}
