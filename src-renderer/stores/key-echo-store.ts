/** The shortcut that was pressed last, shown large to an audience for a moment. */
import { defineStore } from 'pinia'
import { shallowRef } from 'vue'

const SHOWN_MS = 1_600

export const useKeyEchoStore = defineStore('key-echo', () => {
  const caps = shallowRef<readonly string[]>([])
  let timer: ReturnType<typeof setTimeout> | undefined

  function show(pressed: readonly string[]): void {
    clearTimeout(timer)
    caps.value = pressed
    timer = setTimeout(() => (caps.value = []), SHOWN_MS)
  }

  return { caps, show }
})
