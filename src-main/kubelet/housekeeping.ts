/** The kubelet's regular chores (facts 2.1, 2.9): what no source knows any more ends and goes, and logs are rotated. */
import type { Clock, Timer } from '../base/clock.ts'
import type { Disposable } from '../base/disposable.ts'
import type { Logger } from '../base/logger.ts'
import type { PodManager } from './pod-manager.ts'
import type { PodWorkers } from './pod-workers/pod-workers.ts'
import { removeDanglingLogLinks } from './runtime/container-gc.ts'
import type { ContainerLogManager } from './runtime/container-log-manager.ts'
import type { RuntimeContext } from './runtime/runtime-context.ts'
import type { RuntimePodCache } from './runtime/runtime-pod-cache.ts'
import { isAlive, runningContainers } from './runtime/runtime-pod.ts'
import { removeOrphanedPodFiles } from './volumes/pod-files.ts'

const PERIOD_MS = 2000
const GARBAGE_COLLECTION_MS = 60_000
const ORPHAN_GRACE_SECONDS = 1

export interface HousekeepingOptions {
  clock: Clock
  logger: Logger
  context: RuntimeContext
  cache: RuntimePodCache
  pods: PodManager
  workers: PodWorkers
  containerLogs: ContainerLogManager
  /** Whether every source has delivered and the runtime was listed: before, nothing counts as unwanted (facts 1.5.9). */
  isReady: () => boolean
  /** What else has to be put right now and then. */
  onTurn: () => void
}

export class Housekeeping implements Disposable {
  readonly #options: HousekeepingOptions
  #timer: Timer | undefined
  #collectedMs = Number.NEGATIVE_INFINITY

  constructor(options: HousekeepingOptions) {
    this.#options = options
  }

  start(): void {
    this.#timer = this.#options.clock.setTimer(PERIOD_MS, () => {
      this.start()
      this.#rotateLogs()
      if (this.#options.isReady()) this.#keepHouse()
    })
  }

  dispose(): void {
    this.#timer?.cancel()
  }

  #keepHouse(): void {
    this.#endRemoved()
    this.#endOrphans()
    this.#collectGarbage()
    this.#options.onTurn()
  }

  /** Whatever the sources have yet to say: what runs writes on. */
  #rotateLogs(): void {
    const { cache, containerLogs } = this.#options
    void containerLogs.rotate(cache.uids().flatMap((uid) => runningContainers(cache.get(uid))))
  }

  /** Pods whose source took them away before all sources had spoken (facts 1.5.9). */
  #endRemoved(): void {
    const { pods, workers } = this.#options
    for (const uid of workers.uids())
      if (workers.stateOf(uid) === 'Sync' && !pods.has(uid)) workers.remove(uid, 'FileRemoved')
  }

  /** Facts 1.5.10. */
  #endOrphans(): void {
    const { cache, logger, workers } = this.#options
    for (const uid of cache.uids()) {
      if (this.#isWanted(uid)) continue
      const runtimePod = cache.get(uid)
      if (isAlive(runtimePod))
        logger.info('Clean up containers for orphaned pod we had not seen before', { podUID: uid })
      workers.terminateOrphan(uid, `${runtimePod.name}_${runtimePod.namespace}`, ORPHAN_GRACE_SECONDS)
    }
  }

  #collectGarbage(): void {
    const { clock, context, cache, logger } = this.#options
    const now = clock.now()
    if (now - this.#collectedMs < GARBAGE_COLLECTION_MS) return
    this.#collectedMs = now
    context.restartBackoff.collectGarbage()
    context.images.collectGarbage()
    cache.collectGarbage((uid) => this.#isWanted(uid))
    const isKnown = (uid: string): boolean => this.#isWanted(uid) || cache.uids().includes(uid)
    removeOrphanedPodFiles(context.paths, isKnown, logger)
    removeDanglingLogLinks(context)
  }

  #isWanted(uid: string): boolean {
    return this.#options.pods.has(uid) || this.#options.workers.stateOf(uid) !== undefined
  }
}
