/** Durations as Go writes them: `20s`, `1m0s`, `1h30m0s`, `300ms`. */

/** As Go prints it: the largest units first, `0s` for nothing, below a second in ms, µs or ns. */
export function formatGoDuration(milliseconds: number): string {
  if (milliseconds === 0) return '0s'
  const sign = milliseconds < 0 ? '-' : ''
  const absolute = Math.abs(milliseconds)
  if (absolute < 1e-3) return `${sign}${round(absolute * 1e6)}ns`
  if (absolute < 1) return `${sign}${round(absolute * 1e3)}µs`
  if (absolute < 1000) return `${sign}${round(absolute)}ms`
  const hours = Math.floor(absolute / 3_600_000)
  const minutes = Math.floor((absolute % 3_600_000) / 60_000)
  const seconds = round((absolute % 60_000) / 1000)
  if (hours > 0) return `${sign}${hours}h${minutes}m${seconds}s`
  return minutes > 0 ? `${sign}${minutes}m${seconds}s` : `${sign}${seconds}s`
}

function round(value: number): number {
  return Number(value.toFixed(9))
}
