/** What is being dragged over the board, and above which place. A drag from outside keeps its content to itself until it is let go. */
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'

export interface CarriedManifest {
  name: string
  /** Absent until it has been read. */
  content?: string
}

/** `shelf`: a sample, always copied; `node`: files of a node; `outside`: so many things from another program. */
export type Carried =
  | { kind: 'shelf'; manifests: readonly CarriedManifest[] }
  | { kind: 'node'; manifests: readonly (CarriedManifest & { node: string })[] }
  | { kind: 'outside'; count: number }

/** Type of data that marks a drag as one of this window's. */
export const OWN_DRAG = 'application/x-node-lab'

/** Nodes that would get it, or the bin. */
export type DropPlace = { kind: 'nodes'; nodes: readonly string[] } | { kind: 'bin' }

export const useDragStore = defineStore('drag', () => {
  const carried = shallowRef<Carried>()
  const place = shallowRef<DropPlace>()
  /** Whether Ctrl (Option on a Mac) is held, so that files of a node are copied. */
  const isCopy = ref(false)
  const isMove = computed(() => carried.value?.kind === 'node' && !isCopy.value)

  function begin(what: Carried): void {
    carried.value = what
    isCopy.value = false
  }

  /** A content that was read while its file hangs in the air. */
  function fill(node: string, name: string, content: string): void {
    if (carried.value?.kind !== 'node') return
    const manifests = carried.value.manifests.map((one) =>
      one.node === node && one.name === name ? { ...one, content } : one,
    )
    carried.value = { kind: 'node', manifests }
  }

  function end(): void {
    carried.value = undefined
    place.value = undefined
  }

  function isOver(node: string): boolean {
    return place.value?.kind === 'nodes' && place.value.nodes.includes(node)
  }

  return { carried, place, isCopy, isMove, begin, fill, end, isOver }
})
