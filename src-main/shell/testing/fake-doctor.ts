/** A doctor that finds one thing, and mends it. For tests of the shells. */
import { toDisposable, type Disposable } from '../../base/disposable.ts'
import { describeFinding, type DoctorReport, type Mend } from '../../common/doctor/doctor-report.ts'
import type { DoctorService } from '../../lab/doctor/doctor.ts'

const STARTED = '2026-01-01T00:00:00.000Z'

export class FakeDoctor implements DoctorService {
  report: DoctorReport | undefined
  readonly mended: Mend[] = []
  readonly #listeners = new Set<(report: DoctorReport) => void>()

  async run(): Promise<DoctorReport> {
    const isMended = this.mended.includes('load-images')
    const check = isMended
      ? describeFinding('images', true, 'images-complete', { count: 9 })
      : describeFinding('images', false, 'images-missing', { count: 1, names: 'nginx' })
    this.report = { state: 'done', startedAt: STARTED, endedAt: STARTED, checks: [check] }
    for (const listener of this.#listeners) listener(this.report)
    return this.report
  }

  mend(mend: Mend): Promise<DoctorReport> {
    this.mended.push(mend)
    return this.run()
  }

  onChange(listener: (report: DoctorReport) => void): Disposable {
    this.#listeners.add(listener)
    return toDisposable(() => void this.#listeners.delete(listener))
  }
}
