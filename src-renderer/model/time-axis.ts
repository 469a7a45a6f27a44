/** Where a time axis has its ticks: at round times of the chosen zone. Pure. */
import type { TimeRange } from './time-range.ts'

export interface AxisTick {
  timeMs: number
  label: string
  /** The first tick and each at which a day begins tell the day, too. */
  day?: string
}

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const STEPS_MS = [
  ...[50, 100, 250, 500],
  ...[1, 2, 5, 10, 15, 30].map((count) => count * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * MINUTE),
  ...[1, 2, 3, 6, 12].map((count) => count * HOUR),
  ...[1, 2, 7, 14, 28].map((count) => count * DAY),
]

export interface AxisOptions {
  locale: string
  /** IANA name; this machine's zone when absent. */
  timeZone?: string
  /** Ticks are at least so far apart. */
  minGapPx: number
  widthPx: number
}

export function computeAxis(range: TimeRange, options: AxisOptions): readonly AxisTick[] {
  const { locale, timeZone, minGapPx, widthPx } = options
  const least = ((range.endMs - range.startMs) * minGapPx) / Math.max(1, widthPx)
  const step = STEPS_MS.find((candidate) => candidate >= least) ?? STEPS_MS.at(-1) ?? DAY
  const time = formatter(locale, { timeZone, ...clockOf(step), hourCycle: 'h23' })
  const day = formatter(locale, { timeZone, month: 'short', day: 'numeric' })
  const offsetMs = zoneOffset(range.startMs, timeZone)
  const ticks: AxisTick[] = []
  const first = Math.ceil((range.startMs + offsetMs) / step) * step - offsetMs
  for (let timeMs = first; timeMs <= range.endMs; timeMs += step) {
    const beginsDay = step < DAY && (timeMs + offsetMs) % DAY === 0
    const label = step < DAY ? time.format(timeMs) : day.format(timeMs)
    const tellsDay = step < DAY && (ticks.length === 0 || beginsDay)
    ticks.push({ timeMs, label, ...(tellsDay && { day: day.format(timeMs) }) })
  }
  return ticks
}

const formatters = new Map<string, Intl.DateTimeFormat>()

/** Making one costs more than a hundred uses of it, and an axis is computed for every frame of a zoom. */
function formatter(
  locale: string,
  options: Omit<Intl.DateTimeFormatOptions, 'timeZone'> & { timeZone: string | undefined },
): Intl.DateTimeFormat {
  const key = JSON.stringify([locale, options])
  const { timeZone, ...rest } = options
  const known =
    formatters.get(key) ?? new Intl.DateTimeFormat(locale, { ...rest, ...(timeZone !== undefined && { timeZone }) })
  formatters.set(key, known)
  return known
}

function clockOf(stepMs: number): Intl.DateTimeFormatOptions {
  const minutes = { hour: '2-digit', minute: '2-digit' } as const
  if (stepMs >= MINUTE) return minutes
  if (stepMs >= SECOND) return { ...minutes, second: '2-digit' }
  return { ...minutes, second: '2-digit', fractionalSecondDigits: stepMs >= 100 ? 1 : 2 }
}

/** How far the zone's clocks are ahead of UTC at that moment. */
function zoneOffset(timeMs: number, timeZone: string | undefined): number {
  const format = formatter('en-US', {
    timeZone,
    ...{ year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' },
    hourCycle: 'h23',
  })
  const parts = Object.fromEntries(format.formatToParts(timeMs).map(({ type, value }) => [type, Number(value)]))
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(timeMs / SECOND) * SECOND
}
