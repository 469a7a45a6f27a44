/** One thing that follows from an action, and whether it has been seen. Plain data; the words are the language's. */
import type { DrainOutcome } from '@common/lab/drain-outcome.ts'
import type { ExplainedAction } from './explained-action.ts'
import type { Baseline, LiveState } from './live-state.ts'

export type ExpectationId =
  | 'ended'
  | 'restarted'
  | 'backsOff'
  | 'phaseFailed'
  | 'staysEnded'
  | 'nobodyRestarts'
  | 'samePod'
  | 'kubeletAway'
  | 'kubeletBack'
  | 'containersRun'
  | 'containersKept'
  | 'nodeOff'
  | 'nodeOn'
  | 'containersDead'
  | 'podsRun'
  | 'notReady'
  | 'ready'
  | 'podsNotReady'
  | 'tainted'
  | 'evicted'
  | 'componentGone'
  | 'componentRuns'
  | 'apiAway'
  | 'apiReady'
  | 'othersRun'
  | 'newPodsWait'
  | 'oldGone'
  | 'mirrorBack'
  | 'containersSame'
  | 'replaced'
  | 'cordoned'
  | 'uncordoned'
  | 'drained'
  | 'elsewhere'
  | 'budgetBlocks'
  | 'othersStay'

/** What it was seen by: names, numbers and ids for the sentence. */
export type Evidence = Readonly<Record<string, string | number>>

export interface Expectation {
  id: ExpectationId
  /** `not-seen`: it did not come in its time, or was seen not to hold; `overtaken`: what was done was undone before it could come. */
  state: 'pending' | 'seen' | 'not-seen' | 'overtaken'
  evidence?: Evidence
  /** From the action to the moment in which it was seen, in milliseconds. */
  tookMs?: number
}

export interface Scene {
  action: ExplainedAction
  baseline: Baseline
  live: LiveState
  /** What a drain was answered, once it was. */
  outcome?: DrainOutcome
}

/** A rule how an expectation is judged. */
export type Rule = HappeningRule | HoldingRule

export interface HappeningRule {
  id: ExpectationId
  form: 'happens'
  /** When it is no longer waited for, in milliseconds after the action. */
  limitMs: number
  /** It need not come, and is told only when it does. */
  isOptional?: true
  /** Its evidence once it has happened; `atMs`: when, where something says so. */
  find(scene: Scene): { evidence: Evidence; atMs?: number } | undefined
  /** It will not come any more, so that nobody need wait. */
  isHopeless?(scene: Scene): boolean
}

/** It has to be so all the time, until everything else is over. */
export interface HoldingRule {
  id: ExpectationId
  form: 'holds'
  /** `undefined`: nothing can be said now. */
  judge(scene: Scene): { isSo: boolean; evidence: Evidence } | undefined
}
