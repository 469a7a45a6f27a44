/** The table of differences in words, for whatever form it is written in. Pure. */
import type { CellAnswer, ComparisonCell } from './comparison-table.ts'
import type { LocalText, SideName } from './experiment.ts'

export type TableLocale = keyof LocalText

export interface TableOptions {
  locale: TableLocale
  /** Name of the lab in which it was observed. */
  lab: string
  /** Columns, in their order. */
  sides: readonly SideName[]
}

/** One answer in a cell, as plain text. */
export interface AnswerWords {
  answer: string
  question: string
  /** When, and in which experiment. */
  observed: string
  isAgainst: boolean
}

interface Words {
  title: string
  lab: string
  row: string
  /** Head of the column with the experiments that fill what was not observed. */
  filledBy: string
  sides: Record<SideName, string>
  yes: string
  no: string
  against: string
  observed(time: string, experiment: string): string
}

export const TABLE_WORDS: Readonly<Record<TableLocale, Words>> = {
  en: {
    title: 'Static pods and DaemonSets, as observed',
    lab: 'Observed in lab',
    row: 'Difference',
    filledBy: 'Filled by experiment',
    sides: { static: 'Static pod', daemonSet: 'DaemonSet', deployment: 'Deployment' },
    yes: 'yes',
    no: 'no',
    against: 'not as Kubernetes is known to do',
    observed: (time, experiment) => `observed ${time}, experiment ${experiment}`,
  },
  ko: {
    title: '스태틱 파드와 DaemonSet, 관찰한 대로',
    lab: '관찰한 랩',
    row: '차이',
    filledBy: '채우는 실험',
    sides: { static: '스태틱 파드', daemonSet: 'DaemonSet', deployment: 'Deployment' },
    yes: '예',
    no: '아니요',
    against: '알려진 Kubernetes 동작과 다름',
    observed: (time, experiment) => `${time}에 관찰, 실험 ${experiment}`,
  },
}

/** Of each answer in a cell; none of a cell that nothing has been observed for. */
export function computeAnswerWords(cell: ComparisonCell | undefined, locale: TableLocale): AnswerWords[] {
  const { answers = [], against = [] } = cell ?? {}
  return [...answers, ...against].map((one) => ({
    answer: answerText(one, locale),
    question: one.question[locale],
    observed: TABLE_WORDS[locale].observed(formatMoment(one.observedAt), one.experiment),
    isAgainst: one.verdict === 'against',
  }))
}

function answerText({ answer, words }: CellAnswer, locale: TableLocale): string {
  if (typeof answer !== 'boolean') return words?.[locale] ?? String(answer)
  return answer ? TABLE_WORDS[locale].yes : TABLE_WORDS[locale].no
}

/** To the second; what is no time stays as it is. */
function formatMoment(time: string): string {
  const milliseconds = Date.parse(time)
  if (Number.isNaN(milliseconds)) return time
  return `${new Date(milliseconds).toISOString().slice(0, 19).replace('T', ' ')} UTC`
}
