/** Title and description of a sample in the user's language; samples that we have no words for get general ones. */
import { useI18n } from 'vue-i18n'
import { en } from '../locales/en.ts'

type SampleId = keyof typeof en.samples.item

export interface SampleText {
  title(id: string): string
  description(id: string): string
}

export function useSampleText(): SampleText {
  const { t } = useI18n()
  return {
    title: (id) => (isKnown(id) ? t(`samples.item.${id}.title`) : t('samples.other')),
    description: (id) => (isKnown(id) ? t(`samples.item.${id}.description`) : t('samples.other')),
  }
}

function isKnown(id: string): id is SampleId {
  return Object.hasOwn(en.samples.item, id)
}
