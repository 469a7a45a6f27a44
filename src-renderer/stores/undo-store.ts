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

  /** Takes a step out, the newest when none is named; `undefined` when it was taken before. */
  function take(id = steps.value.at(-1)?.id): UndoStep | undefined {
    const step = steps.value.find((one) => one.id === id)
    steps.value = steps.value.filter((one) => one !== step)
    return step
  }

  return { steps, record, take }
})
