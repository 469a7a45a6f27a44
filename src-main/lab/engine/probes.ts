/**
 * Whether an engine really does what labs rest on; versions alone do not tell. `node-lab doctor` prints the answers.
 */
import { randomUUID } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describeFinding, type CheckId, type DoctorCheck } from '../../common/doctor/doctor-report.ts'
import { HOME_LABEL } from '../../common/engine-labels.ts'
import { isLabError } from '../../common/lab-error.ts'
import type { Engine } from './engine.ts'
import { helperLabels } from './helper-leavings.ts'
import { probeFileEvents } from './probe-file-events.ts'
import { runHelper } from './run-helper.ts'

export type EngineProbe = DoctorCheck

export interface ProbeOptions {
  /** Reference of our node image: it has a shell, and Node.js. */
  image: string
  /** The folder of the labs on this machine. */
  home: string
  /** Whether the engine labels containers. */
  selinux?: boolean
}

/** All probes, in a fixed order; a probe that breaks is one that fails. Leaves nothing behind. Each is told as soon as it is known. */
export async function probeEngine(
  engine: Engine,
  options: ProbeOptions,
  onProbe: (probe: EngineProbe) => void = () => undefined,
): Promise<EngineProbe[]> {
  const probes: [CheckId, () => Promise<EngineProbe>][] = [
    ['engine', () => probeVersion(engine)],
    ['volume-subpath', () => probeSubpath(engine, options)],
    ['bind-mount', () => probeBindMount(engine, options)],
    ['engine-socket', () => probeEngineSocket(engine, options)],
    ['file-events', () => probeFileEvents(engine, options)],
  ]
  const results: EngineProbe[] = []
  for (const [id, probe] of probes) {
    const result = await probe().catch((error: unknown) => describeBreak(id, error))
    results.push(result)
    onProbe(result)
  }
  return results
}

/** A probe that could not be carried out: in the words of what was in its way. */
export function describeBreak(id: CheckId, error: unknown): EngineProbe {
  const reason = error instanceof Error ? error.message : String(error)
  const advice = isLabError(error) ? error.remedy : undefined
  return describeFinding(id, false, 'probe-broke', { reason, advice: advice ?? 'Mend that, and run the doctor again.' })
}

async function probeVersion(engine: Engine): Promise<EngineProbe> {
  const { state, name = 'Docker', version = '', apiVersion = '', message } = await engine.status()
  if (state === 'ready')
    return describeFinding('engine', true, 'engine-answers', {
      name,
      version,
      api: apiVersion,
      endpoint: engine.endpoint,
    })
  const silent = describeFinding('engine', false, 'engine-silent', { endpoint: engine.endpoint })
  return message === undefined ? silent : { ...silent, message }
}

/** An engine that ignores the sub-path shows the whole volume; one that does not check it follows links out of the volume. */
export async function probeSubpath(
  engine: Engine,
  { image, home }: { image: string; home?: string },
): Promise<EngineProbe> {
  const volume = `node-lab.probe.${randomUUID()}`
  const labels: Record<string, string> = home === undefined ? {} : { [HOME_LABEL]: home }
  await engine.createVolume(volume, { ...labels, ...(await helperLabels()) })
  try {
    const prepared = await runHelper(engine, {
      image,
      command: ['sh', '-c', 'mkdir /v/inside && touch /v/inside/in /v/out && ln -s /etc /v/link'],
      mounts: [{ type: 'volume', volume, target: '/v' }],
      labels,
    })
    if (prepared.exitCode !== 0) return { id: 'volume-subpath', ok: false, message: prepared.output.trim() }
    const seen = await runHelper(engine, {
      image,
      command: ['ls', '/v'],
      mounts: [{ type: 'volume', volume, subpath: 'inside', target: '/v' }],
      labels,
    })
    if (seen.output.trim() !== 'in') return describeFinding('volume-subpath', false, 'subpaths-ignored')
    const escaped = await runHelper(engine, {
      image,
      command: ['ls', '/v'],
      mounts: [{ type: 'volume', volume, subpath: 'link', target: '/v' }],
      labels,
    }).catch(() => undefined)
    if (escaped?.exitCode === 0) return describeFinding('volume-subpath', false, 'subpaths-escape')
    return describeFinding('volume-subpath', true, 'subpaths-confined')
  } finally {
    await engine.removeVolume(volume)
  }
}

async function probeBindMount(engine: Engine, { image, home, selinux }: ProbeOptions): Promise<EngineProbe> {
  await mkdir(home, { recursive: true })
  const folder = await mkdtemp(join(home, '.probe-'))
  try {
    const word = randomUUID()
    await writeFile(join(folder, 'from-host'), word)
    const seen = await runHelper(engine, {
      image,
      command: ['sh', '-c', 'cat /probe/from-host && cp /probe/from-host /probe/from-container'],
      mounts: [{ type: 'bind', source: folder, target: '/probe' }],
      labels: { [HOME_LABEL]: home },
    }).catch((error: unknown) => {
      // An engine refuses a folder that is not on its machine, and Docker Desktop one that it was not told to share.
      if (error instanceof Error && /bind source path does not exist|mounts denied/i.test(error.message))
        return undefined
      throw error
    })
    if (selinux === true && seen?.output.includes('Permission denied') === true)
      return describeFinding('bind-mount', false, 'mount-labelled', { folder: home })
    if (seen?.output.trim() !== word) return describeFinding('bind-mount', false, 'mount-unseen', { folder: home })
    const answer = await readFile(join(folder, 'from-container'), 'utf8').catch(() => '')
    if (answer !== word) return describeFinding('bind-mount', false, 'mount-lost', { folder: home })
    return describeFinding('bind-mount', true, 'mount-shared', { folder: home })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function probeEngineSocket(engine: Engine, { image, home }: ProbeOptions): Promise<EngineProbe> {
  const path = engine.socketPath
  const { exitCode } = await runHelper(engine, {
    image,
    command: ['sh', '-c', 'test -S /engine.sock'],
    mounts: [{ type: 'bind', source: path, target: '/engine.sock' }],
    labels: { [HOME_LABEL]: home },
  })
  return describeFinding('engine-socket', exitCode === 0, exitCode === 0 ? 'socket-found' : 'socket-wrong', { path })
}
