/** The way through the state machine that led to the present: which steps were taken, how often, and the last one. Pure. */
import type { Stretch } from './compute-lifecycle.ts'

export interface PathStep<Stage extends string> {
  from: Stage
  to: Stage
  /** How often it was taken. */
  count: number
}

export interface LifecyclePath<Stage extends string> {
  steps: PathStep<Stage>[]
  /** Where it is now; absent when it is nowhere any more. */
  present?: Stretch<Stage>
  /** The step by which the present came. */
  last?: { from: Stage; to: Stage; stretch: Stretch<Stage> }
}

/** Of the newest pod among the stretches: a pod of an earlier version of the manifest went a way of its own. */
export function computePath<Stage extends string>(stretches: readonly Stretch<Stage>[]): LifecyclePath<Stage> {
  const newest = stretches.at(-1)
  if (newest === undefined) return { steps: [] }
  const own = stretches.filter(({ uid }) => uid === newest.uid)
  const steps = new Map<string, PathStep<Stage>>()
  for (const [index, { stage: to }] of own.entries()) {
    const from = own[index - 1]?.stage
    if (from === undefined || from === to) continue
    const key = `${from}>${to}`
    steps.set(key, { from, to, count: (steps.get(key)?.count ?? 0) + 1 })
  }
  const at = own.findLastIndex(({ stage }, index) => index > 0 && own[index - 1]?.stage !== stage)
  const [before, stretch] = [own[at - 1], own[at]]
  return {
    steps: [...steps.values()],
    ...(newest.until === undefined && { present: newest }),
    ...(before !== undefined && stretch !== undefined && { last: { from: before.stage, to: stretch.stage, stretch } }),
  }
}
