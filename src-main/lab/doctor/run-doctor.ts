/** Everything that a lab needs from this machine and its engine, looked at one by one, with the remedy for what fails. */
import { systemClock, type Clock } from '../../base/clock.ts'
import { describeFinding, type DoctorCheck } from '../../common/doctor/doctor-report.ts'
import type { LabSpec } from '../../common/lab/lab-spec.ts'
import { connectEngine } from '../engine/connect-engine.ts'
import type { Engine } from '../engine/engine.ts'
import { findOwnEngineObstacle } from '../engine/ensure-engine.ts'
import { hostNetwork, type HostNetwork } from '../network/host-network.ts'
import type { OnProgress } from '../lab-manager.ts'
import { HomeLayout, nodeLabHome, prepareHome } from '../store/home.ts'
import { LabStore } from '../store/lab-store.ts'
import { checkEngine } from './check-engine.ts'
import { describeFailure, Report } from './check-report.ts'
import { checkDisk, checkKubectl, checkPorts, judgeSubnets } from './check-machine.ts'
import { computeRemedyPlace } from './remedy-place.ts'

export interface DoctorOptions {
  environment?: Record<string, string | undefined>
  /** Default: that of the environment. */
  home?: string
  /** What is done about images that are missing: made (the default), or told. */
  images?: 'make' | 'tell'
  /** That of this machine, to which the engine's is compared. */
  clock?: Clock
  host?: HostNetwork
  onProgress?: OnProgress
  onCheck?(check: DoctorCheck): void
}

/** Never rejects: what goes wrong is a check that failed. Starts no engine; clears away what a killed doctor has left. */
export async function runDoctor(options: DoctorOptions = {}): Promise<DoctorCheck[]> {
  const { environment = process.env, clock = systemClock(), host = hostNetwork } = options
  const onProgress = options.onProgress ?? (() => undefined)
  const place = { endpoint: environment['DOCKER_HOST'] ?? '', platform: process.platform }
  const report = new Report(computeRemedyPlace(place), options.onCheck)
  const home = await checkHome(options.home ?? nodeLabHome(environment), report)
  const specs = home === undefined ? [] : await readSpecs(home, report)
  report.place = computeRemedyPlace({ ...place, specs })
  const ports = await checkPorts(host, specs)
  report.tell(ports.check)
  const subject = { home, specs, choosePort: ports.choosePort, images: options.images ?? 'make', clock, onProgress }
  const networks = await lookAtEngine(environment, report, (engine) => checkEngine(engine, subject, report))
  await report.attempt('subnets', async () => judgeSubnets(specs, await host.usedSubnets(), networks))
  await report.attempt('kubectl', () => checkKubectl(environment))
  return report.finish()
}

async function checkHome(home: string, report: Report): Promise<string | undefined> {
  try {
    const folder = await prepareHome(home)
    report.tell(describeFinding('home', true, 'home-writable', { folder }))
    await report.attempt('disk', () => checkDisk(folder))
    return folder
  } catch (error) {
    report.tell(
      describeFailure(
        'home',
        'home-unusable',
        error,
        'Set NODE_LAB_HOME to a folder of your own, in your shell’s profile so that it lasts.',
      ),
    )
    return undefined
  }
}

async function readSpecs(home: string, report: Report): Promise<LabSpec[]> {
  const store = new LabStore(new HomeLayout(home))
  const specs: LabSpec[] = []
  for (const name of await store.list()) {
    try {
      const spec = await store.read(name)
      if (spec !== undefined) specs.push(spec)
    } catch (error) {
      if (!report.has('labs')) report.tell(describeFailure('labs', 'labs-unreadable', error, 'Mend the file.'))
    }
  }
  return specs
}

/** Answers the ranges of the engine's other networks; none without an engine. */
async function lookAtEngine(
  environment: Record<string, string | undefined>,
  report: Report,
  look: (engine: Engine) => Promise<string[]>,
): Promise<string[]> {
  let engine: Engine
  try {
    engine = await connectEngine({ environment })
  } catch (error) {
    const check = describeFailure(
      'engine',
      'engine-none',
      error,
      'Start Docker, or let Node Lab find or make an engine.',
    )
    const isOrdered = (environment['DOCKER_HOST'] ?? '') !== ''
    report.tell(isOrdered || findOwnEngineObstacle() !== undefined ? check : { ...check, mend: 'start-engine' })
    return []
  }
  try {
    return await look(engine)
  } catch (error) {
    if (!report.has('engine')) report.tell(describeFailure('engine', 'engine-none', error, 'Run the doctor again.'))
    return []
  } finally {
    await engine.dispose()
  }
}
