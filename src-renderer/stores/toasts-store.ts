/** Short messages about what an action did, or why it could not; and those of this session, so that none is missed. Texts are translated already. */
import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'

export interface Toast {
  id: number
  /** Milliseconds since the epoch. */
  atMs: number
  /** `warning`: it was done, and what was meant does not come of it. */
  tone: 'success' | 'warning' | 'error'
  /** What happened, and where. */
  title: string
  detail?: string
  /** What to do. */
  remedy?: string
  /** `isOffered`: whether it can still be done; absent, as long as the message is there. */
  action?: { label: string; run: () => void; isOffered?: () => boolean }
}

const SHOWN_TOASTS = 4
const KEPT_TOASTS = 100

export const useToastsStore = defineStore('toasts', () => {
  const toasts = shallowRef<readonly Toast[]>([])
  /** Newest first. */
  const history = shallowRef<readonly Toast[]>([])
  const seenUpTo = shallowRef(-1)
  const unseen = computed(() => history.value.filter(({ id }) => id > seenUpTo.value).length)
  let nextId = 0

  function show(toast: Omit<Toast, 'id' | 'atMs'>): void {
    const shown = { ...toast, id: nextId++, atMs: Date.now() }
    toasts.value = [...toasts.value, shown].slice(-SHOWN_TOASTS)
    history.value = [shown, ...history.value].slice(0, KEPT_TOASTS)
  }

  function dismiss(id: number): void {
    toasts.value = toasts.value.filter((toast) => toast.id !== id)
  }

  /** Somebody looks at the list of them. */
  function markSeen(): void {
    seenUpTo.value = nextId - 1
  }

  function clearHistory(): void {
    history.value = []
  }

  return { toasts, history, unseen, show, dismiss, markSeen, clearHistory }
})
