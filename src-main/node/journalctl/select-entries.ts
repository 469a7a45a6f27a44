/** Which entries of the journal a query means. */
import { entryFields } from './format-entry.ts'
import { JournalUsageError, type JournalQuery } from './journal-arguments.ts'
import type { JournalEntry } from './journal-reader.ts'

/** @param boot of the query, as `findBoot` has found it */
export function matchesQuery(
  entry: JournalEntry,
  query: JournalQuery,
  boot: string | undefined,
  hostname: string,
): boolean {
  const [low, high] = query.priorities
  return (
    !query.kernel &&
    (boot === undefined || entry.boot === boot) &&
    (query.units.length === 0 || query.units.some((unit) => isUnit(entry, unit))) &&
    (query.identifiers.length === 0 || query.identifiers.includes(entry.identifier)) &&
    entry.time >= (query.since ?? -Infinity) &&
    entry.time <= (query.until ?? Infinity) &&
    entry.priority >= low &&
    entry.priority <= high &&
    (query.grep === undefined || query.grep.test(entry.message)) &&
    matchesFields(entry, query.matches, hostname)
  )
}

/** Name of a unit, perhaps without its end, or a pattern with `*` and `?`. */
function isUnit({ unit }: JournalEntry, wanted: string): boolean {
  if (unit === undefined) return false
  const name = /[.*?]/.test(wanted) ? wanted : `${wanted}.service`
  const pattern = name.replace(/[.*+?^${}()|[\]\\]/g, (sign) =>
    sign === '*' ? '.*' : sign === '?' ? '.' : `\\${sign}`,
  )
  return new RegExp(`^${pattern}$`).test(unit)
}

/** All names, and of each name one of the values. */
function matchesFields(entry: JournalEntry, matches: readonly [string, string][], hostname: string): boolean {
  if (matches.length === 0) return true
  const fields = entryFields(entry, hostname)
  return matches.every(([name]) => matches.some(([other, value]) => other === name && fields[name] === value))
}

/** When each boot began to write, and when it last did; the oldest first. */
export interface Boot {
  id: string
  first: number
  last: number
}

export function listBoots(entries: readonly JournalEntry[]): Boot[] {
  const boots = new Map<string, Boot>()
  for (const { boot: id, time } of entries) {
    if (id === '') continue
    const known = boots.get(id)
    boots.set(id, { id, first: known?.first ?? time, last: time })
  }
  return [...boots.values()]
}

/**
 * `0` is the newest boot, `-1` the one before it, `1` the oldest; or its id.
 * @throws JournalUsageError when there is none
 */
export function findBoot(boots: readonly Boot[], wanted: string): string {
  const number = Number(wanted)
  const found = /^[0-9a-f]{32}$/.test(wanted)
    ? boots.find(({ id }) => id === wanted)
    : boots[number > 0 ? number - 1 : boots.length - 1 + number]
  if (found !== undefined) return found.id
  throw new JournalUsageError(`Data from the specified boot (${wanted}) is not available: No such boot ID in journal`)
}
