/** The logs of all containers of a node. */
import type { Clock } from '../../../base/clock.ts'
import { delay } from '../../../base/clock.ts'
import type { Disposable } from '../../../base/disposable.ts'
import type { Logger } from '../../../base/logger.ts'
import { CONTAINER_TERMINATION_MESSAGE_POLICY_ANNOTATION } from '../../../common/api/kubelet-labels.ts'
import { CriError } from '../../cri.ts'
import type { EngineClient } from '../engine-client.ts'
import { LogFollower } from './log-follower.ts'

/** The news of an end is not kept back for longer. */
const BEFORE_NEWS_MS = 5000

export interface LoggedContainer {
  id: string
  tty: boolean
  /** On the node; empty: the kubelet wants no log. */
  logPath: string
  running: boolean
}

export class ContainerLogs implements Disposable {
  readonly #engine: EngineClient
  readonly #clock: Clock
  readonly #logger: Logger
  readonly #nodeRoot: string
  readonly #followers = new Map<string, LogFollower>()
  #disposed = false

  constructor(options: { engine: EngineClient; clock: Clock; logger: Logger; nodeRoot: string }) {
    this.#engine = options.engine
    this.#clock = options.clock
    this.#logger = options.logger
    this.#nodeRoot = options.nodeRoot
  }

  /** Begins to copy a container's output, or completes it when the container has ended. Doing so again does nothing. */
  ensure(container: LoggedContainer): void {
    if (container.logPath === '' || this.#disposed) return
    let follower = this.#followers.get(container.id)
    if (follower === undefined) {
      follower = new LogFollower({
        engine: this.#engine,
        clock: this.#clock,
        logger: this.#logger,
        containerId: container.id,
        tty: container.tty,
        nodeRoot: this.#nodeRoot,
        logPath: container.logPath,
      })
      this.#followers.set(container.id, follower)
    }
    if (!container.running) follower.markDied()
  }

  has(containerId: string): boolean {
    return this.#followers.has(containerId)
  }

  /** Waits until a dead container's output is in its file, at most `limitMs`. */
  async drain(containerId: string, limitMs: number): Promise<void> {
    const follower = this.#followers.get(containerId)
    if (follower === undefined) return
    follower.markDied()
    const limit = new AbortController()
    const timeout = delay(this.#clock, limitMs, limit.signal).catch(() => undefined)
    await Promise.race([follower.done, timeout])
    limit.abort()
  }

  /**
   * To be called before anybody is told that a container has ended: a kubelet that reads the end of its log as the termination
   * message (facts 2.15.1) has to find it there.
   */
  async completeBeforeNews(containerId: string, labels: Readonly<Record<string, string>>): Promise<void> {
    const draining = this.drain(containerId, BEFORE_NEWS_MS)
    if (labels[`annotation.${CONTAINER_TERMINATION_MESSAGE_POLICY_ANNOTATION}`] === 'FallbackToLogsOnError')
      await draining
  }

  /** @throws CriError FailedPrecondition when the container's log is not being written */
  async reopen(containerId: string): Promise<void> {
    const follower = this.#followers.get(containerId)
    if (follower === undefined || follower.isDone)
      throw new CriError('FailedPrecondition', `container ${containerId} is not running`)
    await follower.reopen()
  }

  /** After a list: forgets containers that went away unseen. */
  async retain(containerIds: ReadonlySet<string>): Promise<void> {
    const gone = [...this.#followers.keys()].filter((id) => !containerIds.has(id))
    await Promise.all(gone.map((id) => this.forget(id)))
  }

  /** The container is gone. */
  async forget(containerId: string): Promise<void> {
    const follower = this.#followers.get(containerId)
    this.#followers.delete(containerId)
    await follower?.dispose()
  }

  async dispose(): Promise<void> {
    this.#disposed = true
    await Promise.all([...this.#followers.keys()].map((id) => this.forget(id)))
  }
}
