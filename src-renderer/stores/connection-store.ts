/** Whether the main process can be reached, and what the app knows of itself. */
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { BridgeState } from '@common/ipc/bridge.ts'
import type { AppInfo } from '@common/ipc/calls.ts'

export const useConnectionStore = defineStore('connection', () => {
  const state = ref<BridgeState>('connecting')
  const wasOpen = ref(false)
  const appInfo = shallowRef<AppInfo>()
  /** True as soon as an open connection was lost, or the first one failed, until there is one again. */
  const isLost = ref(false)

  function setState(next: BridgeState): void {
    state.value = next
    if (next === 'open') {
      wasOpen.value = true
      isLost.value = false
    }
    if (next === 'closed') isLost.value = true
  }

  function setAppInfo(info: AppInfo): void {
    appInfo.value = info
  }

  const isOpen = computed(() => state.value === 'open')
  return { state, isOpen, isLost, wasOpen, appInfo, setState, setAppInfo }
})
