/** How this window looks: theme, language, size, and whether it is shown to an audience. */
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { readSetting, writeSetting } from './stored-setting.ts'

/** `contrast` is high contrast, dark or light as the system is. */
export const THEMES = ['system', 'light', 'dark', 'contrast'] as const
export type Theme = (typeof THEMES)[number]
export const LOCALES = ['en', 'ko'] as const
export type Locale = (typeof LOCALES)[number]

/** Steps of the zoom either way. */
export const MAX_ZOOM = 3
const FACTOR_OF_STEP = 1.1
/** For people who sit in the last row. */
const PRESENTER_FACTOR = 1.3

const THEME_KEY = 'node-lab.theme'
const LOCALE_KEY = 'node-lab.locale'
const ZOOM_KEY = 'node-lab.zoom'
const PRESENTER_KEY = 'node-lab.presenter'

export const useSettingsStore = defineStore('settings', () => {
  const theme = ref<Theme>(THEMES.find((known) => known === readSetting(THEME_KEY)) ?? 'system')
  const locale = ref<Locale>(LOCALES.find((known) => known === readSetting(LOCALE_KEY)) ?? systemLocale())
  const zoom = ref(clampZoom(Number(readSetting(ZOOM_KEY) ?? 0)))
  const isPresenting = ref(readSetting(PRESENTER_KEY) === 'true')
  const systemIsDark = ref(false)
  const systemWantsContrast = ref(false)

  const isDark = computed(
    () => theme.value === 'dark' || ((theme.value === 'system' || theme.value === 'contrast') && systemIsDark.value),
  )
  const isHighContrast = computed(
    () => theme.value === 'contrast' || (theme.value === 'system' && systemWantsContrast.value),
  )
  /** What everything that is measured in rem is multiplied with. */
  const scale = computed(() => FACTOR_OF_STEP ** zoom.value * (isPresenting.value ? PRESENTER_FACTOR : 1))

  function setTheme(next: Theme): void {
    theme.value = next
    writeSetting(THEME_KEY, next)
  }

  function setLocale(next: Locale): void {
    locale.value = next
    writeSetting(LOCALE_KEY, next)
  }

  /** Beyond the last step it stays there. */
  function setZoom(next: number): void {
    zoom.value = clampZoom(next)
    writeSetting(ZOOM_KEY, String(zoom.value))
  }

  function setPresenting(next: boolean): void {
    isPresenting.value = next
    writeSetting(PRESENTER_KEY, String(next))
  }

  return {
    theme,
    locale,
    zoom,
    isPresenting,
    systemIsDark,
    systemWantsContrast,
    isDark,
    isHighContrast,
    scale,
    setTheme,
    setLocale,
    setZoom,
    setPresenting,
  }
})

function clampZoom(step: number): number {
  return Number.isInteger(step) ? Math.min(MAX_ZOOM, Math.max(-MAX_ZOOM, step)) : 0
}

function systemLocale(): Locale {
  return navigator.language.toLowerCase().startsWith('ko') ? 'ko' : 'en'
}
