/** The pod that is pointed at: its file, the machine on the node and its reflection light up together. */
import { defineStore } from 'pinia'
import { ref } from 'vue'
import type { RowReference } from '../model/board-rows.ts'

export const useHighlightStore = defineStore('highlight', () => {
  const lit = ref<string>()

  function light(reference: RowReference | undefined): void {
    lit.value = reference === undefined ? undefined : keyOf(reference)
  }

  function isLit(reference: RowReference): boolean {
    return lit.value !== undefined && lit.value === keyOf(reference)
  }

  /** The same by `node/namespace/name`. */
  function isLitKey(key: string): boolean {
    return lit.value === key
  }

  return { light, isLit, isLitKey }
})

/** Namespace and name are what a static pod and its mirror share; a file without a pod has no counterpart. */
function keyOf({ node, pod }: RowReference): string | undefined {
  return pod === undefined ? undefined : `${node}/${pod.namespace}/${pod.name}`
}
