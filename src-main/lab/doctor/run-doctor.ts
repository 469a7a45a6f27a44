/** Everything that a lab needs from this machine, looked at one by one, with the remedy for what fails. */
import { access, constants } from 'node:fs/promises'
import { createServer } from 'node:net'
import { labStep } from '../../common/lab/lab-texts.ts'
import { CHECK_IDS, describeFinding, type CheckId, type DoctorCheck } from '../../common/doctor/doctor-report.ts'
import { isLabError, toLabErrorData } from '../../common/lab-error.ts'
import { connectEngine } from '../engine/connect-engine.ts'
import type { Engine } from '../engine/engine.ts'
import { findOwnEngineObstacle } from '../engine/ensure-engine.ts'
import { removeHelperLeavings } from '../engine/helper-leavings.ts'
import { INOTIFY_LIMIT_FILE, probeEngine } from '../engine/probes.ts'
import { ensureImages, lookForImages, type ImageSet } from '../images/ensure-images.ts'
import type { OnProgress } from '../lab-manager.ts'
import { nodeLabHome, prepareHome } from '../store/home.ts'
import { findLeavings, NAME_SEPARATOR } from './lost-labs.ts'

export interface DoctorOptions {
  environment?: Record<string, string | undefined>
  /** Default: that of the environment. */
  home?: string
  /** What is done about images that are missing: made (the default), or told. */
  images?: 'make' | 'tell'
  onProgress?: OnProgress
  onCheck?(check: DoctorCheck): void
}

/** Never rejects: what goes wrong is a check that failed. Starts no engine; clears away what a killed doctor has left. */
export async function runDoctor(options: DoctorOptions = {}): Promise<DoctorCheck[]> {
  const environment = options.environment ?? process.env
  const checks: DoctorCheck[] = []
  const tell = (check: DoctorCheck): void => {
    checks.push(check)
    options.onCheck?.(check)
  }
  const home = await checkHome(options.home ?? nodeLabHome(environment), tell)
  try {
    const engine = await connectEngine({ environment })
    try {
      await checkEngine(engine, home, options, tell)
    } finally {
      await engine.dispose()
    }
  } catch (error) {
    tell(await describeNoEngine(error, environment))
  }
  tell(await checkPorts())
  for (const id of CHECK_IDS) if (!checks.some((check) => check.id === id)) tell(skip(id, checks))
  return checks.toSorted((one, other) => CHECK_IDS.indexOf(one.id) - CHECK_IDS.indexOf(other.id))
}

async function checkHome(home: string, tell: (check: DoctorCheck) => void): Promise<string | undefined> {
  try {
    const folder = await prepareHome(home)
    tell(describeFinding('home', true, 'home-writable', { folder }))
    return folder
  } catch (error) {
    tell(failed('home', error, 'Set NODE_LAB_HOME to a folder of your own.'))
    return undefined
  }
}

async function describeNoEngine(error: unknown, environment: Record<string, string | undefined>): Promise<DoctorCheck> {
  const check = failed('engine', error, 'Start Docker, or run `npm start`, which finds or makes an engine.')
  const isOrdered = (environment['DOCKER_HOST'] ?? '') !== ''
  return isOrdered || findOwnEngineObstacle() !== undefined ? check : { ...check, mend: 'start-engine' }
}

async function checkEngine(
  engine: Engine,
  home: string | undefined,
  options: DoctorOptions,
  tell: (check: DoctorCheck) => void,
): Promise<void> {
  const report: OnProgress = options.onProgress ?? (() => undefined)
  if (home !== undefined) await removeHelperLeavings(engine, home)
  const images = await checkImages(engine, options.images ?? 'make', report, tell)
  if (images === undefined || home === undefined) {
    const { name = 'Docker', version = '', apiVersion = '' } = await engine.status()
    const { endpoint } = engine
    tell(describeFinding('engine', true, 'engine-answers', { name, version, api: apiVersion, endpoint }))
  } else {
    report(labStep('engine-probe'))
    const canRaise = await canRaiseWatchers()
    await probeEngine(engine, { image: images.node, home }, (probe) =>
      tell(probe.finding === 'watchers-few' && canRaise ? { ...probe, mend: 'raise-inotify-limit' } : probe),
    )
  }
  if (home !== undefined) tell(await checkLeavings(engine, home))
}

async function checkImages(
  engine: Engine,
  action: 'make' | 'tell',
  onProgress: OnProgress,
  tell: (check: DoctorCheck) => void,
): Promise<ImageSet | undefined> {
  try {
    const { missing, images } =
      action === 'make'
        ? { missing: [], images: await ensureImages(engine, { onProgress }) }
        : await lookForImages(engine, onProgress)
    if (images === undefined) {
      const values = { count: missing.length, names: missing.join(', ') }
      tell({ ...describeFinding('images', false, 'images-missing', values), mend: 'load-images' })
      return undefined
    }
    // The catalogue's, and those of nodes and sandboxes.
    tell(describeFinding('images', true, 'images-complete', { count: images.catalogue.images.length + 2 }))
    return images
  } catch (error) {
    tell(failed('images', error, 'Run `node-lab images build` to see what is in the way.'))
    return undefined
  }
}

/** Root of this machine can raise the kernel's limit, nobody else. */
async function canRaiseWatchers(): Promise<boolean> {
  if (process.getuid?.() !== 0) return false
  return access(INOTIFY_LIMIT_FILE, constants.W_OK).then(
    () => true,
    () => false,
  )
}

async function checkLeavings(engine: Engine, home: string): Promise<DoctorCheck> {
  try {
    const names = await findLeavings(engine, home)
    if (names.length === 0) return describeFinding('leavings', true, 'leavings-none')
    return {
      ...describeFinding('leavings', false, 'leavings-found', { names: names.join(NAME_SEPARATOR) }),
      mend: 'remove-leavings',
    }
  } catch (error) {
    return failed('leavings', error, 'Run the doctor again.')
  }
}

/** Whether a program may listen on 127.0.0.1, as the browser bridge and the nodes' published ports do. */
function checkPorts(): Promise<DoctorCheck> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error) =>
      resolve(failed('ports', error, 'Free some ports, or look at a firewall on this machine.')),
    )
    server.listen(0, '127.0.0.1', () => {
      server.close(() => resolve(describeFinding('ports', true, 'ports-free')))
    })
  })
}

function skip(id: CheckId, checks: readonly DoctorCheck[]): DoctorCheck {
  const hasEngine = checks.some((check) => check.id === 'engine' && check.ok)
  return { ...describeFinding(id, true, hasEngine ? 'skipped-images' : 'skipped-engine'), skipped: true }
}

function failed(id: CheckId, error: unknown, remedy: string): DoctorCheck {
  const data = toLabErrorData(error)
  return { id, ok: false, message: data.message, remedy: (isLabError(error) ? error.remedy : undefined) ?? remedy }
}
