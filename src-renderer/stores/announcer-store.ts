/** What a screen reader should say now; read out by the live region of `TheAnnouncer.vue`. */
import { defineStore } from 'pinia'
import { ref } from 'vue'

export const useAnnouncerStore = defineStore('announcer', () => {
  const message = ref('')

  function say(text: string): void {
    message.value = text
  }

  return { message, say }
})
