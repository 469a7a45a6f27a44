/** The app's settings as they count in this window. They live in a file behind `settings/…`; this is what is known of it. */
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { parseSettings } from '@common/settings/parse-settings.ts'
import {
  defaultSettings,
  HIGHEST_ZOOM_LEVEL,
  LOWEST_ZOOM_LEVEL,
  resolveLocale,
  type Locale,
  type Settings,
  type SettingsState,
  type Theme,
} from '@common/settings/settings.ts'
import type { IpcCalls } from '@common/ipc/calls.ts'
import { isLabError } from '@common/lab-error.ts'
import { call } from '../bridge/client.ts'
import { readSetting, writeSetting } from './stored-setting.ts'

/** What counted last time, so that the first picture has the right colours and language already. */
const LAST_KEY = 'node-lab.settings'
/** As Electron zooms, so that a step is the same size in both shells. */
const FACTOR_OF_ZOOM_LEVEL = 1.2
/** For people who sit in the last row. */
const PRESENTER_FACTOR = 1.3

/** A write whose answer was lost with the connection may be done again: it says the same. */
const MOST_WRITES = 4

export const useSettingsStore = defineStore('settings', () => {
  const values = shallowRef<Settings>({
    ...defaultSettings('linux'),
    ...parseSettings(readSetting(LAST_KEY) ?? '').values,
  })
  /** What is known of the file; absent until it was read. */
  const state = shallowRef<SettingsState>()
  /** Why the last change could not be written; it counts in this window all the same. */
  const fault = shallowRef<unknown>()
  const systemIsDark = ref(false)
  const systemWantsContrast = ref(false)
  /** An Electron window is zoomed as a whole by its shell; in a browser the page does it. */
  const isZoomedByShell = ref(false)

  const theme = computed(() => values.value.theme)
  const locale = computed<Locale>(() => resolveLocale(values.value.locale, navigator.language))
  const zoomLevel = computed(() => values.value.zoomLevel)
  const isPresenting = computed(() => values.value.presenter)
  const isDark = computed(
    () => theme.value === 'dark' || ((theme.value === 'system' || theme.value === 'contrast') && systemIsDark.value),
  )
  const isHighContrast = computed(
    () => theme.value === 'contrast' || (theme.value === 'system' && systemWantsContrast.value),
  )
  /** What everything that is measured in rem is multiplied with. */
  const scale = computed(() => {
    const zoom = isZoomedByShell.value ? 1 : FACTOR_OF_ZOOM_LEVEL ** zoomLevel.value
    return zoom * (isPresenting.value ? PRESENTER_FACTOR : 1)
  })

  /** Changes that the file does not have yet, the oldest first; the first one is being written. */
  const unwritten: IpcCalls['settings/write']['parameters'][] = []

  /** What is told of the file may be older than what was changed here since. */
  function setState(next: SettingsState): void {
    state.value = next
    values.value = Object.assign({ ...next.settings }, ...unwritten.map((write) => write.change))
    writeSetting(LAST_KEY, JSON.stringify(values.value))
  }

  /** Counts in this window at once; the file follows. */
  function change(wanted: Partial<Settings>, options: { replaceBroken?: boolean } = {}): void {
    values.value = { ...values.value, ...wanted }
    unwritten.push({ change: wanted, ...options })
    if (unwritten.length === 1) void writeAll()
  }

  /** One after the other, so that what was wanted last counts. */
  async function writeAll(): Promise<void> {
    for (let write = unwritten[0]; write !== undefined; write = unwritten[0]) {
      try {
        const next = await writePatiently(write)
        unwritten.shift()
        setState(next)
      } catch (error) {
        unwritten.shift()
        fault.value = error
      }
    }
  }

  function setTheme(next: Theme): void {
    change({ theme: next })
  }

  function setLocale(next: Locale): void {
    change({ locale: next })
  }

  /** Beyond the last step it stays there. */
  function setZoomLevel(next: number): void {
    change({ zoomLevel: Math.min(HIGHEST_ZOOM_LEVEL, Math.max(LOWEST_ZOOM_LEVEL, next)) })
  }

  return {
    values,
    state,
    fault,
    theme,
    locale,
    zoomLevel,
    isPresenting,
    systemIsDark,
    systemWantsContrast,
    isZoomedByShell,
    isDark,
    isHighContrast,
    scale,
    setState,
    change,
    setTheme,
    setLocale,
    setZoomLevel,
  }
})

async function writePatiently(write: IpcCalls['settings/write']['parameters']): Promise<SettingsState> {
  for (let writes = 1; ; writes++) {
    try {
      return await call('settings/write', write)
    } catch (error) {
      if (writes === MOST_WRITES || !isLabError(error) || error.kind !== 'Unavailable') throw error
    }
  }
}
