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
  type SettingsChange,
  type SettingsState,
  type Theme,
} from '@common/settings/settings.ts'
import { call } from '../bridge/client.ts'
import { readSetting, writeSetting } from './stored-setting.ts'

/** What counted last time, so that the first picture has the right colours and language already. */
const LAST_KEY = 'node-lab.settings'
/** As Electron zooms, so that a step is the same size in both shells. */
const FACTOR_OF_ZOOM_LEVEL = 1.2
/** For people who sit in the last row. */
const PRESENTER_FACTOR = 1.3

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

  function setState(next: SettingsState): void {
    state.value = next
    values.value = next.settings
    writeSetting(LAST_KEY, JSON.stringify(next.settings))
  }

  /** Counts in this window at once; the file follows. */
  function change(wanted: Partial<Settings>, options: { replaceBroken?: boolean } = {}): void {
    values.value = { ...values.value, ...wanted }
    const parameters: { change: SettingsChange; replaceBroken?: boolean } = { change: wanted, ...options }
    call('settings/write', parameters).then(setState, (error: unknown) => (fault.value = error))
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
