/** The sample shelf. */
import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { Sample } from '@common/ipc/calls.ts'

export const useSamplesStore = defineStore('samples', () => {
  const samples = shallowRef<readonly Sample[]>([])
  /** The sample that is being dragged: a drag from outside hides its content until it is dropped, this one does not. */
  const dragged = shallowRef<Sample>()

  function setAll(list: readonly Sample[]): void {
    samples.value = list
  }

  return { samples, dragged, setAll }
})
