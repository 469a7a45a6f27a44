/** The kubelet's verdict on a file in plain words of the user's language. */
import { useI18n } from 'vue-i18n'
import type { FileVerdict, FileVerdictReason, FileWarning } from '@common/lab/file-verdict.ts'

interface Particulars {
  kind?: string
  pod?: string
  /** The field at fault. */
  field?: string
}

export interface VerdictText {
  /** One word for the state. */
  state(verdict: FileVerdict): string
  /** One sentence for the reason. */
  reason(verdict: FileVerdict): string
  /** The same for a file that is not there yet. */
  reasonOf(reason: FileVerdictReason, particulars: Particulars): string
  warning(warning: FileWarning): string
  /** `line 4, column 2`; empty where there is none. */
  position(place: { line?: number; column?: number }): string
}

export function useVerdictText(): VerdictText {
  const { t, locale } = useI18n()

  function reasonOf(reason: FileVerdictReason, { kind = '', pod = '', field }: Particulars): string {
    if (reason === 'NotAPod') return t(`file.reason.${notAPodKey(kind)}`, { kind })
    if (reason === 'APIReference' && field !== undefined) return t('file.reason.APIReferenceField', { field })
    return t(`file.reason.${reason}`, { kind, pod })
  }

  return {
    state: (verdict) => t(`file.state.${verdict.state}`),
    reason(verdict) {
      // An address has no folder that is listed again.
      if (verdict.state === 'stale' && verdict.origin !== 'url') return t('file.stale')
      // The kubelet's explanation names the particulars (which field, what was expected), but it is English.
      const isParticular = ['WrongType', 'InvalidPod'].includes(verdict.reason)
      if (isParticular && locale.value === 'en' && verdict.explanation !== '') return verdict.explanation
      return reasonOf(verdict.reason, {
        ...(verdict.kind !== undefined && { kind: verdict.kind }),
        ...(verdict.pod !== undefined && { pod: verdict.pod.name }),
        ...(verdict.field !== undefined && { field: verdict.field }),
      })
    },
    reasonOf,
    warning(warning) {
      // What happens instead differs from field to field, and is told in English only.
      const isParticular = warning.reason === 'FieldNotHonoured' || warning.reason === 'NotAllowed'
      if (isParticular && locale.value === 'en') return warning.message
      return t(`file.warning.${warning.reason}`, { field: warning.field ?? '' })
    },
    position({ line, column }) {
      if (line === undefined) return ''
      return column === undefined ? t('common.line', { line }) : t('common.lineColumn', { line, column })
    },
  }
}

const WORKLOADS: ReadonlySet<string> = new Set([
  'CronJob',
  'DaemonSet',
  'Deployment',
  'Job',
  'ReplicaSet',
  'ReplicationController',
  'StatefulSet',
])

/** Why a Kubernetes object that is no Pod does not run: it needs a controller, is a list, or is nothing that runs at all. */
function notAPodKey(kind: string): 'NotAPod' | 'NotAPodList' | 'NotAPodObject' {
  if (WORKLOADS.has(kind)) return 'NotAPod'
  return kind.endsWith('List') ? 'NotAPodList' : 'NotAPodObject'
}
