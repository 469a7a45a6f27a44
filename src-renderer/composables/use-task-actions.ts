/** What can be done about long work. */
import { useI18n } from 'vue-i18n'
import type { TaskStatus } from '@common/lab/lab-status.ts'
import { call } from '../bridge/client.ts'
import { useNotify } from './use-notify.ts'

export interface TaskActions {
  /** Asks it to stop; the task says by itself when it has. */
  cancel(task: Pick<TaskStatus, 'id'>): Promise<boolean>
}

export function useTaskActions(): TaskActions {
  const notify = useNotify()
  const { t } = useI18n()
  return {
    cancel: ({ id }) =>
      notify.attempt(t('toast.failed.cancel'), async () => {
        await call('task/cancel', { id })
      }),
  }
}
