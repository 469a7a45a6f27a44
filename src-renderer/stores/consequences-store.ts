/** Actions whose consequences are being watched in this window, the newest first. They outlive a change of place. */
import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { DrainOutcome } from '@common/lab/drain-outcome.ts'
import { computeConsequences, isConcluded } from '../model/compute-consequences.ts'
import type { ExplainedAction } from '../model/consequences/explained-action.ts'
import type { Expectation } from '../model/consequences/expectation.ts'
import { takeBaseline, type Baseline, type LiveState } from '../model/consequences/live-state.ts'

export interface WatchedAction {
  id: number
  action: ExplainedAction
  baseline: Baseline
  expectations: readonly Expectation[]
  isConcluded: boolean
  /** What it was answered, if it was a drain. */
  outcome?: DrainOutcome
}

/** More would be a list that nobody reads; those that are over go first. */
const MAXIMUM_WATCHED = 6

export const useConsequencesStore = defineStore('consequences', () => {
  const watched = shallowRef<readonly WatchedAction[]>([])
  let lastId = 0

  /** Before the action is asked for. */
  function begin(action: ExplainedAction, live: LiveState): number {
    const id = (lastId += 1)
    const baseline = takeBaseline(action, live)
    const expectations = computeConsequences({ action, baseline, live }, [])
    const others = watched.value.filter((one) => !isSameSubject(one.action, action))
    watched.value = limit([{ id, action, baseline, expectations, isConcluded: false }, ...others])
    return id
  }

  /** `liveOf`: what is known now, for each action that is not over; who waits for a component may come later. */
  function look(liveOf: (action: ExplainedAction) => LiveState): void {
    watched.value = watched.value.map((one) => {
      if (one.isConcluded && one.action.kind !== 'ComponentStopped') return one
      const { action, baseline, outcome } = one
      const scene = { action, baseline, live: liveOf(action), ...(outcome && { outcome }) }
      const expectations = computeConsequences(scene, one.expectations)
      return { ...one, expectations, isConcluded: isConcluded(expectations) }
    })
  }

  function learn(id: number, outcome: DrainOutcome): void {
    watched.value = watched.value.map((one) => (one.id === id ? { ...one, outcome } : one))
  }

  function dismiss(id: number): void {
    watched.value = watched.value.filter((one) => one.id !== id)
  }

  function removeLab(lab: string): void {
    watched.value = watched.value.filter(({ action }) => action.lab !== lab)
  }

  /** The latest of a kind about a pod. */
  function deletionOf(lab: string, namespace: string, name: string): WatchedAction | undefined {
    return watched.value.find(
      ({ action }) =>
        action.kind === 'ApiPodDeleted' &&
        action.lab === lab &&
        action.pod.namespace === namespace &&
        action.pod.name === name,
    )
  }

  return { watched, begin, look, learn, dismiss, removeLab, deletionOf }
})

/** The same done once more takes the place of what was watched before. */
function isSameSubject(one: ExplainedAction, other: ExplainedAction): boolean {
  return one.kind === other.kind && JSON.stringify({ ...one, uid: '' }) === JSON.stringify({ ...other, uid: '' })
}

function limit(watched: readonly WatchedAction[]): readonly WatchedAction[] {
  if (watched.length <= MAXIMUM_WATCHED) return watched
  const goes = watched.findLast((one) => one.isConcluded) ?? watched.at(-1)
  return watched.filter((one) => one !== goes)
}
