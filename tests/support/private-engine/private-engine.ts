/**
 * An engine of a test file's own, on a machine of its own: one that may be stopped, killed, started again with other
 * settings, and lose its power, while the engine that all share goes on. Linux and root only, like our own engine.
 */
import { mkdir, open, readdir, readFile, rm, rmdir, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { join } from 'node:path'
import { waitUntil } from '../wait-until.ts'
import { copyImages } from './copy-images.ts'
import { labImages, ownEngineProgram, type EnginePlaces, type EngineProgram } from './engine-program.ts'
import { PrivateMachine, type ProgramResult } from './private-machine.ts'
import { SmallDisk, unmountDisks } from './small-disk.ts'

/** Images, containers and logs; on a real disk, as overlay mounts need. */
export const STATE_ROOT = '/var/lib/node-lab/test-engines'
/** Sockets: short, because the path of one may have 108 bytes. */
const RUN_ROOT = '/run/node-lab-test'
const CGROUP_PREFIX = 'node-lab-test-'
const CGROUPS = '/sys/fs/cgroup'
const READY_TIMEOUT_SECONDS = 120
const STOP_TIMEOUT_SECONDS = 120

/** Calls the function that it is given once for each disk, with the name of a folder as `makeFolder` takes it. */
export type AddDisks = (add: (folder: string, megabytes: number) => Promise<SmallDisk>) => Promise<void>

export class PrivateEngine {
  readonly #id: string
  readonly #program: EngineProgram
  #machine: PrivateMachine
  #daemon: { pid: number; ended: Promise<void> } | undefined
  readonly #endpointBefore = process.env['DOCKER_HOST']

  private constructor(id: string, program: EngineProgram, machine: PrivateMachine) {
    this.#id = id
    this.#program = program
    this.#machine = machine
  }

  /**
   * A machine that is on, with an engine that is not started yet. Removes what test runs that were killed have left.
   * @param name short, of letters, digits and dashes; unique within the test run
   */
  static async create(
    name: string,
    program?: EngineProgram,
    addDisks: AddDisks = () => Promise.resolve(),
  ): Promise<PrivateEngine> {
    await removeLeftovers()
    const chosen = program ?? (await ownEngineProgram())
    const id = `${name}-${process.pid.toString(36)}`
    // Before the machine is on: it has the mounts that there are then.
    await addDisks(async (folder, megabytes) => {
      const path = join(STATE_ROOT, id, folder)
      await mkdir(path, { recursive: true })
      return SmallDisk.make(path, megabytes)
    })
    const engine = new PrivateEngine(id, chosen, await PrivateMachine.powerOn(chosen.root))
    await mkdir(engine.#stateFolder, { recursive: true })
    return engine
  }

  /**
   * The same, started, with the images that labs need, and in use by whatever asks `DOCKER_HOST` in this process and its
   * children, until it is disposed of.
   * @param addDisks gives folders of the engine disks of their own, which can be full: `data` has its images and containers
   */
  static async createForLabs(name: string, addDisks?: AddDisks): Promise<PrivateEngine> {
    const engine = await PrivateEngine.create(name, undefined, addDisks)
    try {
      await engine.start()
      const { endpoint, references } = await labImages()
      await copyImages({ from: endpoint, to: engine.endpoint, references })
    } catch (error) {
      await engine.dispose()
      throw error
    }
    process.env['DOCKER_HOST'] = engine.endpoint
    return engine
  }

  /** As `DOCKER_HOST` wants it. */
  get endpoint(): string {
    return `unix://${this.#places.socket}`
  }

  /** What the daemon said, of all its lives. */
  get logFile(): string {
    return join(this.#stateFolder, 'engine.log')
  }

  /** A folder for whoever uses the engine, which goes with it, also after a killed run. */
  async makeFolder(name: string): Promise<string> {
    const folder = join(this.#stateFolder, name)
    await mkdir(folder, { recursive: true })
    return folder
  }

  /** Resolves when the engine answers. @param settings its `daemon.json`, such as `{ 'live-restore': true }` */
  async start(settings: Record<string, unknown> = {}): Promise<void> {
    if (this.#daemon !== undefined) throw new Error('The engine runs already.')
    const places = this.#places
    await mkdir(places.execRoot, { recursive: true })
    await writeFile(places.settingsFile, JSON.stringify(settings))
    const log = await open(this.logFile, 'a')
    const daemon = await this.#machine.start(this.#program.computeCommand(places), log.fd)
    await log.close()
    this.#daemon = daemon
    let hasEnded = false
    void daemon.ended.then(() => (hasEnded = true))
    await waitUntil({ what: 'the private engine to answer', timeoutSeconds: READY_TIMEOUT_SECONDS }, async () => {
      if (hasEnded) return 'ended'
      return (await get(places.socket, '/_ping')).status === 200 ? 'ready' : undefined
    })
    if (hasEnded) throw new Error(`The private engine ended at once: ${await this.#lastWords()}`)
  }

  /** Has the running engine take over other settings; resolves when `live-restore` is as they say. */
  async reload(settings: Record<string, unknown>): Promise<void> {
    if (this.#daemon === undefined) throw new Error('The engine does not run.')
    await writeFile(this.#places.settingsFile, JSON.stringify(settings))
    process.kill(this.#daemon.pid, 'SIGHUP')
    const liveRestore = settings['live-restore'] === true
    await waitUntil({ what: `the private engine to have live-restore ${liveRestore}` }, async () => {
      const { body } = await get(this.#places.socket, '/info')
      return (JSON.parse(body) as { LiveRestoreEnabled: boolean }).LiveRestoreEnabled === liveRestore ? true : undefined
    })
  }

  /** SIGTERM, and the time to obey it. */
  async stop(): Promise<void> {
    await this.#end('SIGTERM')
  }

  /** SIGKILL to the daemon alone; containers run on. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL')
  }

  /** The power of the machine fails and comes back: no process is left, no network, nothing in `/run`. The engine is not started. */
  async reboot(): Promise<void> {
    await this.#powerOff()
    this.#machine = await PrivateMachine.powerOn(this.#program.root)
  }

  /** Runs a program of this machine in the engine's network, where its published ports are. */
  runInNetwork(program: string, ...args: string[]): Promise<ProgramResult> {
    return this.#machine.runInNetwork(program, ...args)
  }

  /** Runs a program among the engine's mounts: what it mounts, containers can have, and this machine does not see. */
  runAmongMounts(program: string, ...args: string[]): Promise<ProgramResult> {
    return this.#machine.runAmongMounts(program, ...args)
  }

  /** Whether a container's process runs, also while the engine does not. @param pid as the engine tells it */
  hasProcess(pid: number): boolean {
    return this.#machine.hasProcess(pid)
  }

  /** Ends everything and leaves nothing. */
  async dispose(): Promise<void> {
    if (this.#endpointBefore === undefined) delete process.env['DOCKER_HOST']
    else process.env['DOCKER_HOST'] = this.#endpointBefore
    await this.#powerOff()
    await removeEngineFiles(this.#id)
  }

  get #stateFolder(): string {
    return join(STATE_ROOT, this.#id)
  }

  get #runFolder(): string {
    return join(RUN_ROOT, this.#id)
  }

  get #places(): EnginePlaces {
    return {
      settingsFile: join(this.#stateFolder, 'daemon.json'),
      dataRoot: join(this.#stateFolder, 'data'),
      execRoot: join(this.#runFolder, 'exec'),
      pidFile: join(this.#runFolder, 'engine.pid'),
      socket: join(this.#runFolder, 'docker.sock'),
      cgroup: `${CGROUP_PREFIX}${this.#id}`,
    }
  }

  async #powerOff(): Promise<void> {
    await this.#machine.powerOff()
    await this.#daemon?.ended
    this.#daemon = undefined
    await rm(this.#runFolder, { recursive: true, force: true })
    await removeCgroups(this.#places.cgroup)
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    if (this.#daemon === undefined) throw new Error('The engine does not run.')
    const { pid, ended } = this.#daemon
    process.kill(pid, signal)
    let hasEnded = false
    void ended.then(() => (hasEnded = true))
    await waitUntil({ what: `the private engine to end on ${signal}`, timeoutSeconds: STOP_TIMEOUT_SECONDS }, () =>
      hasEnded ? true : undefined,
    )
    this.#daemon = undefined
  }

  async #lastWords(): Promise<string> {
    return (await readFile(this.logFile, 'utf8')).trim().split('\n').slice(-5).join(' | ')
  }
}

function get(socketPath: string, path: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ socketPath, agent: false, path, headers: { Host: 'engine' } }, (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('error', reject)
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(chunks).toString() }))
    })
    outgoing.on('error', reject)
    outgoing.end()
  })
}

/** Files of engines whose test process is gone; their machines have ended with it, or are about to. */
async function removeLeftovers(): Promise<void> {
  for (const id of await readdir(STATE_ROOT).catch(() => [])) {
    const pid = Number.parseInt(/-([0-9a-z]+)$/.exec(id)?.[1] ?? '', 36)
    if (!isProcess(pid)) await removeEngineFiles(id)
  }
}

function isProcess(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
    throw error
  }
}

async function removeEngineFiles(id: string): Promise<void> {
  await removeCgroups(`${CGROUP_PREFIX}${id}`)
  await unmountDisks(join(STATE_ROOT, id))
  await rm(join(RUN_ROOT, id), { recursive: true, force: true })
  // Last, because it is what the next run looks for.
  await rm(join(STATE_ROOT, id), { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
}

/** Processes that have ended leave their control groups behind, in each hierarchy (version 1) or in the one (version 2). */
async function removeCgroups(name: string): Promise<void> {
  const hierarchies = (await readdir(CGROUPS, { withFileTypes: true })).filter((entry) => entry.isDirectory())
  for (const folder of [join(CGROUPS, name), ...hierarchies.map((entry) => join(CGROUPS, entry.name, name))]) {
    await removeCgroup(folder)
  }
}

async function removeCgroup(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => undefined)
  if (entries === undefined) return
  for (const entry of entries) if (entry.isDirectory()) await removeCgroup(join(folder, entry.name))
  await waitUntil({ what: `${folder} to have no process and be removed` }, async () => {
    await rmdir(folder).catch((error: unknown) => {
      // Another test run tidies up as well.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    })
    return true
  })
}
