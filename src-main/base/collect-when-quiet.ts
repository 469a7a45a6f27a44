/**
 * Gives memory back after work. V8 collects garbage when it needs room, not when it has time: a program that has worked
 * hard for a moment and then waits would keep what it used then. There are two such programs for every node.
 */
import type { Clock, Timer } from './clock.ts'
import type { Disposable } from './disposable.ts'

const LOOK_MS = 5000
/** Less than this of one look's time is quiet: one per cent of a core. */
const QUIET_CPU_MS = 50
/** A collection takes some 20 ms: it has to be worth it. */
const WORTH_CPU_MS = 400

/**
 * @param options.cpuMs processor time that the program has used so far
 * @param options.collect collects all garbage; absent where the program was started without `--expose-gc`
 */
export function collectWhenQuiet(options: {
  clock: Clock
  cpuMs: () => number
  collect: (() => void) | undefined
}): Disposable {
  const { clock, cpuMs, collect } = options
  if (collect === undefined) return { dispose: () => undefined }
  let lastMs = cpuMs()
  let workedMs = 0
  const look = (): void => {
    const usedMs = cpuMs() - lastMs
    workedMs += usedMs
    if (usedMs < QUIET_CPU_MS && workedMs >= WORTH_CPU_MS) {
      collect()
      workedMs = 0
    }
    lastMs = cpuMs()
    timer = clock.setTimer(LOOK_MS, look)
  }
  let timer: Timer = clock.setTimer(LOOK_MS, look)
  return { dispose: () => timer.cancel() }
}

/** Of this process. */
export function processCpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

/** `undefined` without `--expose-gc`. */
export function garbageCollector(): (() => void) | undefined {
  const { gc } = globalThis
  return gc === undefined ? undefined : () => gc()
}
