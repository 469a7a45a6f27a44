/** Holds what a command left behind against what is expected of it. */
import { compareTranscripts } from './compare-transcripts.ts'
import type { KubectlCase, Transcript } from './kubectl-case.ts'
import { requestsOf, transcriptOf, type Outcome } from './normalize.ts'
import { recordedTranscript } from './recordings.ts'

/** What a test compares: equal when the case holds. */
interface Judgement {
  expected: unknown
  observed: unknown
}

export function judgeOutcome({ expected }: KubectlCase, outcome: Outcome): Judgement {
  const printed = transcriptOf(outcome)
  if ('prints' in expected) return { expected: expected.prints, observed: printed }
  // kubectl walks through a Go map, which has no order.
  if ('printsInAnyOrder' in expected)
    return { expected: [...expected.printsInAnyOrder].sort(), observed: [...printed].sort() }
  if ('shows' in expected) {
    const missing = expected.shows.filter((line) => !printed.includes(line))
    return { expected: { missing: [] }, observed: missing.length === 0 ? { missing } : { missing, printed } }
  }
  const ours = [...printed, ...requestsOf(`${outcome.stderr}\n${outcome.stdout}`)]
  const difference = compareTranscripts(recordedTranscript(expected.recording), ours)
  const differs = expected.differs ?? []
  return {
    expected: sorted({
      recorded: differs.flatMap(({ recorded = [] }) => recorded),
      ours: differs.flatMap((one) => one.ours ?? []),
    }),
    observed: sorted(difference),
  }
}

/** Reasons take their lines from all over a transcript: order is what the comparison itself has checked. */
function sorted({ recorded, ours }: { recorded: Transcript; ours: Transcript }): unknown {
  return { recorded: recorded.toSorted(), ours: ours.toSorted() }
}
