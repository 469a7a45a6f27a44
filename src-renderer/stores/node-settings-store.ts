/** Whose settings are open: they can be asked for from a node's menu and from the palette. */
import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { NodeTarget } from '@common/ipc/calls.ts'

export const useNodeSettingsStore = defineStore('node-settings', () => {
  const open = shallowRef<NodeTarget>()

  function show({ lab, node }: NodeTarget): void {
    open.value = { lab, node }
  }

  function close(): void {
    open.value = undefined
  }

  return { open, show, close }
})
