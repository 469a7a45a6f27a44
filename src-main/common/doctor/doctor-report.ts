/** What the doctor says of this machine and its engine: each thing that a lab needs, looked at one by one. */
import type { LabText } from '../lab/lab-texts.ts'
import type { Time } from '../api/meta.ts'
import type { EngineStatus } from '../lab/lab-status.ts'
import { DOCTOR_FINDINGS, fillText, type DoctorFinding, type FindingValues } from './doctor-findings.ts'
import { DOCTOR_MEANINGS, DOCTOR_REMEDIES } from './doctor-meanings.ts'

/** In the order in which they are told. */
export const CHECK_IDS = [
  'home',
  'disk',
  'engine',
  'images',
  'architecture',
  'volume-subpath',
  'bind-mount',
  'file-events',
  'engine-socket',
  'root',
  'selinux',
  'limits',
  'clock',
  'memory',
  'engine-disk',
  'inotify-limits',
  'open-files',
  'processes',
  'keyrings',
  'ports',
  'published-port',
  'subnets',
  'kubectl',
  'labs',
  'leavings',
] as const
export type CheckId = (typeof CHECK_IDS)[number]

/** What Node Lab can mend by itself when it is told to. */
export const MENDS = ['start-engine', 'load-images', 'remove-leavings', 'raise-inotify-limit'] as const
export type Mend = (typeof MENDS)[number]

export interface DoctorCheck {
  /** Stable name, for scripts and translation. */
  id: CheckId
  /** False when labs cannot work as they should. */
  ok: boolean
  /** Labs work, but something is worth knowing: it has a meaning, and may have a remedy. */
  notice?: true
  /** It could not be looked at, since something that it needs is missing. */
  skipped?: true
  /** What was found, one English sentence. */
  message: string
  /** What follows from it for labs, one English sentence. */
  meaning?: string
  /** What to do, one English sentence. */
  remedy?: string
  /** For a shell on this machine; it carries the remedy out, or shows what has to be decided. */
  command?: string
  /** For translation, and for scripts: what exactly was found. */
  finding?: DoctorFinding
  values?: FindingValues
  /** What `doctor/mend` can do about it, here and now. */
  mend?: Mend
}

/** How a check came out, as one word. */
export type CheckState = 'ok' | 'notice' | 'skipped' | 'failed'

export function checkState({ ok, notice, skipped }: Pick<DoctorCheck, 'ok' | 'notice' | 'skipped'>): CheckState {
  if (skipped === true) return 'skipped'
  if (!ok) return 'failed'
  return notice === true ? 'notice' : 'ok'
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

/** A check by its finding. Meaning and remedy are of bad news and of notices. */
export function describeFinding(
  id: CheckId,
  outcome: boolean | 'notice',
  finding: DoctorFinding,
  values: FindingValues = {},
): DoctorCheck {
  const message = fillText(DOCTOR_FINDINGS[finding], values, formatEnglish)
  if (outcome === true) return { id, ok: true, finding, values, message }
  const meanings: Readonly<Partial<Record<DoctorFinding, string>>> = DOCTOR_MEANINGS
  const remedies: Readonly<Partial<Record<DoctorFinding, string>>> = DOCTOR_REMEDIES
  const [meaning, remedy] = [meanings[finding], remedies[finding]]
  return {
    ...{ id, ok: outcome === 'notice', finding, values, message },
    ...(outcome === 'notice' && { notice: true }),
    ...(meaning !== undefined && { meaning: fillText(meaning, values, formatEnglish) }),
    ...(remedy !== undefined && { remedy: fillText(remedy, values, formatEnglish) }),
  }
}

function formatEnglish(value: number): string {
  return new Intl.NumberFormat('en', { maximumFractionDigits: 1 }).format(value)
}

const MARKS: Readonly<Record<CheckState, string>> = { ok: 'ok  ', notice: 'note', skipped: 'skip', failed: 'FAIL' }

/** The report as lines of text, to be pasted into a mail. */
export function formatReport({ checks, facts }: Pick<DoctorReport, 'checks' | 'facts'>): string[] {
  const lines = checks.flatMap(({ message, meaning, remedy, command, ...check }) => [
    `${MARKS[checkState(check)]}  ${message}`,
    ...(meaning === undefined ? [] : [`      ${meaning}`]),
    ...(remedy === undefined ? [] : [`      ${remedy}`]),
    ...(command === undefined ? [] : [`        $ ${command}`]),
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
