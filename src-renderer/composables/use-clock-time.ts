/** The time of day to the second, in the user's language; empty for what is no time. Takes milliseconds since 1970. */
import { computed } from 'vue'
import { useI18n } from 'vue-i18n'

export function useClockTime(): (time: number) => string {
  const { locale } = useI18n()
  const format = computed(
    () =>
      new Intl.DateTimeFormat(locale.value, {
        hour: '2-digit',
        minute: '2-digit',
        second: '2-digit',
        hourCycle: 'h23',
      }),
  )
  return (time) => (Number.isNaN(new Date(time).getTime()) ? '' : format.value.format(new Date(time)))
}
