/**
 * How far the nodes' clock is ahead of this machine's: an engine may live in a machine of its own, whose clock stands still while a
 * laptop sleeps. All nodes of a lab have the engine's clock. Pure; milliseconds.
 */

/**
 * 0 when what was told may be the time of this machine: the way there and back takes its time, too.
 * @param told the nodes' own time, as each told it between being asked and having answered
 */
export function computeClockOffset({
  askedMs,
  answeredMs,
  told,
}: {
  askedMs: number
  answeredMs: number
  told: readonly string[]
}): number {
  const times = told.map((time) => Date.parse(time)).filter((time) => !Number.isNaN(time))
  if (times.length === 0) return 0
  const least = Math.max(...times) - answeredMs
  const most = Math.min(...times) - askedMs
  return least <= 0 && most >= 0 ? 0 : Math.round((least + most) / 2)
}
