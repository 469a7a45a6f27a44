/** Sizes as people read them: in the unit that leaves one to three digits, in the language of the window. */
import { useI18n } from 'vue-i18n'

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const

export function useBytes(): (bytes: number) => string {
  const { locale } = useI18n()
  return (bytes) => {
    const power = Math.min(UNITS.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)))
    return new Intl.NumberFormat(locale.value, {
      style: 'unit',
      unit: UNITS[power] ?? 'byte',
      maximumFractionDigits: 1,
    }).format(bytes / 1000 ** power)
  }
}
