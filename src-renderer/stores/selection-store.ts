/** What the inspector is about. */
import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import type { RowReference } from '../model/board-rows.ts'

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
  const selected = shallowRef<RowReference>()
  const tab = ref<InspectorTab>('lifecycle')
  /** Container that the log panel shows; the pod's first one when unset. */
  const container = ref<string>()

  function select(reference: RowReference, openTab?: InspectorTab, logContainer?: string): void {
    selected.value = reference
    container.value = logContainer
    if (openTab !== undefined) tab.value = openTab
  }

  function clear(): void {
    selected.value = undefined
  }

  return { selected, tab, container, select, clear }
})
