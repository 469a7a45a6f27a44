/** Whether the board still suggests a first thing to do: after the first-run page has made a lab, until it was done or declined. */
import { defineStore } from 'pinia'
import { ref } from 'vue'

export const useFirstStepStore = defineStore('first-step', () => {
  const isOffered = ref(false)

  function offer(): void {
    isOffered.value = true
  }

  function settle(): void {
    isOffered.value = false
  }

  return { isOffered, offer, settle }
})
