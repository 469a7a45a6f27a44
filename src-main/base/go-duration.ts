/** Durations in the notation of Go's `time.Duration`, as Kubernetes writes them into messages. */

/** `10s`, `1m20s`, `5m0s`, `1.2s`, `523ms`, `0s`; what is finer than a millisecond is cut. */
export function formatGoDuration(durationMs: number): string {
  const whole = Math.trunc(durationMs)
  if (whole === 0) return '0s'
  if (Math.abs(whole) < 1000) return `${whole}ms`
  const sign = whole < 0 ? '-' : ''
  const absolute = Math.abs(whole)
  const hours = Math.floor(absolute / 3_600_000)
  const minutes = Math.floor((absolute % 3_600_000) / 60_000)
  const seconds = `${(absolute % 60_000) / 1000}s`
  if (hours > 0) return `${sign}${hours}h${minutes}m${seconds}`
  if (minutes > 0) return `${sign}${minutes}m${seconds}`
  return `${sign}${seconds}`
}
