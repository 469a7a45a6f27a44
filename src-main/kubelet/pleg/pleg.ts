/**
 * Pod lifecycle event generator: finds out which pods changed in the runtime (facts 2.1.1). A relist is the truth;
 * the runtime's event stream only shortens the delay. While the stream is open a relist every 10 s is enough to heal
 * what an event missed, which keeps an idle node idle; without it every second, as upstream's default.
 */
import type { Clock, Timer } from '../../base/clock.ts'
import type { Disposable } from '../../base/disposable.ts'
import type { Logger } from '../../base/logger.ts'
import { POD_UID_LABEL } from '../../common/api/kubelet-labels.ts'
import type { ContainerEventResponse, CriContainer, PodSandbox, RuntimeService } from '../../container-runtime/cri.ts'
import { rpcDescription } from '../runtime/describe-error.ts'
import type { RuntimePodCache } from '../runtime/runtime-pod-cache.ts'
import { runtimeSignature } from '../runtime/runtime-pod.ts'

const RELIST_WITH_EVENTS_MS = 10_000
const RELIST_MS = 1000
/** How long a look at what a sync under way has started waits for the sync's own look at its end. */
const OWN_LOOK_MS = 200
/** The wait before the stream is opened again grows up to a relist period. */
const RECONNECT_MS = 100

export interface PlegOptions {
  clock: Clock
  logger: Logger
  runtime: RuntimeService
  cache: RuntimePodCache
  /** Something of the pod is not as it was when somebody looked last. */
  onPodChanged: (uid: string) => void
  /** Whether a sync is under way that looks again at its end. */
  isSyncing: (uid: string) => boolean
  /** The event stream opened or broke, or a relist failed or succeeded again. */
  onHealthChanged: (problem: string | undefined) => void
  /** The cache is as the runtime was just listed, which took so long. */
  onRelisted: (durationMs: number) => void
}

export class Pleg implements Disposable {
  readonly #options: PlegOptions
  readonly #abort = new AbortController()
  readonly #refreshing = new Map<string, 'once' | 'again'>()
  readonly #later = new Map<string, Timer>()
  #timer: Timer | undefined
  #reconnectTimer: Timer | undefined
  #reconnectMs = RECONNECT_MS
  #streaming = false
  #relisting = false
  #relistAgain = false
  #problem: string | undefined
  #lastRelistMs: number | undefined

  constructor(options: PlegOptions) {
    this.#options = options
  }

  start(): void {
    this.#relistNow()
    void this.#stream()
  }

