/** Points in time as `--since` and `--until` take them (systemd.time). */

const MS = { second: 1000, minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const
/** Names of each unit and its length in milliseconds. */
const UNITS: readonly [RegExp, number][] = [
  [/^(us|usec|µs|μs)$/, 0.001],
  [/^(ms|msec)$/, 1],
  [/^(|s|sec|second|seconds)$/, MS.second],
  [/^(m|min|minute|minutes)$/, MS.minute],
  [/^(h|hr|hour|hours)$/, MS.hour],
  [/^(d|day|days)$/, MS.day],
  [/^(w|week|weeks)$/, 7 * MS.day],
  [/^(M|month|months)$/, 30.4375 * MS.day],
  [/^(y|year|years)$/, 365.25 * MS.day],
]
const DATE =
  /^(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\s+)?(?:(\d{2}|\d{4})-(\d\d?)-(\d\d?))?(?:[T\s]*(\d\d?):(\d\d)(?::(\d\d)(?:\.(\d{1,6}))?)?)?\s*(UTC|Z)?$/i

/**
 * Microseconds since the epoch; `undefined` for what is no point in time.
 * @param now milliseconds since the epoch
 */
export function parseJournalTime(text: string, now: number): number | undefined {
  const trimmed = text.trim()
  const midnight = new Date(now)
  midnight.setHours(0, 0, 0, 0)
  switch (trimmed) {
    case 'now':
      return now * 1000
    case 'today':
      return midnight.getTime() * 1000
    case 'yesterday':
      return new Date(midnight).setDate(midnight.getDate() - 1) * 1000
    case 'tomorrow':
      return new Date(midnight).setDate(midnight.getDate() + 1) * 1000
  }
  const epoch = /^@(\d+)(?:\.(\d{1,6}))?$/.exec(trimmed)
  if (epoch !== null) return Number(epoch[1]) * 1e6 + Number((epoch[2] ?? '').padEnd(6, '0'))
  const relative = /^([-+])(.+)$/.exec(trimmed) ?? /^()(.+?)\s+ago$/.exec(trimmed)
  if (relative !== null) {
    const span = parseSpan(relative[2] ?? '')
    return span === undefined ? undefined : (now + (relative[1] === '+' ? span : -span)) * 1000
  }
  return parseDate(trimmed, midnight)
}

/** Milliseconds of `1h 30min`. */
function parseSpan(text: string): number | undefined {
  let rest = text.trim()
  if (rest === '') return undefined
  let total = 0
  while (rest !== '') {
    const part = /^(\d+(?:\.\d+)?)\s*([a-zA-Zµμ]*)\s*/.exec(rest)
    const unit = UNITS.find(([names]) => names.test(part?.[2] ?? '?'))
    if (part === null || unit === undefined) return undefined
    total += Number(part[1]) * unit[1]
    rest = rest.slice(part[0].length)
  }
  return total
}

function parseDate(text: string, midnight: Date): number | undefined {
  const match = DATE.exec(text)
  if (match === null || text === '') return undefined
  const [, year, month, day, hours, minutes, seconds, fraction, zone] = match
  if (year === undefined && hours === undefined) return undefined
  const fields = [
    year === undefined ? midnight.getFullYear() : Number(year) + (year.length === 2 ? 2000 : 0),
    month === undefined ? midnight.getMonth() : Number(month) - 1,
    day === undefined ? midnight.getDate() : Number(day),
    Number(hours ?? 0),
    Number(minutes ?? 0),
    Number(seconds ?? 0),
  ] as const
  if (fields[1] > 11 || fields[2] > 31 || fields[3] > 23 || fields[4] > 59 || fields[5] > 59) return undefined
  const ms = zone === undefined ? new Date(...fields).getTime() : Date.UTC(...fields)
  return ms * 1000 + Number((fraction ?? '').padEnd(6, '0'))
}
