/**
 * Whether an engine really does what labs rest on; versions alone do not tell. `node-lab doctor` prints the answers.
 */
import { randomUUID } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rm, statfs, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ROLE_LABEL } from '../../common/engine-labels.ts'
import { isLabError } from '../../common/lab-error.ts'
import type { Engine } from './engine.ts'
import { runHelper } from './run-helper.ts'

export interface EngineProbe {
  /** Stable name, for scripts and translation. */
  id: 'engine' | 'volume-subpath' | 'bind-mount' | 'engine-socket' | 'inotify-limits' | 'disk'
  ok: boolean
  /** What was found, one sentence. */
  message: string
  remedy?: string
}

export interface ProbeOptions {
  /** Reference of an image of ours with a shell. */
  image: string
  /** The folder of the labs on this machine. */
  home: string
}

/** Free space below which images and logs will soon not fit, in bytes. */
const LOW_DISK_BYTES = 2_000_000_000
/** A node needs a handful of watchers; below this, three or four nodes fill what other programs have left. */
const LOW_INOTIFY_INSTANCES = 128

/** All probes, in a fixed order; a probe that breaks is one that fails. Leaves nothing behind. */
export async function probeEngine(engine: Engine, options: ProbeOptions): Promise<EngineProbe[]> {
  const probes: [EngineProbe['id'], () => Promise<EngineProbe>][] = [
    ['engine', () => probeVersion(engine)],
    ['volume-subpath', () => probeSubpath(engine, options)],
    ['bind-mount', () => probeBindMount(engine, options)],
    ['engine-socket', () => probeEngineSocket(engine, options)],
    ['inotify-limits', () => probeInotifyLimits()],
    ['disk', () => probeDisk(options)],
  ]
  const results: EngineProbe[] = []
  for (const [id, probe] of probes) {
    try {
      results.push(await probe())
    } catch (error) {
      const result: EngineProbe = { id, ok: false, message: error instanceof Error ? error.message : String(error) }
      if (isLabError(error) && error.remedy !== undefined) result.remedy = error.remedy
      results.push(result)
    }
  }
  return results
}

async function probeVersion(engine: Engine): Promise<EngineProbe> {
  const status = await engine.status()
  if (status.state !== 'ready')
    return { id: 'engine', ok: false, message: status.message ?? `the engine at ${engine.endpoint} does not answer` }
  return {
    id: 'engine',
    ok: true,
    message: `${status.name} ${status.version} (API ${status.apiVersion}) answers at ${engine.endpoint}`,
  }
}

/** An engine that ignores the sub-path shows the whole volume; one that does not check it follows links out of the volume. */
export async function probeSubpath(engine: Engine, options: Pick<ProbeOptions, 'image'>): Promise<EngineProbe> {
  const remedy = 'Install Docker 26 or newer, and point DOCKER_HOST at it.'
  const volume = `node-lab.probe.${randomUUID()}`
  const { image } = options
  await engine.createVolume(volume, { [ROLE_LABEL]: 'helper' })
  try {
    const prepared = await runHelper(engine, {
      image,
      command: ['sh', '-c', 'mkdir /v/inside && touch /v/inside/in /v/out && ln -s /etc /v/link'],
      mounts: [{ type: 'volume', volume, target: '/v' }],
    })
    if (prepared.exitCode !== 0) return { id: 'volume-subpath', ok: false, message: prepared.output.trim() }
    const seen = await runHelper(engine, {
      image,
      command: ['ls', '/v'],
      mounts: [{ type: 'volume', volume, subpath: 'inside', target: '/v' }],
    })
    if (seen.output.trim() !== 'in')
      return { id: 'volume-subpath', ok: false, message: 'the engine ignores the sub-paths of volumes', remedy }
    const escaped = await runHelper(engine, {
      image,
      command: ['ls', '/v'],
      mounts: [{ type: 'volume', volume, subpath: 'link', target: '/v' }],
    }).catch(() => undefined)
    if (escaped?.exitCode === 0)
      return { id: 'volume-subpath', ok: false, message: 'sub-paths of volumes follow links out of the volume', remedy }
    return { id: 'volume-subpath', ok: true, message: 'sub-paths of volumes are honoured and confined' }
  } finally {
    await engine.removeVolume(volume)
  }
}

async function probeBindMount(engine: Engine, options: ProbeOptions): Promise<EngineProbe> {
  await mkdir(options.home, { recursive: true })
  const folder = await mkdtemp(join(options.home, '.probe-'))
  const remedy = `Let the engine see ${options.home} (Docker Desktop: Settings, Resources, File sharing), or set NODE_LAB_HOME to a folder that it sees.`
  try {
    const word = randomUUID()
    await writeFile(join(folder, 'from-host'), word)
    const { output } = await runHelper(engine, {
      image: options.image,
      command: ['sh', '-c', 'cat /probe/from-host && cp /probe/from-host /probe/from-container'],
      mounts: [{ type: 'bind', source: folder, target: '/probe' }],
    })
    if (output.trim() !== word)
      return { id: 'bind-mount', ok: false, message: `containers do not see the files in ${options.home}`, remedy }
    const answer = await readFile(join(folder, 'from-container'), 'utf8').catch(() => '')
    if (answer !== word)
      return {
        id: 'bind-mount',
        ok: false,
        message: `what containers write in ${options.home} does not arrive`,
        remedy,
      }
    return { id: 'bind-mount', ok: true, message: `containers and this machine share ${options.home}` }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function probeEngineSocket(engine: Engine, options: ProbeOptions): Promise<EngineProbe> {
  const path = engine.socketPath
  const { exitCode } = await runHelper(engine, {
    image: options.image,
    command: ['sh', '-c', 'test -S /engine.sock'],
    mounts: [{ type: 'bind', source: path, target: '/engine.sock' }],
  })
  if (exitCode === 0) return { id: 'engine-socket', ok: true, message: `the engine has its socket at ${path}` }
  return {
    id: 'engine-socket',
    ok: false,
    message: `${path} is not the engine's socket on the engine's machine`,
    remedy: 'Set NODE_LAB_ENGINE_SOCKET to the path of the socket there.',
  }
}

/** Only where the engine shares this machine's kernel; elsewhere the file does not exist or says nothing. */
async function probeInotifyLimits(): Promise<EngineProbe> {
  const path = '/proc/sys/fs/inotify/max_user_instances'
  const text = process.platform === 'linux' ? await readFile(path, 'utf8').catch(() => '') : ''
  if (text === '')
    return { id: 'inotify-limits', ok: true, message: "the engine's limits of file watchers are its own" }
  const limit = Number(text)
  const message = `${limit} file watchers are allowed for each user`
  if (limit >= LOW_INOTIFY_INSTANCES) return { id: 'inotify-limits', ok: true, message }
  return { id: 'inotify-limits', ok: false, message, remedy: 'Run `sysctl fs.inotify.max_user_instances=512`.' }
}

async function probeDisk(options: ProbeOptions): Promise<EngineProbe> {
  const { bavail, bsize } = await statfs(options.home)
  const free = bavail * bsize
  const message = `${(free / 1e9).toFixed(1)} GB are free at ${options.home}`
  if (free >= LOW_DISK_BYTES) return { id: 'disk', ok: true, message }
  return { id: 'disk', ok: false, message, remedy: 'Free some disk space: images and logs of a lab need about 2 GB.' }
}
