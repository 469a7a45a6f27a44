/** Durations as Go writes and reads them: `20s`, `1m0s`, `1.5h`, `300ms`. */

const UNIT_MS: Record<string, number> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
}

/** Milliseconds, or `undefined` when Go's `time.ParseDuration` would refuse the text. */
export function parseGoDuration(text: string): number | undefined {
  const sign = text.startsWith('-') ? -1 : 1
  const rest = text.replace(/^[+-]/, '')
  if (rest === '0') return 0
  if (!/^((\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h))+$/.test(rest)) return undefined
  let total = 0
  for (const [, amount, unit] of rest.matchAll(/(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g))
    total += Number(amount) * (UNIT_MS[unit ?? ''] ?? 0)
  return sign * total
}

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
