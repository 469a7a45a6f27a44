/** What labs and tasks say of themselves, in the language of the window. */
import { useI18n } from 'vue-i18n'
import type { LabText } from '@common/lab/lab-texts.ts'

/** @returns the text in the user's language; where there is none, the English message */
export function useLabText(): (text: LabText | undefined, message?: string) => string {
  const { t, n, locale } = useI18n()

  function read(text: LabText): string {
    if (!('text' in text)) return text[locale.value === 'ko' ? 'ko' : 'en'].replaceAll('`', '')
    const values = Object.entries(text.values ?? {}).map(([name, value]) => {
      if (typeof value === 'object') return [name, read(value)]
      return [name, typeof value === 'number' ? n(value) : value]
    })
    return t(`labTexts.${text.text}`, Object.fromEntries(values) as Record<string, string>)
  }

  return (text, message = '') => (text === undefined ? message : read(text))
}
