/** All checks that need an engine, each as far as the ones before it allow. */
import { labStep } from '../../common/lab/lab-texts.ts'
import { access, constants } from 'node:fs/promises'
import type { Clock } from '../../base/clock.ts'
import { describeFinding, type CheckId, type DoctorCheck } from '../../common/doctor/doctor-report.ts'
import { LAB_LABEL } from '../../common/engine-labels.ts'
import type { RemedyPlace } from '../../common/doctor/remedy-commands.ts'
import type { LabSpec } from '../../common/lab/lab-spec.ts'
import type { Engine, EngineInfo } from '../engine/engine.ts'
import { removeHelperLeavings } from '../engine/helper-leavings.ts'
import { INOTIFY_LIMIT_FILE } from '../engine/inotify-limit.ts'
import { probeEngine } from '../engine/probes.ts'
import { ensureImages, lookForImages, type ImageSet } from '../images/ensure-images.ts'
import type { OnProgress } from '../lab-manager.ts'
import { HomeLayout } from '../store/home.ts'
import { LabStore } from '../store/lab-store.ts'
import { findBrokenLabs } from './broken-labs.ts'
import { judgeArchitecture, judgeClock, judgeInfo, judgeSurvey } from './judge-engine.ts'
import { findLeavings, NAME_SEPARATOR } from './lost-labs.ts'
import { probePublishedPort } from './probe-published-port.ts'
import { computeRemedyPlace } from './remedy-place.ts'
import { describeFailure, type Report } from './check-report.ts'
import { surveyEngine } from './survey-engine.ts'

export interface EngineSubject {
  /** Absent when it cannot be used. */
  home: string | undefined
  specs: readonly LabSpec[]
  /** Answers one that is free on this machine and not among those; absent when none is. @throws Conflict when none is left */
  choosePort: ((tried: ReadonlySet<number>) => Promise<number>) | undefined
  images: 'make' | 'tell'
  clock: Clock
  onProgress: OnProgress
}

/** Answers the address ranges of networks that are no lab's. */
export async function checkEngine(engine: Engine, subject: EngineSubject, report: Report): Promise<string[]> {
  const { home, onProgress } = subject
  if (home !== undefined) await removeHelperLeavings(engine, home)
  const info = await engine.info()
  const { endpoint } = engine
  report.place = computeRemedyPlace({ endpoint, platform: process.platform, info, specs: subject.specs })
  const images = await checkImages(engine, subject, report)
  if (images !== undefined) {
    report.place = { ...report.place, toolImage: images.node }
    await report.attempt('architecture', () => checkArchitecture(engine, images))
  }
  for (const check of judgeInfo(info)) report.tell(check)
  if (images === undefined || home === undefined) {
    const { name = 'Docker', version = '', apiVersion = '' } = await engine.status()
    report.tell(describeFinding('engine', true, 'engine-answers', { name, version, api: apiVersion, endpoint }))
  } else {
    onProgress(labStep('engine-probe'))
    await probeEngine(engine, { image: images.node, home, selinux: info.selinux }, (probe) => report.tell(probe))
    await checkSurvey(engine, { info, image: images.node, home, clock: subject.clock }, report)
    const { choosePort } = subject
    if (choosePort === undefined)
      report.tell({ ...describeFinding('published-port', true, 'skipped-port'), skipped: true })
    else {
      const probe = { image: images.node, home, choosePort }
      await report.attempt('published-port', () => probePublishedPort(engine, probe))
    }
  }
  if (home !== undefined) await checkLabs(engine, { ...subject, home }, report)
  const networks = await engine.listNetworks()
  return networks.filter(({ labels }) => labels[LAB_LABEL] === undefined).flatMap(({ subnets }) => subnets)
}

