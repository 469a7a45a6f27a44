/** Asks runtime and node for what `/stats/summary` and `/metrics/resource` are made from. */
import { statfsSync } from 'node:fs'
import { totalmem } from 'node:os'
import type { Clock } from '../../base/clock.ts'
import type { ImageService, RuntimeService } from '../../container-runtime/cri.ts'
import type { KubeletHost } from './kubelet-host.ts'
import { readNodeStartMs, readNodeUsage } from './node-usage.ts'
import type { FilesystemStats, Summary } from './stats-summary.ts'
import { computeSummary } from './stats-summary.ts'

export interface SummarySource {
  clock: Clock
  host: KubeletHost
  runtime: RuntimeService
  images: ImageService
  /** Where the kubelet keeps the volumes of its pods. */
  rootDirectory: string
}

/** @throws CriError */
export async function collectSummary(source: SummarySource, onlyCpuAndMemory: boolean): Promise<Summary> {
  const { clock, host, runtime, images, rootDirectory } = source
  const [pods, imageFs] = await Promise.all([
    runtime.listPodSandboxStats(),
    onlyCpuAndMemory ? [] : images.imageFsInfo(),
  ])
  const nowMs = clock.now()
  const [image] = imageFs
  const { nodeName, startedAt } = host.info()
  return computeSummary({
    nodeName,
    nodeStartMs: readNodeStartMs() ?? Date.parse(startedAt),
    nowMs,
    nodeUsage: readNodeUsage(),
    memoryBytes: totalmem(),
    pods,
    runtimePod: (uid) => host.runtimePod(uid),
    ...(onlyCpuAndMemory ? {} : { fs: readFilesystem(rootDirectory, nowMs) }),
    ...(image === undefined
      ? {}
      : {
          imageFs: {
            time: secondsTime(nowMs),
            usedBytes: Number(image.usedBytes),
            inodesUsed: Number(image.inodesUsed),
          },
        }),
    onlyCpuAndMemory,
  })
}

function readFilesystem(directory: string, nowMs: number): FilesystemStats {
  const { bsize, blocks, bfree, bavail, files, ffree } = statfsSync(directory)
  return {
    time: secondsTime(nowMs),
    availableBytes: bsize * bavail,
    capacityBytes: bsize * blocks,
    usedBytes: bsize * (blocks - bfree),
    inodesFree: ffree,
    inodes: files,
    inodesUsed: files - ffree,
  }
}

function secondsTime(nowMs: number): string {
  return new Date(nowMs).toISOString().replace(/\.\d+Z$/, 'Z')
}
