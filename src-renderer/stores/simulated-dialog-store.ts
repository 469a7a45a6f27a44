/** Which dialog about simulated nodes is open: it can be asked for from the lab's menu and from their own section. */
import { defineStore } from 'pinia'
import { ref } from 'vue'

export const useSimulatedDialogStore = defineStore('simulated-dialog', () => {
  const open = ref<'add' | 'remove'>()

  function show(dialog: 'add' | 'remove'): void {
    open.value = dialog
  }

  function close(): void {
    open.value = undefined
  }

  return { open, show, close }
})
