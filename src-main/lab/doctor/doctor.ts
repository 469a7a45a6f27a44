/** The doctor behind the diagnostics page: one look at a time, told check by check, and what it can mend. */
import { statfs, writeFile } from 'node:fs/promises'
import { arch, release, type as systemName } from 'node:os'
import type { Clock } from '../../base/clock.ts'
import { toDisposable, type Disposable } from '../../base/disposable.ts'
import { IMAGE_INPUTS_LABEL } from '../../common/engine-labels.ts'
import { LabError, toLabErrorData } from '../../common/lab-error.ts'
import type { EngineStatus } from '../../common/lab/lab-status.ts'
import type { DoctorCheck, DoctorFacts, DoctorReport, Mend } from '../../common/doctor/doctor-report.ts'
import type { LabStep } from '../../common/lab/lab-texts.ts'
import { connectEngine } from '../engine/connect-engine.ts'
import { ensureEngine } from '../engine/ensure-engine.ts'
import { INOTIFY_LIMIT_FILE } from '../engine/inotify-limit.ts'
import { cacheFolder } from '../images/cache-folder.ts'
import { ensureImages } from '../images/ensure-images.ts'
import type { LabManager } from '../lab-manager.ts'
import { findLeavings, selectOffered } from './lost-labs.ts'
import { runDoctor } from './run-doctor.ts'

/** What a laptop with a few labs needs. */
const RAISED_WATCHERS = 512

export interface DoctorService {
  readonly report: DoctorReport | undefined
  /** Joins a look that is under way. */
  run(): Promise<DoctorReport>
  /** Mends, and looks again. @throws LabError Conflict when the last look found nothing of the kind */
  mend(mend: Mend): Promise<DoctorReport>
  onChange(listener: (report: DoctorReport) => void): Disposable
}

export class Doctor implements DoctorService {
  readonly #manager: Pick<LabManager, 'home' | 'engineStatus' | 'delete'>
  readonly #clock: Clock
  readonly #version: string
  readonly #listeners = new Set<(report: DoctorReport) => void>()
  #report: DoctorReport | undefined
  #running: Promise<DoctorReport> | undefined

  constructor(manager: Pick<LabManager, 'home' | 'engineStatus' | 'delete'>, clock: Clock, version: string) {
    this.#manager = manager
    this.#clock = clock
    this.#version = version
  }

  get report(): DoctorReport | undefined {
    return this.#report
  }

  run(): Promise<DoctorReport> {
    return this.#alone(() => Promise.resolve())
  }

  async mend(mend: Mend): Promise<DoctorReport> {
    await this.#running
    const check = this.#report?.checks.find((one) => one.mend === mend)
    if (check === undefined)
      throw new LabError({
        kind: 'Conflict',
        message: `the doctor has found nothing that "${mend}" would mend`,
        remedy: 'Run the doctor again.',
      })
    return this.#alone(() => this.#carryOut(mend, check))
  }

  onChange(listener: (report: DoctorReport) => void): Disposable {
    this.#listeners.add(listener)
    return toDisposable(() => void this.#listeners.delete(listener))
  }

  #alone(before: () => Promise<void>): Promise<DoctorReport> {
    this.#running ??= this.#look(before).finally(() => {
      this.#running = undefined
    })
    return this.#running
  }

  async #look(before: () => Promise<void>): Promise<DoctorReport> {
    const startedAt = this.#now()
    const kept = this.#report?.facts === undefined ? {} : { facts: this.#report.facts }
    this.#become({ state: 'running', startedAt, checks: [], ...kept })
    try {
      await before()
      const checks = await runDoctor({
        home: this.#manager.home,
        images: 'tell',
        onProgress: (step) => this.#step(step),
        onCheck: (check) => this.#change({ checks: [...(this.#report?.checks ?? []), check] }),
      })
      return this.#become({ state: 'done', startedAt, endedAt: this.#now(), checks, facts: await this.#readFacts() })
    } catch (error) {
      // A remedy that failed: its words go to whoever asked; the page must not look as if it were still at work.
      this.#change({ state: 'done', endedAt: this.#now() })
      throw error
    }
  }

  async #carryOut(mend: Mend, check: DoctorCheck): Promise<void> {
    const onProgress = (step: LabStep): void => this.#step(step)
    switch (mend) {
      case 'start-engine':
        return (await ensureEngine({ onProgress })).dispose()
      case 'load-images': {
        const engine = await connectEngine()
        await ensureImages(engine, { onProgress }).finally(() => engine.dispose())
        return
      }
      case 'remove-leavings': {
        const engine = await connectEngine()
        const found = await findLeavings(engine, this.#manager.home).finally(() => engine.dispose())
        for (const name of selectOffered(check, found)) await this.#manager.delete(name, { onProgress })
        return
      }
      case 'raise-inotify-limit':
        return writeFile(INOTIFY_LIMIT_FILE, `${RAISED_WATCHERS}\n`)
    }
  }

  /** Never rejects: a check says what is wrong with the home or the engine, and must not be lost for them. */
  async #readFacts(): Promise<DoctorFacts> {
    return {
      version: this.#version,
      runtime: `Node.js ${process.versions.node}, ${systemName()} ${release()} ${arch()}`,
      home: this.#manager.home,
      engine: await this.#manager.engineStatus().catch(describeUnreachable),
      images: await readImages(),
      cacheFolder: await cacheFolder().catch(() => ''),
      ...(await readDisk(this.#manager.home)),
    }
  }

  #now(): string {
    return new Date(this.#clock.now()).toISOString()
  }

  #step({ message, text = { en: message, ko: message } }: LabStep): void {
    this.#change({ step: message, stepText: text })
  }

  #change(change: Partial<DoctorReport>): void {
    if (this.#report !== undefined) this.#become({ ...this.#report, ...change })
  }

  #become(report: DoctorReport): DoctorReport {
    this.#report = report
    for (const listener of [...this.#listeners]) listener(report)
    return report
  }
}

function describeUnreachable(error: unknown): EngineStatus {
  return { state: 'unreachable', endpoint: '', message: toLabErrorData(error).message }
}

async function readDisk(home: string): Promise<Pick<DoctorFacts, 'freeBytes' | 'totalBytes'>> {
  try {
    const { bavail, blocks, bsize } = await statfs(home)
    return { freeBytes: bavail * bsize, totalBytes: blocks * bsize }
  } catch {
    return { freeBytes: 0, totalBytes: 0 }
  }
}

async function readImages(): Promise<DoctorFacts['images']> {
  try {
    const engine = await connectEngine()
    const images = await engine.listImages({ [IMAGE_INPUTS_LABEL]: true }).finally(() => engine.dispose())
    return images.flatMap(({ tags, sizeBytes }) => tags.map((name) => ({ name, sizeBytes })))
  } catch {
    // Without an engine there are none; why there is none, a check says.
    return []
  }
}
