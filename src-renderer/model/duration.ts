/** Spans of time in the steps that `kubectl` uses in its AGE column: two units at most. Pure. */

const MINUTE = 60
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** What each unit is called, with a blank before it or behind it where the language wants one. */
export interface DurationUnits {
  d: string
  h: string
  m: string
  s: string
  /** Between two units. */
  gap: string
}

export const KUBECTL_UNITS: DurationUnits = { d: 'd', h: 'h', m: 'm', s: 's', gap: '' }

/** `9s`, `3m12s`, `45m`, `5h20m`, `3d4h`: kubectl's steps; negative spans (clocks that differ) count as zero. */
export function shortDuration(milliseconds: number, units = KUBECTL_UNITS): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000))
  const minutes = Math.floor(seconds / MINUTE)
  const hours = Math.floor(seconds / HOUR)
  const days = Math.floor(seconds / DAY)
  const join = (large: string, small: number, unit: string): string =>
    small === 0 ? large : `${large}${units.gap}${small}${unit}`
  if (seconds < 2 * MINUTE) return `${seconds}${units.s}`
  if (seconds < 10 * MINUTE) return join(`${minutes}${units.m}`, seconds % MINUTE, units.s)
  if (seconds < 3 * HOUR) return `${minutes}${units.m}`
  if (seconds < 8 * HOUR) return join(`${hours}${units.h}`, minutes % 60, units.m)
  if (seconds < 2 * DAY) return `${hours}${units.h}`
  if (seconds < 8 * DAY) return join(`${days}${units.d}`, hours % 24, units.h)
  return `${days}${units.d}`
}
