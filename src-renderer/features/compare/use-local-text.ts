/** Texts of experiments and their answers in the user's language. */
import { useI18n } from 'vue-i18n'
import type { Answer, LocalText } from '@common/experiments/experiment.ts'

export interface LocalTexts {
  read(text: LocalText): string
  /** @param words for an answer that is a word */
  answer(value: Answer | undefined, words?: LocalText): string
}

export function useLocalText(): LocalTexts {
  const { t, n, locale } = useI18n()
  /** Backticks around what machines say are for Markdown. */
  const read = (text: LocalText): string => text[locale.value === 'ko' ? 'ko' : 'en'].replaceAll('`', '')
  return {
    read,
    answer(value, words) {
      if (value === undefined) return t('compare.verdict.unanswered')
      if (words !== undefined) return read(words)
      if (typeof value === 'boolean') return t(value ? 'compare.answer.yes' : 'compare.answer.no')
      return typeof value === 'number' ? n(value) : value
    },
  }
}
