/** The columns that Tables have in common, and how a kind lists its own (upstream: pkg/printers/internalversion). */
import type { ApiObject } from '../../common/api/api-object.ts'
import { formatHumanDuration } from '../../common/api/duration.ts'
import type { TableCell, TableColumn, TablePrinter } from './resource-definition.ts'

/** A column with the way to its cell; `now` in milliseconds since the epoch. */
export interface Column<Kind> extends TableColumn {
  cell(object: Kind, now: number): TableCell
}

export const NONE = '<none>'
const UNKNOWN = '<unknown>'

/** What a cell shows where there is nothing. */
export function orNone(text: string | undefined): string {
  return text === undefined || text === '' ? NONE : text
}

export function column(
  name: string,
  type: TableColumn['type'],
  description: string,
  priority: TableColumn['priority'] = 0,
): TableColumn {
  return { name, type, format: '', description, priority }
}

/** A column of text that is always shown. */
export function text<Kind>(name: string, description: string, cell: Column<Kind>['cell']): Column<Kind> {
  return { ...column(name, 'string', description), cell }
}

/** A column of numbers that is always shown. */
export function integer<Kind>(name: string, description: string, cell: Column<Kind>['cell']): Column<Kind> {
  return { ...column(name, 'integer', description), cell }
}

/** The column, shown with `-o wide` only. */
export function wide<Kind>(shown: Column<Kind>): Column<Kind> {
  return { ...shown, priority: 1 }
}

export const NAME: Column<ApiObject> = {
  ...column('Name', 'string', 'The name of the object; unique in its namespace.'),
  format: 'name',
  cell: ({ metadata }) => metadata.name ?? '',
}

export const AGE: Column<ApiObject> = text('Age', 'Time since the object was created.', ({ metadata }, now) =>
  formatSince(metadata.creationTimestamp, now),
)

/** How long ago, as in `5m`. */
export function formatSince(time: string | null | undefined, now: number): string {
  const since = Date.parse(time ?? '')
  return Number.isNaN(since) ? UNKNOWN : formatHumanDuration(now - since)
}

export function printTable<Kind extends ApiObject>(columns: readonly Column<Kind>[]): TablePrinter<Kind> {
  return {
    columns: columns.map(({ cell: _cell, ...shown }) => shown),
    cells: (object, now) => columns.map(({ cell }) => cell(object, now)),
  }
}

/** For kinds that upstream prints by name and age alone. */
export const NAME_AND_AGE: TablePrinter<ApiObject> = printTable([NAME, AGE])

/** `app=web,tier=front`, sorted; `<none>` for nothing. */
export function formatLabels(labels: Readonly<Record<string, string>> = {}): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}=${value}`)
  return orNone(pairs.toSorted().join(','))
}

const SHOWN_AT_MOST = 3

/** `a,b,c + 2 more...`; undefined for nothing. */
export function formatSome(items: readonly string[]): string | undefined {
  if (items.length === 0) return undefined
  const shown = items.slice(0, SHOWN_AT_MOST).join(',')
  return items.length > SHOWN_AT_MOST ? `${shown} + ${items.length - SHOWN_AT_MOST} more...` : shown
}
