/** Theme and language of this window. */
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { readSetting, writeSetting } from './stored-setting.ts'

export const THEMES = ['system', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]
export const LOCALES = ['en', 'ko'] as const
export type Locale = (typeof LOCALES)[number]

const THEME_KEY = 'node-lab.theme'
const LOCALE_KEY = 'node-lab.locale'

export const useSettingsStore = defineStore('settings', () => {
  const theme = ref<Theme>(THEMES.find((known) => known === readSetting(THEME_KEY)) ?? 'system')
  const locale = ref<Locale>(LOCALES.find((known) => known === readSetting(LOCALE_KEY)) ?? systemLocale())
  const systemIsDark = ref(false)
  const isDark = computed(() => theme.value === 'dark' || (theme.value === 'system' && systemIsDark.value))

  function setTheme(next: Theme): void {
    theme.value = next
    writeSetting(THEME_KEY, next)
  }

  function setLocale(next: Locale): void {
    locale.value = next
    writeSetting(LOCALE_KEY, next)
  }

  return { theme, locale, systemIsDark, isDark, setTheme, setLocale }
})

function systemLocale(): Locale {
  return navigator.language.toLowerCase().startsWith('ko') ? 'ko' : 'en'
}
