/** Spans of time in the user's language: `3m12s`, `3분 12초`. */
import { useI18n } from 'vue-i18n'
import { shortDuration } from '../model/duration.ts'

/** Takes milliseconds. */
export function useDuration(): (milliseconds: number) => string {
  const { t } = useI18n()
  return (milliseconds) =>
    shortDuration(milliseconds, {
      d: t('units.d'),
      h: t('units.h'),
      m: t('units.m'),
      s: t('units.s'),
      gap: t('units.gap'),
    })
}
