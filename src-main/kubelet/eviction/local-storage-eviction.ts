/**
 * Looks after limits of local storage every ten seconds, as upstream's eviction manager does. A static pod is critical and is
 * never evicted (facts 2.20.1): what is beyond its limit is told, and that is all.
 */
import { join } from 'node:path'
import type { Clock, Timer } from '../../base/clock.ts'
import type { Disposable } from '../../base/disposable.ts'
import type { Logger } from '../../base/logger.ts'
import type { Pod } from '../../common/api/core.ts'
import type { RuntimeService } from '../../container-runtime/cri.ts'
import { podLogName, podReference, podUid } from '../pod-identity.ts'
import type { PodManager } from '../pod-manager.ts'
import { errorDescription } from '../runtime/describe-error.ts'
import type { RuntimePodCache } from '../runtime/runtime-pod-cache.ts'
import { runningContainers } from '../runtime/runtime-pod.ts'
import type { RuntimeContainer } from '../runtime/runtime-pod.ts'
import { aboutPod } from '../timeline/timeline.ts'
import type { TimelineRecorder } from '../timeline/timeline.ts'
import { emptyDirPath } from '../volumes/memory-volumes.ts'
import { podLogDirectory } from '../volumes/node-paths.ts'
import type { NodePaths } from '../volumes/node-paths.ts'
import { computeStorageExcess, emptyDirsOnDisk, hasContainerLimit, hasStorageLimit } from './compute-storage-excess.ts'
import type { StorageUsage } from './compute-storage-excess.ts'
import { diskUsageBytes } from './disk-usage.ts'

const PERIOD_MS = 10_000

export interface LocalStorageEvictionOptions {
  clock: Clock
  logger: Logger
  runtime: RuntimeService
  timeline: TimelineRecorder
  paths: NodePaths
  pods: PodManager
  cache: RuntimePodCache
}

export class LocalStorageEviction implements Disposable {
  readonly #options: LocalStorageEvictionOptions
  readonly #abort = new AbortController()
  #timer: Timer | undefined

  constructor(options: LocalStorageEvictionOptions) {
    this.#options = options
  }

  start(): void {
    this.#timer = this.#options.clock.setTimer(PERIOD_MS, () => void this.#synchronize())
  }

  dispose(): void {
    this.#abort.abort()
    this.#timer?.cancel()
  }

  /** Does not throw: what cannot be measured is logged, and tried again. */
  async #synchronize(): Promise<void> {
    const { pods, logger } = this.#options
    const limited = pods.list().filter(hasStorageLimit)
    for (const pod of limited) {
      if (this.#abort.signal.aborted) return
      try {
        await this.#check(pod)
      } catch (error) {
        logger.error('Eviction manager: failed to get summary stats', {
          pod: podLogName(podReference(pod)),
          err: errorDescription(error),
        })
      }
    }
    if (!this.#abort.signal.aborted) this.start()
  }

  async #check(pod: Pod): Promise<void> {
    const { logger, timeline, cache } = this.#options
    const running = runningContainers(cache.get(podUid(pod)))
    if (running.length === 0) return
    const excess = computeStorageExcess(pod, await this.#measure(pod, running))
    if (excess === undefined || this.#abort.signal.aborted) return
    logger.error('Eviction manager: cannot evict a critical pod', { pod: podLogName(podReference(pod)) })
    timeline.record({
      ...aboutPod(pod),
      type: 'Warning',
      reason: 'NotEvicted',
      message: `${excess}A static pod counts as critical, so it is not evicted and runs on.`,
    })
  }

  async #measure(pod: Pod, running: readonly RuntimeContainer[]): Promise<StorageUsage> {
    const { paths } = this.#options
    const { signal } = this.#abort
    const emptyDirs = new Map<string, number>()
    for (const { name } of emptyDirsOnDisk(pod))
      emptyDirs.set(name, await diskUsageBytes(emptyDirPath(paths, pod, name), signal))
    const containers = new Map<string, number>()
    if (hasContainerLimit(pod))
      for (const { id, metadata } of running) {
        const logs = await diskUsageBytes(join(podLogDirectory(paths, pod), metadata.name), signal)
        containers.set(metadata.name, logs + (await this.#layerBytes(id)))
      }
    return { emptyDirs, containers }
  }

  async #layerBytes(containerId: string): Promise<number> {
    const { writableLayer } = await this.#options.runtime.containerStats(containerId)
    return Number(writableLayer?.usedBytes ?? 0n)
  }
}
