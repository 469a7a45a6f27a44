/** Starts and stops the engine that Node Lab made for this machine (design §9). */
import { spawn } from 'node:child_process'
import { mkdir, open, readFile, readlink, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { labStep, type LabStep } from '../../common/lab/lab-texts.ts'
import { type Clock, delay } from '../../base/clock.ts'
import { LabError } from '../../common/lab-error.ts'
import { withFileLock } from '../store/file-lock.ts'
import {
  computeLaunchCommand,
  findForeignDaemons,
  findOwnDaemon,
  findSurvivors,
  type HostProcess,
  listProcesses,
} from './own-engine-launch.ts'
import {
  OWN_ENGINE,
  ownEndpoint,
  ownLogFile,
  ownPidFile,
  ownSocketPath,
  type OwnEnginePaths,
} from './own-engine-paths.ts'
import { ensureEngineProgram, removeOldPrograms } from './own-engine-program.ts'

const READY_TIMEOUT_MS = 120_000
const STOP_TIMEOUT_MS = 120_000
const POLL_MS = 100
const LOG_LIMIT_BYTES = 10_000_000

export interface OwnEngineOptions {
  clock: Clock
  onProgress: (step: LabStep) => void
  /** Whether the engine answers on its socket. */
  ping: () => Promise<boolean>
  paths?: OwnEnginePaths
}

/** Why this machine cannot have an engine of our own; `undefined` when it can. */
export function computeOwnEngineObstacle(machine: {
  platform: string
  uid: number | undefined
  hasApt: boolean
}): string | undefined {
  if (machine.platform !== 'linux') return 'only on Linux can Node Lab make an engine of its own'
  if (machine.uid !== 0) return 'only as root can Node Lab make an engine of its own'
  if (!machine.hasApt) return 'Node Lab makes an engine of its own from Debian packages, and this machine has no apt'
  return undefined
}

/**
 * Makes the engine if need be and starts it unless it runs; it goes on without us. Resolves when it answers.
 * @throws NoEngine, Unavailable
 */
export async function startOwnEngine(options: OwnEngineOptions): Promise<void> {
  const paths = options.paths ?? OWN_ENGINE
  await withFileLock(
    {
      clock: options.clock,
      file: join(paths.state, 'lock'),
      onWait: (owner) => options.onProgress(labStep('engine-wait', { process: owner })),
    },
    async () => {
      const processes = await listProcesses()
      const own = findOwnDaemon(processes, paths)
      if (own !== undefined) {
        await waitUntilReady(options, paths, () => isRunning(own.pid))
        return
      }
      await refuseBesideForeignDaemon(processes, paths)
      const survivor = findSurvivors(processes, paths)[0]
      const program = await ensureEngineProgram(paths, options.onProgress)
      if (survivor === undefined) await removeOldPrograms(paths)
      await launch(options, paths, program, survivor)
    },
  )
}

async function refuseBesideForeignDaemon(processes: HostProcess[], paths: OwnEnginePaths): Promise<void> {
  const foreign = findForeignDaemons(processes, paths, await readlink('/proc/self/ns/net'))[0]
  if (foreign === undefined) return
  throw new LabError({
    kind: 'NoEngine',
    message: `a Docker engine that Node Lab cannot use is running (process ${foreign.pid}); a second one would break its network`,
    remedy: 'Upgrade that Docker to version 26 or newer, or stop it so that Node Lab can start an engine of its own.',
  })
}

async function launch(
  options: OwnEngineOptions,
  paths: OwnEnginePaths,
  program: string,
  survivor: HostProcess | undefined,
): Promise<void> {
  options.onProgress(labStep('engine-start'))
  await mkdir(paths.run, { recursive: true })
  // The pid of a dead engine may be another process's by now; the caller has made sure that no engine of ours runs.
  await rm(ownPidFile(paths), { force: true })
  await rm(ownSocketPath(paths), { force: true })
  await writeFile(join(paths.state, 'daemon.json'), '{}\n')
  await rotateLog(paths)
  const log = await open(ownLogFile(paths), 'a')
  const command = computeLaunchCommand(paths, program, survivor)
  const child = spawn(command.program, command.arguments, {
    detached: true,
    cwd: '/',
    stdio: ['ignore', log.fd, log.fd],
  })
  let running = true
  child.once('error', () => {
    running = false
  })
  child.once('exit', () => {
    running = false
  })
  child.unref()
  await log.close()
  await waitUntilReady(options, paths, () => Promise.resolve(running))
}

async function waitUntilReady(
  options: OwnEngineOptions,
  paths: OwnEnginePaths,
  isStillThere: () => Promise<boolean>,
): Promise<void> {
  const startedMs = options.clock.now()
  for (;;) {
    if (await options.ping()) return
    const late = options.clock.now() - startedMs > READY_TIMEOUT_MS
    if (late || !(await isStillThere())) {
      throw new LabError({
        kind: 'NoEngine',
        message: `the engine at ${ownEndpoint(paths)} ${late ? 'does not answer' : 'ended at once'}: ${await lastLogLines(paths)}`,
        remedy: `Read ${ownLogFile(paths)}; a machine that forbids mounts or bridge networks cannot run an engine.`,
      })
    }
    await delay(options.clock, POLL_MS)
  }
}

/**
 * Ends the engine, with all containers that it runs; what they are made of stays on disk. Idempotent.
 * @returns whether one was running
 */
export async function stopOwnEngine(options: Pick<OwnEngineOptions, 'clock' | 'paths'>): Promise<boolean> {
  const paths = options.paths ?? OWN_ENGINE
  const own = findOwnDaemon(await listProcesses(), paths)
  if (own !== undefined) await terminate(options.clock, own.pid)
  // Ordinarily dockerd has taken its containerd along; after a kill it stands alone.
  for (const survivor of findSurvivors(await listProcesses(), paths)) await terminate(options.clock, survivor.pid)
  await rm(ownPidFile(paths), { force: true })
  await rm(ownSocketPath(paths), { force: true })
  return own !== undefined
}

async function terminate(clock: Clock, pid: number): Promise<void> {
  const startedMs = clock.now()
  signal(pid, 'SIGTERM')
  while (await isRunning(pid)) {
    if (clock.now() - startedMs > STOP_TIMEOUT_MS) {
      signal(pid, 'SIGKILL')
      return
    }
    await delay(clock, POLL_MS)
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** A process that has ended but that nobody has waited for has no command line any more. */
async function isRunning(pid: number): Promise<boolean> {
  return readFile(`/proc/${pid}/cmdline`, 'utf8').then(
    (line) => line !== '',
    () => false,
  )
}

async function rotateLog(paths: OwnEnginePaths): Promise<void> {
  const path = ownLogFile(paths)
  const size = await stat(path).then(
    (found) => found.size,
    () => 0,
  )
  if (size > LOG_LIMIT_BYTES) await rename(path, `${path}.old`)
}

async function lastLogLines(paths: OwnEnginePaths): Promise<string> {
  const text = await readFile(ownLogFile(paths), 'utf8').catch(() => '')
  return text.trim().split('\n').slice(-3).join(' | ')
}
