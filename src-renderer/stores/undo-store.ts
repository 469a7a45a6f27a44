/** What can still be taken back, the newest last. */
import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { ManifestChange } from '../model/manifest-change.ts'

export interface UndoStep {
  id: number
  /** What was done, in words. */
  title: string
  changes: readonly ManifestChange[]
}

const KEPT_STEPS = 50

export const useUndoStore = defineStore('undo', () => {
  const steps = shallowRef<readonly UndoStep[]>([])
  let nextId = 0

  function record(title: string, changes: readonly ManifestChange[]): UndoStep {
    const step = { id: nextId++, title, changes }
    steps.value = [...steps.value, step].slice(-KEPT_STEPS)
    return step
  }

  /** Takes a step out; `undefined` when it was taken before. */
  function take(id: number): UndoStep | undefined {
    const step = steps.value.find((one) => one.id === id)
    steps.value = steps.value.filter((one) => one !== step)
    return step
  }

  /** Takes out the newest step of a lab. */
  function takeLast(lab: string): UndoStep | undefined {
    const step = steps.value.findLast((one) => isOfLab(one, lab))
    return step && take(step.id)
  }

  /** For what of a step that was taken could not be taken back. */
  function putBack(step: UndoStep): void {
    steps.value = [...steps.value, step].toSorted((one, other) => one.id - other.id)
  }

  function has(id: number): boolean {
    return steps.value.some((step) => step.id === id)
  }

  function removeLab(lab: string): void {
    steps.value = steps.value.filter((step) => !isOfLab(step, lab))
  }

  return { steps, record, has, take, takeLast, putBack, removeLab }
})

function isOfLab({ changes }: UndoStep, lab: string): boolean {
  return changes.some((change) => change.lab === lab)
}
