/** Manifests on their way to a node: those that somebody has to be asked about, and the dialog in which one is written. */
import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'

/** A manifest that would overwrite something, or push it aside. */
export interface PendingPlacement {
  lab: string
  node: string
  name: string
  content: string
}

/** What the dialog "Add a manifest" starts with. */
export interface ManifestDraft {
  node?: string
  name: string
  content: string
  sampleId?: string
}

export const usePlacementStore = defineStore('placement', () => {
  const queue = shallowRef<readonly PendingPlacement[]>([])
  const draft = shallowRef<ManifestDraft>()
  const asked = computed(() => queue.value[0])

  function ask(pending: PendingPlacement): void {
    queue.value = [...queue.value, pending]
  }

  function settle(): void {
    queue.value = queue.value.slice(1)
  }

  function openDraft(next: ManifestDraft): void {
    draft.value = next
  }

  function closeDraft(): void {
    draft.value = undefined
  }

  return { queue, asked, draft, ask, settle, openDraft, closeDraft }
})
