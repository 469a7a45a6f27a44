/** How terminals of this window behave. */
import { defineStore } from 'pinia'
import { ref } from 'vue'
import { readSetting, writeSetting } from './stored-setting.ts'

const SCREEN_READER_KEY = 'node-lab.terminal-screen-reader'

export const useTerminalPreferencesStore = defineStore('terminal-preferences', () => {
  /** xterm's mode that gives the output to screen readers line by line; it costs speed, so it is asked for. */
  const screenReader = ref(readSetting(SCREEN_READER_KEY) === 'on')

  function setScreenReader(isOn: boolean): void {
    screenReader.value = isOn
    writeSetting(SCREEN_READER_KEY, isOn ? 'on' : 'off')
  }

  return { screenReader, setScreenReader }
})