  dispose(): void {
    this.#abort.abort()
    this.#timer?.cancel()
    this.#reconnectTimer?.cancel()
    for (const timer of this.#later.values()) timer.cancel()
  }

  /** Whether the runtime has been listed at least once: before, nothing can be called an orphan. */
  get hasListed(): boolean {
    return this.#lastRelistMs !== undefined
  }

  #relistNow(): void {
    if (this.#abort.signal.aborted) return
    if (this.#relisting) {
      this.#relistAgain = true
      return
    }
    this.#timer?.cancel()
    void this.#relist()
  }

  async #relist(): Promise<void> {
    const { runtime, cache, clock, logger } = this.#options
    this.#relisting = true
    const startedMs = clock.now()
    try {
      const [sandboxes, containers] = await Promise.all([runtime.listPodSandbox(), runtime.listContainers()])
      const listed = groupByPod(sandboxes, containers)
      const uids = new Set([...listed.keys(), ...cache.uids()])
      for (const uid of uids) if ((listed.get(uid) ?? '') !== cache.signatureOf(uid)) await this.#refresh(uid)
      this.#lastRelistMs = clock.now()
      this.#setProblem(undefined)
    } catch (error) {
      if (this.#problem === undefined)
        logger.error('GenericPLEG: Unable to retrieve pods', { err: rpcDescription(error) })
      this.#setProblem(rpcDescription(error))
    } finally {
      this.#relisting = false
    }
    if (this.#abort.signal.aborted) return
    if (this.#problem === undefined) this.#options.onRelisted(clock.now() - startedMs)
    if (this.#relistAgain) {
      this.#relistAgain = false
      this.#relistNow()
      return
    }
    const healthy = this.#streaming && this.#problem === undefined
    this.#timer = clock.setTimer(healthy ? RELIST_WITH_EVENTS_MS : RELIST_MS, () => this.#relistNow())
  }

  async #refresh(uid: string): Promise<void> {
    const { changed } = await this.#options.cache.refresh(uid)
    if (changed && !this.#abort.signal.aborted) this.#options.onPodChanged(uid)
  }

  #setProblem(problem: string | undefined): void {
    if (this.#problem === problem) return
    const recovered = problem === undefined
    this.#problem = problem
    this.#options.onHealthChanged(problem)
    if (recovered) this.#options.logger.info('GenericPLEG: the runtime answers again')
  }

  /** Subscribes for as long as the runtime serves the stream, and again when it breaks. */
  async #stream(): Promise<void> {
    const { runtime, clock, logger } = this.#options
    if (this.#abort.signal.aborted) return
    try {
      await runtime.getContainerEvents({
        signal: this.#abort.signal,
        onOpen: () => {
          this.#streaming = true
          this.#reconnectMs = RECONNECT_MS
          // What happened while nobody listened.
          this.#relistNow()
        },
        onEvent: (event) => this.#onEvent(event),
      })
    } catch (error) {
      if (this.#streaming) logger.error('Evented PLEG: event stream broke', { err: rpcDescription(error) })
    }
    this.#streaming = false
    if (this.#abort.signal.aborted) return
    this.#relistNow()
    this.#reconnectTimer = clock.setTimer(this.#reconnectMs, () => void this.#stream())
    this.#reconnectMs = Math.min(this.#reconnectMs * 2, RELIST_MS)
  }

  #onEvent(event: ContainerEventResponse): void {
    const uid =
      event.podSandboxStatus?.metadata.uid ??
      event.containersStatuses.find((status) => status.id === event.containerId)?.labels[POD_UID_LABEL]
    if (uid === undefined || uid === '') this.#relistNow()
    else if (this.#options.cache.knows(uid, event)) return
    else if (!this.#options.isSyncing(uid)) void this.#look(uid)
    else this.#onEventOfSync(event, uid)
  }

  /** What a sync under way makes needs no look of its own: it costs time that the start is measured by. */
  #onEventOfSync(event: ContainerEventResponse, uid: string): void {
    const isSandbox = event.containerId === event.podSandboxStatus?.id
    switch (event.containerEventType) {
      case 'CONTAINER_CREATED_EVENT':
        return
      case 'CONTAINER_STARTED_EVENT':
        if (!isSandbox) this.#lookLater(event, uid)
        return
      case 'CONTAINER_STOPPED_EVENT':
      case 'CONTAINER_DELETED_EVENT':
        void this.#look(uid)
    }
  }

  /** The sync may go on for long with other containers of the pod. */
  #lookLater(event: ContainerEventResponse, uid: string): void {
    const { cache, clock } = this.#options
    this.#later.get(uid)?.cancel()
    const timer = clock.setTimer(OWN_LOOK_MS, () => {
      this.#later.delete(uid)
      if (!cache.knows(uid, event)) void this.#look(uid)
    })
    this.#later.set(uid, timer)
  }

  /** One look at a time per pod; an event that comes in the meantime asks for another one. */
  async #look(uid: string): Promise<void> {
    if (this.#refreshing.has(uid)) {
      this.#refreshing.set(uid, 'again')
      return
    }
    do {
      this.#refreshing.set(uid, 'once')
      try {
        await this.#refresh(uid)
      } catch (error) {
        this.#options.logger.error('PLEG: unable to look at pod', { podUID: uid, err: rpcDescription(error) })
        this.#relistNow()
        break
      }
    } while (this.#refreshing.get(uid) === 'again')
    this.#refreshing.delete(uid)
  }
}

/** Signature of each pod's part of the list. */
function groupByPod(sandboxes: PodSandbox[], containers: CriContainer[]): Map<string, string> {
  const groups = new Map<string, { sandboxes: PodSandbox[]; containers: CriContainer[] }>()
  const groupOf = (uid: string): { sandboxes: PodSandbox[]; containers: CriContainer[] } => {
    const group = groups.get(uid) ?? { sandboxes: [], containers: [] }
    groups.set(uid, group)
    return group
  }
  for (const sandbox of sandboxes) groupOf(sandbox.metadata.uid).sandboxes.push(sandbox)
  for (const container of containers) groupOf(container.labels[POD_UID_LABEL] ?? '').containers.push(container)
  groups.delete('')
  return new Map([...groups].map(([uid, group]) => [uid, runtimeSignature(group.sandboxes, group.containers)]))
}
