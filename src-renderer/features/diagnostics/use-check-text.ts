/** What a check found, what it means and what to do about it, in the language of the window; the system's own words stay as they are. */
import { useI18n } from 'vue-i18n'
import type { FindingValues } from '@common/doctor/doctor-findings.ts'
import { DOCTOR_MEANINGS, DOCTOR_REMEDIES } from '@common/doctor/doctor-meanings.ts'
import type { DoctorCheck } from '@common/doctor/doctor-report.ts'

export interface CheckText {
  found(check: DoctorCheck): string
  /** Nothing follows from it: an empty text. */
  meaning(check: DoctorCheck): string
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
    meaning: ({ finding, values, meaning = '' }) =>
      meaning !== '' && isKeyOf(DOCTOR_MEANINGS, finding)
        ? t(`diagnostics.meanings.${finding}`, filled(values))
        : meaning,
    remedy: ({ finding, values, remedy = '' }) =>
      remedy !== '' && isKeyOf(DOCTOR_REMEDIES, finding)
        ? t(`diagnostics.remedies.${finding}`, filled(values))
        : remedy,
  }
}

function isKeyOf<T extends object>(texts: T, name: string | undefined): name is keyof T & string {
  return name !== undefined && Object.hasOwn(texts, name)
}
