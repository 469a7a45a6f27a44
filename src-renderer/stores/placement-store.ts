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

/** A text that was begun in the dialog and not put anywhere yet. */
export interface KeptDraft {
  name: string
  /** Otherwise it follows the text. */
  isNameTyped: boolean
  content: string
}

/** What the dialog "Move to…" or "Copy to…" is about. */
export interface TransferDraft {
  mode: 'move' | 'copy'
  lab: string
  files: readonly FileReference[]
}

/** Of drafts that began with no sample. */
const OWN = ''

export const usePlacementStore = defineStore('placement', () => {
  const queue = shallowRef<readonly (readonly PendingPlacement[])[]>([])
  const draft = shallowRef<ManifestDraft>()
  const transfer = shallowRef<TransferDraft>()
  /** By what they began with: each sample, and everything else. */
  const kept = new Map<string, KeptDraft>()
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

  /** What was written the last time from the same beginning. A text that comes along, as by paste, is what is meant instead. */
  function keptFor({ sampleId, content }: ManifestDraft): KeptDraft | undefined {
    return sampleId === undefined && content !== '' ? undefined : kept.get(sampleId ?? OWN)
  }

  /** Keeps what was written for the next time; a text that is empty, or as it came, only where nothing else would be lost. */
  function keep({ sampleId = OWN, content }: ManifestDraft, written: KeptDraft): void {
    if (written.content.trim() === '' || (sampleId !== OWN && written.content === content)) kept.delete(sampleId)
    else if (written.content !== content || !kept.has(sampleId)) kept.set(sampleId, written)
  }

  function forget({ sampleId = OWN }: ManifestDraft): void {
    kept.delete(sampleId)
  }

  function openTransfer(next: TransferDraft): void {
    transfer.value = next
  }

  function closeTransfer(): void {
    transfer.value = undefined
  }

  return {
    queue,
    asked,
    draft,
    transfer,
    ask,
    settle,
    openDraft,
    closeDraft,
    keptFor,
    keep,
    forget,
    openTransfer,
    closeTransfer,
  }
})
