/** What a check found and what to do about it, in the language of the window; the system's own words stay as they are. */
import { useI18n } from 'vue-i18n'
import { DOCTOR_REMEDIES, type DoctorFinding, type FindingValues } from '@common/doctor/doctor-findings.ts'
import type { DoctorCheck } from '@common/doctor/doctor-report.ts'

export interface CheckText {
  found(check: DoctorCheck): string
  /** Nothing to do: an empty text. */
  remedy(check: DoctorCheck): string
}

export function useCheckText(): CheckText {
  const { t, n } = useI18n()

  function filled(values: FindingValues = {}): Record<string, string> {
    const entries = Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'number' ? n(value, { maximumFractionDigits: 1 }) : value,
    ])
    return Object.fromEntries(entries) as Record<string, string>
  }

  return {
    found: ({ finding, values, message }) =>
      finding === undefined ? message : t(`diagnostics.findings.${finding}`, filled(values)),
    remedy: ({ ok, finding, values, remedy = '' }) => {
      if (ok) return ''
      return hasRemedy(finding) ? t(`diagnostics.remedies.${finding}`, filled(values)) : remedy
    },
  }
}

function hasRemedy(finding: DoctorFinding | undefined): finding is keyof typeof DOCTOR_REMEDIES {
  return finding !== undefined && Object.hasOwn(DOCTOR_REMEDIES, finding)
}
