/** The doctor's checks as they are told, each with the command that mends it on the machine at hand. */
import type { DoctorFinding } from '../../common/doctor/doctor-findings.ts'
import { CHECK_IDS, describeFinding, type CheckId, type DoctorCheck } from '../../common/doctor/doctor-report.ts'
import { computeRemedyCommand, type RemedyPlace } from '../../common/doctor/remedy-commands.ts'
import { isLabError, toLabErrorData } from '../../common/lab-error.ts'

export class Report {
  place: RemedyPlace
  readonly #checks: DoctorCheck[] = []
  readonly #onCheck: ((check: DoctorCheck) => void) | undefined

  constructor(place: RemedyPlace, onCheck: ((check: DoctorCheck) => void) | undefined) {
    this.place = place
    this.#onCheck = onCheck
  }

  tell(check: DoctorCheck): void {
    const { finding, values = {}, remedy } = check
    const command =
      finding === undefined || remedy === undefined ? undefined : computeRemedyCommand(finding, values, this.place)
    const told = command === undefined ? check : { ...check, command }
    this.#checks.push(told)
    this.#onCheck?.(told)
  }

  /** What breaks a check is what the check says. */
  async attempt(id: CheckId, look: () => Promise<DoctorCheck>): Promise<void> {
    this.tell(
      await look().catch((error: unknown) => describeFailure(id, 'probe-broke', error, 'Run the doctor again.')),
    )
  }

  has(id: CheckId, isOk = false): boolean {
    return this.#checks.some((check) => check.id === id && (check.ok || !isOk))
  }

  /** What was not told is said to be skipped, with the reason. */
  finish(): DoctorCheck[] {
    const reason: DoctorFinding = !this.has('engine', true)
      ? 'skipped-engine'
      : !this.has('home', true)
        ? 'skipped-home'
        : !this.has('images', true)
          ? 'skipped-images'
          : 'skipped-survey'
    for (const id of CHECK_IDS) {
      if (!this.has(id)) this.tell({ ...describeFinding(id, true, reason), skipped: true })
    }
    return this.#checks.toSorted((one, other) => CHECK_IDS.indexOf(one.id) - CHECK_IDS.indexOf(other.id))
  }
}

/** A check that failed for a reason that has words of its own. */
export function describeFailure(id: CheckId, finding: DoctorFinding, error: unknown, remedy: string): DoctorCheck {
  const { message: reason } = toLabErrorData(error)
  const advice = (isLabError(error) ? error.remedy : undefined) ?? remedy
  return describeFinding(id, false, finding, { reason, advice })
}
