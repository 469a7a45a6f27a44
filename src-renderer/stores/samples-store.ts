/** The sample shelf. */
import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { Sample } from '@common/ipc/calls.ts'

/** From the first thing to try to the refusals; samples that are not named here come last. */
const SHELF_ORDER = ['web', 'hello', 'crash-loop', 'completes', 'two-containers', 'init', 'deployment', 'broken']

function shelfPlace(id: string): number {
  const place = SHELF_ORDER.indexOf(id)
  return place === -1 ? SHELF_ORDER.length : place
}

export const useSamplesStore = defineStore('samples', () => {
  const samples = shallowRef<readonly Sample[]>([])

  function setAll(list: readonly Sample[]): void {
    samples.value = list.toSorted((left, right) => shelfPlace(left.id) - shelfPlace(right.id))
  }

  return { samples, setAll }
})
