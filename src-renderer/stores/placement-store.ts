/** Manifests on their way to nodes: those that somebody has to be asked about, and the dialogs in which one is written or sent on. */
import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import type { FileReference } from './picks-store.ts'

/** A manifest and where it shall lie. */
export interface PendingPlacement {
  lab: string
  node: string
  name: string
  content: string
  /** Where it is taken from; it is removed there once all its copies lie where they shall. */
  movedFrom?: FileReference
}

/** What the dialog "Add a manifest" starts with. */
export interface ManifestDraft {
  node?: string
  name: string
  content: string
  sampleId?: string
}

/** What the dialog "Move to…" or "Copy to…" is about. */
export interface TransferDraft {
  mode: 'move' | 'copy'
  lab: string
  files: readonly FileReference[]
}

export const usePlacementStore = defineStore('placement', () => {
  const queue = shallowRef<readonly (readonly PendingPlacement[])[]>([])
  const draft = shallowRef<ManifestDraft>()
  const transfer = shallowRef<TransferDraft>()
  /** What belongs to one gesture is one question. */
  const asked = computed(() => queue.value[0])

  function ask(pending: readonly PendingPlacement[]): void {
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

  function openTransfer(next: TransferDraft): void {
    transfer.value = next
  }

  function closeTransfer(): void {
    transfer.value = undefined
  }

  return { queue, asked, draft, transfer, ask, settle, openDraft, closeDraft, openTransfer, closeTransfer }
})
