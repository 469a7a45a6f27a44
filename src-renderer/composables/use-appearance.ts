/** Puts the settings on the page: theme, contrast, size, motion, presenter mode and language; and hears what the system wants. */
import { useMediaQuery } from '@vueuse/core'
import { watch, watchEffect } from 'vue'
import { useI18n } from 'vue-i18n'
import { useConnectionStore } from '../stores/connection-store.ts'
import { useSettingsStore } from '../stores/settings-store.ts'
import { useNotify } from './use-notify.ts'

/** Once, by the window itself. */
export function useAppearance(): void {
  const settings = useSettingsStore()
  const connection = useConnectionStore()
  const notify = useNotify()
  const { t, locale } = useI18n()
  const systemIsDark = useMediaQuery('(prefers-color-scheme: dark)')
  const systemWantsContrast = useMediaQuery('(prefers-contrast: more)')
  const root = document.documentElement

  watchEffect(() => (settings.systemIsDark = systemIsDark.value))
  watchEffect(() => (settings.systemWantsContrast = systemWantsContrast.value))
  watchEffect(() => (settings.isZoomedByShell = connection.appInfo?.host === 'electron'))
  watchEffect(() => {
    locale.value = settings.locale
    root.lang = settings.locale
    root.dataset['theme'] = settings.isDark ? 'dark' : 'light'
    root.style.setProperty('--scale', String(settings.scale))
    setFlag('contrast', settings.isHighContrast, 'more')
    setFlag('motion', settings.values.reducedMotion === 'on', 'reduced')
    setFlag('presenter', settings.isPresenting, 'on')
  })
  watch(
    () => settings.fault,
    (fault) => fault !== undefined && notify.failure(t('toast.failed.settings'), fault),
  )

  function setFlag(name: string, isSet: boolean, value: string): void {
    if (isSet) root.dataset[name] = value
    else delete root.dataset[name]
  }
}
