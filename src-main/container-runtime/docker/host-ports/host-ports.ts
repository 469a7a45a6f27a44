/**
 * Host ports (facts 2.18.5) on the node's own addresses; the engine could publish them on the computer only. What is wanted
 * follows from the labels of the sandboxes that run, so nothing is lost with the service, with the forwarder or with both.
 */
import type { Clock, Timer } from '../../../base/clock.ts'
import type { Disposable } from '../../../base/disposable.ts'
import type { Logger } from '../../../base/logger.ts'
import type { ForwardedPod, ForwardingFault, HostPort } from '../../../common/port-forwarding.ts'
import { CriError } from '../../cri.ts'
import { toCriError } from '../engine-client.ts'
import type { EngineClient } from '../engine-client.ts'
import type { NodeBoot } from '../node-boot.ts'
import type { NodeEngine } from '../node-engine.ts'
import { describeFault } from './compute-host-ports.ts'
import { ForwarderLink } from './forwarder-link.ts'

const RETRY_MS = 1000

interface HostPortsNode extends Pick<NodeEngine, 'list' | 'options'> {
  engine: Pick<EngineClient, 'json' | 'upgrade'>
}

export class HostPorts implements Disposable {
  readonly #node: HostPortsNode
  readonly #boot: Pick<NodeBoot, 'current' | 'require'>
  readonly #clock: Clock
  readonly #logger: Logger
  /** Of sandboxes that are being made. */
  readonly #reserved = new Map<string, ForwardedPod>()
  #link: ForwarderLink | undefined
  #turn: Promise<unknown> = Promise.resolve()
  #retry: Timer | undefined
  #disposed = false

  constructor(parts: {
    node: HostPortsNode
    boot: Pick<NodeBoot, 'current' | 'require'>
    clock: Clock
    logger: Logger
  }) {
    this.#node = parts.node
    this.#boot = parts.boot
    this.#clock = parts.clock
    this.#logger = parts.logger
  }

  /**
   * Opens the ports of a sandbox that is about to be made; whoever connects waits until `settle`. A port that is taken is
   * told before anything is made. @throws CriError FailedPrecondition
   */
  async reserve(key: string, ports: HostPort[]): Promise<void> {
    const pod = { key, podIp: '', ports }
    this.#reserved.set(key, pod)
    try {
      const { faults, pods } = await this.sync()
      const fault = faults.find((one) => one.key === key)
      if (fault === undefined) return
      throw new CriError('FailedPrecondition', describeFault(this.#node.options.node, fault, pods))
    } catch (error) {
      this.settle(key)
      throw error
    }
  }

  /** The sandbox is there, or could not be made. */
  settle(key: string): void {
    if (this.#reserved.delete(key)) this.wake()
  }

  /** Brings the ports to what is wanted as soon as possible, and tries again for as long as that fails. */
  wake(): void {
    void this.release()
  }

  /** Resolves when what is not wanted any more is closed, or has yet to be: what fails is logged and tried again. */
  async release(): Promise<void> {
    try {
      await this.sync()
    } catch (error) {
      if (this.#disposed) return
      this.#logger.warn('host ports are not as they should be', { error })
      this.#retryLater()
    }
  }

  /** Resolves when what is not wanted is closed and what is wanted was tried. @throws CriError */
  sync(): Promise<{ faults: ForwardingFault[]; pods: ForwardedPod[] }> {
    const turn = this.#turn.then(() => this.#syncOnce())
    this.#turn = turn.catch(() => undefined)
    return turn
  }

  /** The forwarder ends with it. */
  async dispose(): Promise<void> {
    this.#disposed = true
    this.#retry?.cancel()
    await this.#turn
    await this.#link?.dispose()
  }

  async #syncOnce(): Promise<{ faults: ForwardingFault[]; pods: ForwardedPod[] }> {
    const pods = await this.#wanted()
    if (this.#disposed || (pods.length === 0 && this.#link === undefined)) return { faults: [], pods }
    if (pods.length === 0) {
      const link = this.#link
      this.#link = undefined
      await link?.dispose()
      return { faults: [], pods }
    }
    const link = (this.#link ??= await this.#start())
    const faults = await link.ask(pods)
    const broken = faults.find(({ key }) => !this.#reserved.has(key))
    if (broken !== undefined) {
      this.#logger.warn(describeFault(this.#node.options.node, broken, pods))
      this.#retryLater()
    }
    return { faults, pods }
  }

  async #wanted(): Promise<ForwardedPod[]> {
    const boot = this.#boot.current
    if (boot.state !== 'up') return []
    const listed = await this.#node.list('sandbox')
    const running = listed.flatMap(({ summary, identity }): ForwardedPod[] => {
      if (identity.hostPorts.length === 0) return []
      if (summary.State !== 'running' || identity.boot !== boot.boot) return []
      const podIp = summary.NetworkSettings?.Networks?.[this.#node.options.network]?.IPAddress ?? ''
      return [{ key: (summary.Names[0] ?? '').replace(/^\//, ''), podIp, ports: identity.hostPorts }]
    })
    const served = new Set(running.map(({ key }) => key))
    return [...running, ...[...this.#reserved.values()].filter(({ key }) => !served.has(key))]
  }

  async #start(): Promise<ForwarderLink> {
    const { nodeContainerId } = this.#boot.require()
    try {
      const link = await ForwarderLink.start(this.#node.engine, this.#clock, nodeContainerId)
      void link.ended.then(() => this.#onEnd(link))
      return link
    } catch (error) {
      throw toCriError(error, 'the port forwarder of the node cannot be started: ')
    }
  }

  #onEnd(link: ForwarderLink): void {
    if (this.#link !== link) return
    this.#link = undefined
    if (this.#disposed) return
    this.#logger.warn('the port forwarder of the node has ended')
    this.#retryLater()
  }

  #retryLater(): void {
    this.#retry?.cancel()
    this.#retry = this.#clock.setTimer(RETRY_MS, () => this.wake())
  }
}
