/** What a task is called in the user's language. */
import { useI18n } from 'vue-i18n'
import type { TaskStatus } from '@common/lab/lab-status.ts'

export function useTaskText(): (task: Pick<TaskStatus, 'name' | 'subject'>) => string {
  const { t, te } = useI18n()
  return ({ name, subject }) => (te(`task.${name}`) ? t(`task.${name}`, { subject }) : `${name} ${subject}`)
}
