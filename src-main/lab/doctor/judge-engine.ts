/** From what an engine says and what a container sees there to findings. Pure. */
import { describeFinding, type DoctorCheck } from '../../common/doctor/doctor-report.ts'
import type { EngineInfo } from '../engine/engine.ts'
import { TRIED_WATCHERS, type EngineSurvey } from './survey-engine.ts'

/** Free space below which images and logs will soon not fit, in bytes. */
export const LOW_DISK_BYTES = 2_000_000_000
/** A build cache of this size is worth removing, in bytes. */
const LARGE_CACHE_BYTES = 1_000_000_000
/** A node needs a handful of watchers; below this, three or four nodes fill what other programs have left. */
const LOW_INOTIFY_INSTANCES = 128
/** Linux's own default for small machines. */
const LOW_INOTIFY_WATCHES = 8192
/** What etcd asks for at the least. */
const LOW_OPEN_FILES = 1024
const LOW_PROCESSES = 4096
/** Each container takes one. */
const LOW_FREE_KEYS = 100
/** Two nodes, their runtimes and a control plane. */
const LOW_MEMORY_BYTES = 700_000_000
/** Between this machine and the engine, in seconds; less cannot be told from a slow answer, nor does it matter. */
const CLOCK_TOLERANCE_SECONDS = 2

export function judgeInfo({
  rootless,
  selinux,
  missingLimits,
  cgroupVersion,
  cgroupDriver,
}: EngineInfo): DoctorCheck[] {
  const cgroups = `cgroup v${cgroupVersion}, ${cgroupDriver}`
  const limits = missingLimits.join(', ')
  return [
    describeFinding('root', rootless ? 'notice' : true, rootless ? 'rootless-engine' : 'root-engine'),
    describeFinding('selinux', selinux ? 'notice' : true, selinux ? 'selinux-on' : 'selinux-off'),
    limits === ''
      ? describeFinding('limits', true, 'limits-kept', { cgroups })
      : describeFinding('limits', false, 'limits-ignored', { cgroups, limits }),
  ]
}

/** @param images by reference, the processor that each is for; `undefined` where the engine does not tell */
export function judgeArchitecture(engine: string, images: ReadonlyMap<string, string | undefined>): DoctorCheck {
  const others = [...images].filter(([, architecture]) => architecture !== undefined && architecture !== engine)
  if (others.length === 0) return describeFinding('architecture', true, 'architecture-same', { engine })
  return describeFinding('architecture', false, 'architecture-other', {
    engine,
    names: others.map(([reference, architecture]) => `${reference} (${architecture})`).join(', '),
    tags: others.map(([reference]) => reference).join(' '),
  })
}

/** @param asked when the survey was asked for and answered, by this machine's clock */
export function judgeClock(timeMs: number, asked: { fromMs: number; untilMs: number }): DoctorCheck {
  const ahead = Math.max(0, timeMs - asked.untilMs) / 1000
  const behind = Math.max(0, asked.fromMs - timeMs) / 1000
  if (behind > CLOCK_TOLERANCE_SECONDS) return describeFinding('clock', false, 'clock-behind', { seconds: behind })
  if (ahead > CLOCK_TOLERANCE_SECONDS) return describeFinding('clock', false, 'clock-ahead', { seconds: ahead })
  return describeFinding('clock', true, 'clock-same', { seconds: CLOCK_TOLERANCE_SECONDS })
}

export function judgeSurvey(survey: EngineSurvey, info: EngineInfo, cacheBytes: number): DoctorCheck[] {
  return [
    ...judgeMemory(survey, info),
    judgeDisk(survey, info, cacheBytes),
    ...judgeWatchers(survey),
    ...judgeFiles(survey),
    ...judgeProcesses(survey),
    ...judgeKeys(survey),
  ]
}

function judgeMemory({ memoryFreeBytes }: EngineSurvey, { memoryBytes }: EngineInfo): DoctorCheck[] {
  if (memoryFreeBytes === undefined) return []
  const values = { free: memoryFreeBytes / 1e9, total: memoryBytes / 1e9 }
  const ok = memoryFreeBytes >= LOW_MEMORY_BYTES
  return [describeFinding('memory', ok, ok ? 'memory-enough' : 'memory-few', values)]
}

function judgeDisk({ diskFreeBytes }: EngineSurvey, { dataRoot }: EngineInfo, cacheBytes: number): DoctorCheck {
  const values = { free: diskFreeBytes / 1e9, folder: dataRoot, cache: cacheBytes / 1e9 }
  if (diskFreeBytes >= LOW_DISK_BYTES) return describeFinding('engine-disk', true, 'engine-disk-free', values)
  return describeFinding(
    'engine-disk',
    false,
    cacheBytes >= LARGE_CACHE_BYTES ? 'engine-disk-cache' : 'engine-disk-low',
    values,
  )
}

function judgeWatchers({ inotifyInstances, inotifyWatches, openedWatchers }: EngineSurvey): DoctorCheck[] {
  if (inotifyInstances === undefined || inotifyWatches === undefined) return []
  const values = { limit: inotifyInstances, watches: inotifyWatches, tried: TRIED_WATCHERS }
  if (openedWatchers < TRIED_WATCHERS) return [describeFinding('inotify-limits', false, 'watchers-used-up', values)]
  if (inotifyInstances < LOW_INOTIFY_INSTANCES)
    return [describeFinding('inotify-limits', false, 'watchers-few', values)]
  if (inotifyWatches < LOW_INOTIFY_WATCHES) return [describeFinding('inotify-limits', false, 'watches-few', values)]
  return [describeFinding('inotify-limits', true, 'watchers-enough', values)]
}

function judgeFiles({ openFiles }: EngineSurvey): DoctorCheck[] {
  if (openFiles === undefined) return []
  const ok = openFiles >= LOW_OPEN_FILES
  return [
    describeFinding('open-files', ok, ok ? 'files-enough' : 'files-few', {
      limit: Number.isFinite(openFiles) ? openFiles : '∞',
    }),
  ]
}

function judgeProcesses({ processes }: EngineSurvey): DoctorCheck[] {
  if (processes === undefined) return []
  const ok = processes >= LOW_PROCESSES
  return [describeFinding('processes', ok, ok ? 'processes-enough' : 'processes-few', { limit: processes })]
}

function judgeKeys({ keys }: EngineSurvey): DoctorCheck[] {
  if (keys === undefined) return []
  const ok = keys.limit - keys.used >= LOW_FREE_KEYS
  return [describeFinding('keyrings', ok, ok ? 'keyrings-enough' : 'keyrings-few', keys)]
}
