/** What the inspector is about. */
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { RowReference } from '../model/board-rows.ts'
import { useLabsStore } from './labs-store.ts'

/** Tabs of a pod, beside the board and on its page. */
export const INSPECTOR_TABS = [
  'lifecycle',
  'containers',
  'events',
  'logs',
  'terminal',
  'manifest',
  'object',
  'api',
] as const
export type InspectorTab = (typeof INSPECTOR_TABS)[number]

export const useSelectionStore = defineStore('selection', () => {
  const labs = useLabsStore()
  const chosen = shallowRef<{ lab: string | undefined; reference: RowReference }>()
  /** Of the lab that is looked at: another lab has other pods, perhaps of the same names. */
  const selected = computed(() => {
    const { lab, reference } = chosen.value ?? {}
    return lab === undefined || lab === labs.current?.name ? reference : undefined
  })
  const tab = ref<InspectorTab>('lifecycle')
  /** Container that the log panel shows; the pod's first one when unset. */
  const container = ref<string>()

  function select(reference: RowReference, openTab?: InspectorTab, logContainer?: string): void {
    chosen.value = { lab: labs.current?.name, reference }
    container.value = logContainer
    if (openTab !== undefined) tab.value = openTab
  }

  function clear(): void {
    chosen.value = undefined
  }

  return { selected, tab, container, select, clear }
})
