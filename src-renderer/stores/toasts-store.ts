/** Short messages about what an action did, or why it could not. Texts are translated already. */
import { defineStore } from 'pinia'
import { shallowRef } from 'vue'

export interface Toast {
  id: number
  tone: 'success' | 'error'
  /** What happened, and where. */
  title: string
  detail?: string
  /** What to do. */
  remedy?: string
  action?: { label: string; run: () => void }
}

const SHOWN_TOASTS = 4

export const useToastsStore = defineStore('toasts', () => {
  const toasts = shallowRef<readonly Toast[]>([])
  let nextId = 0

  function show(toast: Omit<Toast, 'id'>): void {
    toasts.value = [...toasts.value, { ...toast, id: nextId++ }].slice(-SHOWN_TOASTS)
  }

  function dismiss(id: number): void {
    toasts.value = toasts.value.filter((toast) => toast.id !== id)
  }

  return { toasts, show, dismiss }
})
