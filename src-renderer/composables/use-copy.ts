/** Copies text to the clipboard and says so. */
import { useI18n } from 'vue-i18n'
import { useNotify } from './use-notify.ts'

export function useCopy(): (text: string) => Promise<void> {
  const notify = useNotify()
  const { t } = useI18n()
  return async (text) => {
    const isCopied = await notify.attempt(t('common.copy'), () => navigator.clipboard.writeText(text))
    if (isCopied) notify.success(t('common.copied'))
  }
}
