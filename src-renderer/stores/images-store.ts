/** What is known of images by name: whether one would have to be pulled. Forgotten with the window; a pull makes it untrue, and then the pod runs. */
import { defineStore } from 'pinia'
import { shallowRef } from 'vue'

export const useImagesStore = defineStore('images', () => {
  const isMissing = shallowRef<ReadonlyMap<string, boolean>>(new Map())

  function learn(asked: readonly string[], missing: readonly string[]): void {
    isMissing.value = new Map([...isMissing.value, ...asked.map((name) => [name, missing.includes(name)] as const)])
  }

  return { isMissing, learn }
})
