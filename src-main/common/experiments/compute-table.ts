/** Fills the table of differences from what was observed. Pure. */
import type { CellAnswer, ComparisonCell, FilledRow } from './comparison-table.ts'
import { SIDE_NAMES, type ComparisonRow, type Experiment, type Observation, type SideName } from './experiment.ts'
import type { ExperimentResult, Observed } from './experiment-run.ts'

/** Rows in their order; each with one cell per side, in the order of `SIDE_NAMES`. Only what finished counts. */
export function computeTable(of: {
  rows: readonly ComparisonRow[]
  experiments: readonly Experiment[]
  /** In whatever order. */
  results: readonly ExperimentResult[]
}): FilledRow[] {
  const finished = of.results.filter(({ outcome }) => outcome === 'finished')
  return of.rows.map((row) => {
    const questions = of.experiments.flatMap((experiment) =>
      experiment.observations.flatMap((observation) =>
        observation.row === row.name ? [{ experiment: experiment.name, observation }] : [],
      ),
    )
    return { row, cells: SIDE_NAMES.map((side) => fillCell(side, questions, finished)) }
  })
}

interface Question {
  experiment: string
  observation: Observation
}

function fillCell(
  side: SideName,
  questions: readonly Question[],
  results: readonly ExperimentResult[],
): ComparisonCell {
  const cell: ComparisonCell = { side, answers: [], against: [] }
  for (const question of questions) {
    const answers = answersOf(side, question, results)
    const newest = answers.findIndex(({ verdict }) => verdict !== 'against')
    const answer = answers[newest]
    if (answer !== undefined) cell.answers.push(answer)
    cell.against.push(...answers.slice(0, newest === -1 ? undefined : newest))
  }
  return cell
}

/** The newest first. */
function answersOf(
  side: SideName,
  { experiment, observation }: Question,
  results: readonly ExperimentResult[],
): CellAnswer[] {
  return results
    .filter((result) => result.experiment === experiment)
    .flatMap(({ id, sides }) =>
      sides
        .filter((result) => result.side === side)
        .flatMap(({ observed }) => observed.filter((one) => one.observation === observation.name))
        .flatMap((observed) => toCellAnswer(experiment, id, observation, observed)),
    )
    .toSorted((one, other) => Date.parse(other.observedAt) - Date.parse(one.observedAt))
}

/** Nothing of what was not answered. */
function toCellAnswer(experiment: string, result: string, observation: Observation, observed: Observed): CellAnswer[] {
  const { verdict, answer, observedAt } = observed
  if (verdict === 'unanswered' || answer === undefined) return []
  const words = typeof answer === 'string' ? observation.words?.[answer] : undefined
  return [
    {
      ...{ experiment, result, observation: observation.name, question: observation.text },
      ...{ answer, verdict, observedAt },
      ...(words !== undefined && { words }),
    },
  ]
}
