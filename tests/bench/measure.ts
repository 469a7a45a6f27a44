/** Figures of one run on one machine: medians, and the ratio to the floor measured beside them. */

export function median(values: readonly number[]): number {
  if (values.length === 0) throw new Error('a median of nothing')
  const sorted = values.toSorted((left, right) => left - right)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? 0
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2
}

export interface Row {
  what: string
  /** Formatted with its unit. */
  value: string
  floor?: string
  ratio?: number
  /** Highest ratio, or highest value in the value's unit, that the design allows. */
  budget?: string
  withinBudget?: boolean
}

/** A row of durations in milliseconds against the same thing done straight through the engine. */
export function durationRow(
  what: string,
  ours: readonly number[],
  floor: readonly number[],
  budgetRatio?: number,
): Row {
  const ratio = median(ours) / median(floor)
  const row: Row = { what, value: milliseconds(median(ours)), floor: milliseconds(median(floor)), ratio }
  if (budgetRatio !== undefined) {
    row.budget = `≤ ${budgetRatio.toFixed(2)} × floor`
    row.withinBudget = ratio <= budgetRatio
  }
  return row
}

export function milliseconds(value: number): string {
  return value >= 10_000 ? `${(value / 1000).toFixed(1)} s` : `${value.toFixed(0)} ms`
}

/** The table as Markdown. */
export function formatTable(rows: readonly Row[]): string {
  const cells = rows.map((row) => [
    row.what,
    row.value,
    row.floor ?? '',
    row.ratio === undefined ? '' : row.ratio.toFixed(2),
    row.budget === undefined ? '' : `${row.budget} ${row.withinBudget === true ? '✓' : '✗'}`,
  ])
  const header = ['what', 'Node Lab (median)', 'floor (median)', 'ratio', 'budget']
  const all = [header, ...cells]
  const widths = header.map((_, column) => Math.max(...all.map((line) => (line[column] ?? '').length)))
  const format = (line: string[]): string =>
    `| ${line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`
  return [format(header), `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...cells.map(format)].join(
    '\n',
  )
}