async function checkImages(
  engine: Engine,
  { images: action, onProgress }: EngineSubject,
  report: Report,
): Promise<ImageSet | undefined> {
  try {
    const { missing, images } =
      action === 'make'
        ? { missing: [], images: await ensureImages(engine, { onProgress }) }
        : await lookForImages(engine, onProgress)
    if (images === undefined) {
      const values = { count: missing.length, names: missing.join(', ') }
      report.tell({ ...describeFinding('images', false, 'images-missing', values), mend: 'load-images' })
      return undefined
    }
    // The catalogue's, and those of nodes and sandboxes.
    report.tell(describeFinding('images', true, 'images-complete', { count: images.catalogue.images.length + 2 }))
    return images
  } catch (error) {
    report.tell(describeFailure('images', 'images-unreadable', error, 'Make them, and see what is in the way.'))
    return undefined
  }
}

async function checkArchitecture(engine: Engine, images: ImageSet): Promise<DoctorCheck> {
  const references = [images.node, images.pause, ...images.catalogue.images.map(({ reference }) => reference)]
  const found = await Promise.all(
    references.map(async (reference) => [reference, (await engine.inspectImage(reference))?.architecture] as const),
  )
  return judgeArchitecture(await engine.architecture(), new Map(found))
}

async function checkSurvey(
  engine: Engine,
  { info, image, home, clock }: { info: EngineInfo; image: string; home: string; clock: Clock },
  report: Report,
): Promise<void> {
  try {
    const fromMs = clock.now()
    const survey = await surveyEngine(engine, { image, home })
    report.tell(judgeClock(survey.timeMs, { fromMs, untilMs: clock.now() }))
    const canRaise = await canRaiseWatchers(report.place)
    for (const check of judgeSurvey(survey, info, await engine.buildCacheBytes())) {
      const isRaisable = check.finding === 'watchers-few' || check.finding === 'watchers-used-up'
      report.tell(isRaisable && canRaise ? { ...check, mend: 'raise-inotify-limit' } : check)
    }
  } catch (error) {
    const broken: readonly CheckId[] = ['clock', 'memory', 'engine-disk', 'inotify-limits', 'open-files']
    const first = broken.find((id) => !report.has(id)) ?? 'processes'
    report.tell(describeFailure(first, 'probe-broke', error, 'Run the doctor again.'))
  }
}

async function checkLabs(
  engine: Engine,
  { home, specs }: { home: string; specs: readonly LabSpec[] },
  report: Report,
): Promise<void> {
  if (!report.has('labs')) await report.attempt('labs', () => checkBrokenLabs(engine, home, specs))
  try {
    const names = await findLeavings(engine, home)
    const values = { names: names.join(NAME_SEPARATOR), labs: names.join(NAME_SEPARATOR) }
    report.tell(
      names.length === 0
        ? describeFinding('leavings', true, 'leavings-none')
        : { ...describeFinding('leavings', false, 'leavings-found', values), mend: 'remove-leavings' },
    )
  } catch (error) {
    report.tell(describeFailure('leavings', 'leavings-unclear', error, 'Run the doctor again.'))
  }
}

async function checkBrokenLabs(engine: Engine, home: string, specs: readonly LabSpec[]): Promise<DoctorCheck> {
  if (specs.length === 0) return describeFinding('labs', true, 'labs-none')
  const broken = await findBrokenLabs(engine, new LabStore(new HomeLayout(home)), specs)
  if (broken.length === 0) return describeFinding('labs', true, 'labs-whole', { count: specs.length })
  return describeFinding('labs', false, 'labs-broken', {
    names: broken.map(({ lab, lost }) => `${lab} (${lost.join(', ')})`).join('; '),
    labs: broken.map(({ lab }) => lab).join(NAME_SEPARATOR),
  })
}

/** Root of the engine's machine can raise the kernel's limit, nobody else. */
async function canRaiseWatchers({ engineHost }: RemedyPlace): Promise<boolean> {
  if (process.getuid?.() !== 0 || engineHost !== 'linux') return false
  return access(INOTIFY_LIMIT_FILE, constants.W_OK).then(
    () => true,
    () => false,
  )
}
