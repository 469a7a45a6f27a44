/** Messages to the user about what was done, and about what failed: what, where, what to do. */
import { useI18n } from 'vue-i18n'
import { isLabError, toLabErrorData } from '@common/lab-error.ts'
import { useToastsStore, type Toast } from '../stores/toasts-store.ts'

export interface Notify {
  success(title: string, more?: Pick<Toast, 'detail' | 'action'>): void
  /** It was done; `detail` says why what was meant does not come of it. */
  warning(title: string, more: Pick<Toast, 'detail' | 'action'>): void
  /** `title` says what could not be done; cause and remedy come from the error. */
  failure(title: string, error: unknown): void
  /** Runs `act`; a rejection becomes a message with `title`. Resolves with whether it worked. */
  attempt(title: string, act: () => Promise<void>): Promise<boolean>
}

export function useNotify(): Notify {
  const toasts = useToastsStore()
  const { t } = useI18n()

  function failure(title: string, error: unknown): void {
    const { message, remedy } = isLabError(error) ? error : toLabErrorData(error)
    toasts.show({
      tone: 'error',
      title,
      detail: message,
      ...(remedy !== undefined && { remedy: t('common.remedy', { remedy }) }),
    })
  }

  async function attempt(title: string, act: () => Promise<void>): Promise<boolean> {
    try {
      await act()
      return true
    } catch (error) {
      // Somebody stopped it: the task says so itself, and what it means.
      if (!isLabError(error) || error.kind !== 'Cancelled') failure(title, error)
      return false
    }
  }

  return {
    success: (title, more) => toasts.show({ tone: 'success', title, ...more }),
    warning: (title, more) => toasts.show({ tone: 'warning', title, ...more }),
    failure,
    attempt,
  }
}
