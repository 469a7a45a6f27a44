/** What the doctor says of this machine and its engine: each thing that a lab needs, looked at one by one. */
import type { LabText } from '../lab/lab-texts.ts'
import type { Time } from '../api/meta.ts'
import type { EngineStatus } from '../lab/lab-status.ts'
import {
  DOCTOR_FINDINGS,
  DOCTOR_REMEDIES,
  fillText,
  type DoctorFinding,
  type FindingValues,
} from './doctor-findings.ts'

/** In the order in which they are looked at. */
export const CHECK_IDS = [
  'home',
  'engine',
  'images',
  'volume-subpath',
  'bind-mount',
  'engine-socket',
  'inotify-limits',
  'disk',
  'ports',
  'leavings',
] as const
export type CheckId = (typeof CHECK_IDS)[number]

/** What Node Lab can mend by itself when it is told to. */
export const MENDS = ['start-engine', 'load-images', 'remove-leavings', 'raise-inotify-limit'] as const
export type Mend = (typeof MENDS)[number]

export interface DoctorCheck {
  /** Stable name, for scripts and translation. */
  id: CheckId
  ok: boolean
  /** It could not be looked at, since something that it needs is missing. */
  skipped?: true
  /** What was found, one English sentence. */
  message: string
  remedy?: string
  /** For translation; absent where the words are the system's or the engine's own. */
  finding?: DoctorFinding
  values?: FindingValues
  /** What `doctor/mend` can do about it, here and now. */
  mend?: Mend
}

export interface ImageFact {
  name: string
  sizeBytes: number
}

export interface DoctorFacts {
  version: string
  /** Of Node.js, operating system and processor. */
  runtime: string
  home: string
  engine: EngineStatus
  /** Images of Node Lab that the engine has. */
  images: ImageFact[]
  /** Downloads and half-made images on this machine; a reset can keep it. */
  cacheFolder: string
  /** Of the home's disk; 0, as `totalBytes`, when it cannot be asked. */
  freeBytes: number
  totalBytes: number
}

export interface DoctorReport {
  state: 'running' | 'done'
  startedAt: Time
  endedAt?: Time
  /** What is being looked at, or mended; in English. */
  step?: string
  /** The same for who reads another language. */
  stepText?: LabText
  /** As far as they have been looked at. */
  checks: DoctorCheck[]
  facts?: DoctorFacts
}

/** A check that came out well, or was bad news, by its finding. */
export function describeFinding(
  id: CheckId,
  ok: boolean,
  finding: DoctorFinding,
  values: FindingValues = {},
): DoctorCheck {
  const message = fillText(DOCTOR_FINDINGS[finding], values, formatEnglish)
  const advice: Readonly<Partial<Record<DoctorFinding, string>>> = DOCTOR_REMEDIES
  const remedy = advice[finding]
  return { id, ok, finding, values, message, ...(!ok && remedy !== undefined && { remedy: fillText(remedy, values) }) }
}

function formatEnglish(value: number): string {
  return new Intl.NumberFormat('en', { maximumFractionDigits: 1 }).format(value)
}

/** The report as lines of text, to be pasted into a mail. */
export function formatReport({ checks, facts }: Pick<DoctorReport, 'checks' | 'facts'>): string[] {
  const lines = checks.flatMap(({ ok, skipped, message, remedy }) => [
    `${skipped === true ? 'skip' : ok ? 'ok  ' : 'FAIL'}  ${message}`,
    ...(!ok && remedy !== undefined ? [`      ${remedy}`] : []),
  ])
  if (facts === undefined) return lines
  return [
    `Node Lab ${facts.version} (${facts.runtime})`,
    `home     ${facts.home}`,
    `engine   ${facts.engine.name ?? 'Docker'} ${facts.engine.version ?? ''} ${facts.engine.endpoint}`,
    '',
    ...lines,
  ]
}
