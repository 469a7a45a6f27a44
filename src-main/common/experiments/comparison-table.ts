/** The table of differences, as far as it was observed in one lab: never a claim, always the newest answers. Plain data. */
import type { Time } from '../api/meta.ts'
import type { Answer, ComparisonRow, LocalText, SideName } from './experiment.ts'
import type { AnswerVerdict } from './experiment-run.ts'

/** What one observation says in a cell. */
export interface CellAnswer {
  experiment: string
  /** Of the result with the evidence. */
  result: string
  observation: string
  question: LocalText
  answer: Answer
  /** For an answer that is a word. */
  words?: LocalText
  verdict: Exclude<AnswerVerdict, 'unanswered'>
  observedAt: Time
}

export interface ComparisonCell {
  side: SideName
  /** Of each observation that fills this row its newest answer that was not against the expectation; none: not observed yet. */
  answers: CellAnswer[]
  /** Newer answers against the expectation: told beside the cell's answers, and never in their place. */
  against: CellAnswer[]
}

export interface FilledRow {
  row: ComparisonRow
  cells: ComparisonCell[]
}
