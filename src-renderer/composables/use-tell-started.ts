/** A lab that was started: it shows on the board, and what had been removed behind its back is told, the losses first. */
import { useI18n } from 'vue-i18n'
import type { LabStatus } from '@common/lab/lab-status.ts'
import { isLoss } from '@common/lab/repair-note.ts'
import { useLabsStore } from '../stores/labs-store.ts'
import { useNotify } from './use-notify.ts'
import { useRepairText } from './use-repair-text.ts'

export function useTellStarted(): (status: LabStatus) => void {
  const labs = useLabsStore()
  const notify = useNotify()
  const repairText = useRepairText()
  const { t } = useI18n()
  return (status) => {
    labs.setLab(status)
    const { repairs = [] } = status
    if (repairs.length === 0) return
    const ordered = repairs.toSorted((one, other) => Number(isLoss(other)) - Number(isLoss(one)))
    notify.success(t('repair.title', { lab: status.name }), { detail: ordered.map(repairText).join(' ') })
  }
}
