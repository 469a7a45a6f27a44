/** The table of differences as text for a terminal. */
import type { FilledRow } from '../../common/experiments/comparison-table.ts'
import type { Experiment } from '../../common/experiments/experiment.ts'
import { computeAnswerWords, TABLE_WORDS, type TableOptions } from '../../common/experiments/table-words.ts'
import { formatTable } from './output.ts'

/** A cell that is longer would push the others out of the terminal. */
const CELL_LENGTH = 32

/** `-` for what was not observed, and which experiment would fill it. */
export function formatDifferences(
  table: readonly FilledRow[],
  experiments: readonly Experiment[],
  { locale, sides }: Pick<TableOptions, 'locale' | 'sides'>,
): string[] {
  const words = TABLE_WORDS[locale]
  const rows = table.map(({ row, cells }) => {
    const texts = sides.map((side) =>
      computeAnswerWords(
        cells.find((cell) => cell.side === side),
        locale,
      )
        .map(({ answer, isAgainst }) => `${shorten(answer)}${isAgainst ? ` (${words.against})` : ''}`)
        .join(', '),
    )
    const missing = sides.filter((_, column) => texts[column] === '')
    const wayToFill = missing.length > 0 && missing.every((side) => side === 'deployment') ? ' --deployment' : ''
    const fills = experiments
      .filter(({ observations }) => missing.length > 0 && observations.some((one) => one.row === row.name))
      .map(({ name }) => `${name}${wayToFill}`)
    return [row.title[locale], ...texts.map((text) => (text === '' ? '-' : text)), fills.join(', ')]
  })
  const header = [words.row, ...sides.map((side) => words.sides[side]), words.filledBy]
  return formatTable(
    header.map((word) => word.toUpperCase()),
    rows,
  )
}

function shorten(text: string): string {
  return text.length > CELL_LENGTH ? `${text.slice(0, CELL_LENGTH - 1)}…` : text
}
