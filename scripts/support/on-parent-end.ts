/** Notices that whoever started this process has gone: npm that was killed takes nobody with it. */
import type { Clock } from '../../src-main/base/clock.ts'

const LOOK_MS = 1000

/** Calls back once when `parent()` is another process than at first, until `signal` is aborted. Keeps no process alive. */
export function onParentEnd(
  { clock, signal, parent = () => process.ppid }: { clock: Clock; signal: AbortSignal; parent?: () => number },
  callback: () => void,
): void {
  const first = parent()
  const look = (): void => {
    if (signal.aborted) return
    if (parent() !== first) return callback()
    clock.setTimer(LOOK_MS, look)
  }
  clock.setTimer(LOOK_MS, look)
}
