/** The table of differences as Markdown with tables, as GitHub reads it. Pure. */
import type { FilledRow } from './comparison-table.ts'
import { computeAnswerWords, TABLE_WORDS, type AnswerWords, type TableOptions } from './table-words.ts'

/** No text in it can become markup. */
export function renderTableMarkdown(table: readonly FilledRow[], { locale, lab, sides }: TableOptions): string {
  const words = TABLE_WORDS[locale]
  const lines = table.map(({ row, cells }) => [
    [`**${escape(row.title[locale])}**`, ...(row.note === undefined ? [] : [escape(row.note[locale])])].join('<br>'),
    ...sides.map((side) => {
      const answers = computeAnswerWords(
        cells.find((cell) => cell.side === side),
        locale,
      )
      return answers.length === 0 ? '' : answers.map((answer) => renderAnswer(answer, words.against)).join('<br>')
    }),
  ])
  return [
    `# ${escape(words.title)}`,
    '',
    `${escape(words.lab)}: ${escape(lab)}`,
    '',
    tableLine([words.row, ...sides.map((side) => words.sides[side])].map(escape)),
    tableLine(['---', ...sides.map(() => '---')]),
    ...lines.map(tableLine),
    '',
  ].join('\n')
}

function renderAnswer({ answer, question, observed, isAgainst }: AnswerWords, against: string): string {
  const mark = isAgainst ? [`⚠ ${escape(against)}`] : []
  return [...mark, `**${escape(answer)}**`, escape(question), escape(observed)].join(' · ')
}

function tableLine(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}

/**
 * Everything that means something in a line of Markdown is escaped, also what GitHub makes links and mentions of by itself; lines
 * and control characters become blanks.
 */
function escape(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .replaceAll(/[\\`*_[\]<>&|~#!$@]|:(?=\/)|(?<=www)\./gi, String.raw`\$&`)
}
