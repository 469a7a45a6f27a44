/** Which panel of the status bar is open: tasks, messages, or none. */
import { defineStore } from 'pinia'
import { ref } from 'vue'

export type StatusPanel = 'tasks' | 'messages'

export const useStatusPanelsStore = defineStore('status-panels', () => {
  const opened = ref<StatusPanel>()

  function open(panel: StatusPanel): void {
    opened.value = panel
  }

  function set(panel: StatusPanel, isOpen: boolean): void {
    if (isOpen) opened.value = panel
    else if (opened.value === panel) opened.value = undefined
  }

  return { opened, open, set }
})
