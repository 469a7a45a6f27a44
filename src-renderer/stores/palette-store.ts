/** What is open above the window by keyboard: the palette or the list of shortcuts; and which commands were used lately. */
import { defineStore } from 'pinia'
import { ref } from 'vue'
import { readSetting, writeSetting } from './stored-setting.ts'

const RECENT_KEY = 'node-lab.recent-commands'
const KEPT_RECENT = 5

export const usePaletteStore = defineStore('palette', () => {
  const opened = ref<'palette' | 'shortcuts'>()
  /** Ids of commands, the last one first. */
  const recent = ref<readonly string[]>((readSetting(RECENT_KEY) ?? '').split('\n').filter((id) => id !== ''))

  function open(what: 'palette' | 'shortcuts'): void {
    opened.value = what
  }

  function close(): void {
    opened.value = undefined
  }

  function toggle(what: 'palette' | 'shortcuts'): void {
    opened.value = opened.value === what ? undefined : what
  }

  function remember(id: string): void {
    recent.value = [id, ...recent.value.filter((other) => other !== id)].slice(0, KEPT_RECENT)
    writeSetting(RECENT_KEY, recent.value.join('\n'))
  }

  return { opened, recent, open, close, toggle, remember }
})
