/** Spans of time in kubectl's steps and the user's language: `3m12s`, `3분 12초`. */
import { useI18n } from 'vue-i18n'
import { formatHumanDuration } from '@common/api/duration.ts'

const PART = /(\d+)([ydhms])/g

/** Takes milliseconds; negative ones (clocks that differ) count as zero. */
export function useDuration(): (milliseconds: number) => string {
  const { t } = useI18n()
  const units: Record<string, () => string> = {
    y: () => t('units.y'),
    d: () => t('units.d'),
    h: () => t('units.h'),
    m: () => t('units.m'),
    s: () => t('units.s'),
  }
  return (milliseconds) =>
    [...formatHumanDuration(Math.max(0, milliseconds)).matchAll(PART)]
      .map(([, amount, unit = '']) => `${amount}${units[unit]?.() ?? unit}`)
      .join(t('units.gap'))
}
