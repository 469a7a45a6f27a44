/** An answer whose evidence is looked at. */
import type { SideName } from '@common/experiments/experiment.ts'
import type { Evidence } from '@common/experiments/side-record.ts'
import type { Time } from '@common/api/meta.ts'

export interface ShownEvidence {
  side: SideName
  /** In the user's language. */
  question: string
  answer: string
  observedAt: Time
  evidence: readonly Evidence[]
  /** Where the expectation comes from. */
  source?: string
  /** Why there is no answer. */
  message?: string
}
