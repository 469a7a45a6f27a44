/** The latest delete of each mirror pod that was asked for in this window, and what came of it. */
import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { ClusterView } from '@common/lab/cluster-view.ts'
import { observeDeletion, type MirrorDeletion } from '../model/mirror-deletion.ts'

export type MirrorPlace = Pick<MirrorDeletion, 'lab' | 'namespace' | 'name'>

export const useMirrorDeletionsStore = defineStore('mirror-deletions', () => {
  const deletions = shallowRef<ReadonlyMap<string, MirrorDeletion>>(new Map())

  function keyOf({ lab, namespace, name }: MirrorPlace): string {
    return `${lab}/${namespace}/${name}`
  }

  function begin(deletion: MirrorDeletion): void {
    deletions.value = new Map([...deletions.value, [keyOf(deletion), deletion]])
  }

  /** It was refused, or its story has been read. */
  function forget(place: MirrorPlace): void {
    deletions.value = new Map([...deletions.value].filter(([key]) => key !== keyOf(place)))
  }

  function observe(cluster: ClusterView, now: number): void {
    deletions.value = new Map(
      [...deletions.value].map(([key, deletion]) => [key, observeDeletion(deletion, cluster, now)]),
    )
  }

  function deletionOf(place: MirrorPlace): MirrorDeletion | undefined {
    return deletions.value.get(keyOf(place))
  }

  return { begin, forget, observe, deletionOf }
})
