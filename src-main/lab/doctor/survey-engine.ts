/** What a container sees of the engine's machine: limits, room, time. One short container reads all of it. */
import { HOME_LABEL } from '../../common/engine-labels.ts'
import { LabError } from '../../common/lab-error.ts'
import type { Engine } from '../engine/engine.ts'
import { runHelper } from '../engine/run-helper.ts'

/** Watchers that are opened as a trial: what a node with a few programs needs. */
export const TRIED_WATCHERS = 8

/** Of numbers, `undefined` where the kernel does not tell; what is unlimited is infinite. */
export interface EngineSurvey {
  timeMs: number
  /** Files that a process may open. */
  openFiles: number | undefined
  inotifyInstances: number | undefined
  inotifyWatches: number | undefined
  /** Of `TRIED_WATCHERS`, those that could be opened besides all that are in use. */
  openedWatchers: number
  /** The lowest of the kernel's limits and the container's own. */
  processes: number | undefined
  /** Of root in the container; on an engine without root that is the user who runs it. */
  keys: { used: number; limit: number } | undefined
  memoryFreeBytes: number | undefined
  diskFreeBytes: number
}

/**
 * Runs in the node image. Each thread of Node.js that watches has an inotify instance of its own, so that opening some more tells
 * whether there are any left.
 */
export const SURVEY_PROGRAM = `
const fs = require('node:fs')
const { Worker } = require('node:worker_threads')
const read = (path) => { try { return fs.readFileSync(path, 'utf8').trim() } catch { return undefined } }
const WATCH = "require('node:fs').watch('/tmp'); require('node:worker_threads').parentPort.postMessage('open')"
const open = () => new Promise((resolve) => {
  const worker = new Worker(WATCH, { eval: true })
  worker.once('message', () => resolve(true))
  worker.once('error', () => resolve(false))
})
const { bavail, bsize } = fs.statfsSync('/')
Promise.all(Array.from({ length: ${TRIED_WATCHERS} }, open)).then((opened) => {
  console.log(JSON.stringify({
    timeMs: Date.now(),
    limits: read('/proc/self/limits'),
    instances: read('/proc/sys/fs/inotify/max_user_instances'),
    watches: read('/proc/sys/fs/inotify/max_user_watches'),
    opened: opened.filter(Boolean).length,
    processes: ['/sys/fs/cgroup/pids.max', '/sys/fs/cgroup/pids/pids.max', '/proc/sys/kernel/pid_max', '/proc/sys/kernel/threads-max'].map(read),
    keys: read('/proc/key-users'),
    memory: read('/proc/meminfo'),
    diskFreeBytes: bavail * bsize,
  }))
  process.exit(0)
})
`

/** @param image a reference of our node image, which has Node.js @throws LabError when the container cannot be run */
export async function surveyEngine(
  engine: Engine,
  { image, home }: { image: string; home: string },
): Promise<EngineSurvey> {
  const { exitCode, output } = await runHelper(engine, {
    image,
    command: ['/usr/bin/node', '-e', SURVEY_PROGRAM],
    mounts: [],
    labels: { [HOME_LABEL]: home },
  })
  if (exitCode === 0) return parseSurvey(output)
  throw new LabError({ kind: 'Unavailable', message: `looking at the engine’s machine failed: ${output.trim()}` })
}

interface RawSurvey {
  timeMs: number
  limits?: string
  instances?: string
  watches?: string
  opened: number
  processes: (string | null)[]
  keys?: string
  memory?: string
  diskFreeBytes: number
}

/** Pure. What the program printed, taken apart. */
export function parseSurvey(output: string): EngineSurvey {
  const raw = JSON.parse(output) as RawSurvey
  const processes = raw.processes.map((text) => parseLimit(text ?? undefined)).filter((limit) => limit !== undefined)
  const freeKilobytes = /^MemAvailable:\s+(\d+) kB/m.exec(raw.memory ?? '')?.[1]
  return {
    timeMs: raw.timeMs,
    openFiles: parseLimit(/^Max open files\s+(\S+)/m.exec(raw.limits ?? '')?.[1]),
    inotifyInstances: parseLimit(raw.instances),
    inotifyWatches: parseLimit(raw.watches),
    openedWatchers: raw.opened,
    processes: processes.length === 0 ? undefined : Math.min(...processes),
    keys: parseKeys(raw.keys ?? ''),
    memoryFreeBytes: freeKilobytes === undefined ? undefined : Number(freeKilobytes) * 1024,
    diskFreeBytes: raw.diskFreeBytes,
  }
}

function parseLimit(text: string | undefined): number | undefined {
  if (text === 'max' || text === 'unlimited') return Infinity
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined
}

/** `UID: USAGE KEYS/INSTANTIATED COUNT/MAX BYTES/MAXBYTES`, one line for each user; that of root. */
function parseKeys(text: string): EngineSurvey['keys'] {
  const [, used, limit] = /^\s*0:\s+\d+\s+\d+\/\d+\s+(\d+)\/(\d+)/m.exec(text) ?? []
  return used === undefined || limit === undefined ? undefined : { used: Number(used), limit: Number(limit) }
}
