/** Pods for one case, removed at its end, and the looks at them that cases share. */
import { mkdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect } from 'vitest'
import { CriError } from '../../src-main/container-runtime/cri.ts'
import type {
  ContainerConfig,
  ContainerEventResponse,
  CriContainerStatus,
  CriErrorCode,
  NamespaceOptions,
  PodSandboxConfig,
  RuntimeService,
} from '../../src-main/container-runtime/cri.ts'
import { aContainerConfig, aPodSandboxConfig } from '../../src-main/container-runtime/testing/configs.ts'
import type { CriSubject, NodeFiles } from './cri-subject.ts'
import { IDLE, IS_READY } from './workloads.ts'
import type { Workload } from './workloads.ts'

/** Clocks of tests tell milliseconds, runtimes nanoseconds. */
const CLOCK_STEP_NS = 2_000_000n
/** An id that no runtime has given away. */
export const UNKNOWN_ID = '0123456789abcdef'.repeat(4)
/** Statuses of gRPC that kubelets and crictl act upon; every other failure is a failure like any other to them. */
const CODES_WITH_A_MEANING: readonly CriErrorCode[] = ['NotFound', 'DeadlineExceeded', 'Unavailable', 'Unimplemented']

export interface Pod {
  sandboxId: string
  config: PodSandboxConfig
}

export interface Started extends Pod {
  containerId: string
  container: ContainerConfig
}

export type ContainerOverrides = Partial<ContainerConfig> & { name?: string; attempt?: number }

let serial = 0

/** A pod for all cases that only look at a container: sandboxes are what takes time. Made when it is first wanted. */
export class SharedPod {
  readonly #subject: CriSubject
  #pod: Promise<Pod> | undefined

  constructor(subject: CriSubject) {
    this.#subject = subject
  }

  get(): Promise<Pod> {
    this.#pod ??= this.#run()
    return this.#pod
  }

  async #run(): Promise<Pod> {
    const config = this.#subject.complete(aPodSandboxConfig({ name: 'shared', uid: 'f'.repeat(32) }))
    return { sandboxId: await this.#subject.runtime.runPodSandbox(config), config }
  }
}

export class CaseWorld {
  readonly subject: CriSubject
  readonly #shared: SharedPod
  readonly #sandboxIds = new Set<string>()
  readonly #containerIds = new Set<string>()

  constructor(subject: CriSubject, shared: SharedPod) {
    this.subject = subject
    this.#shared = shared
  }

  get runtime(): RuntimeService {
    return this.subject.runtime
  }

  get images(): CriSubject['images'] {
    return this.subject.images
  }

  /** @throws Error for a runtime without files: its difference has to say so */
  get files(): NodeFiles {
    if (this.subject.files === undefined) throw new Error(`the ${this.subject.name} runtime has no files`)
    return this.subject.files
  }

  /** A pod that no other case has. */
  podConfig(namespaces: Partial<NamespaceOptions> = {}): PodSandboxConfig {
    serial++
    const config = aPodSandboxConfig({ name: `pod${serial}`, uid: `${serial}`.padStart(32, '0') })
    Object.assign(config.linux.securityContext.namespaceOptions, namespaces)
    return this.subject.complete(config)
  }

  async runPod(config: PodSandboxConfig = this.podConfig()): Promise<Pod> {
    const sandboxId = await this.runtime.runPodSandbox(config)
    this.#sandboxIds.add(sandboxId)
    return { sandboxId, config }
  }

  containerConfig(workload: Workload, overrides: ContainerOverrides = {}): ContainerConfig {
    this.subject.prepare(workload)
    const image = { image: this.subject.image }
    const name = `c${++serial}`
    return aContainerConfig({ name, image, command: ['sh', '-c', workload.script], ...overrides })
  }

  /** In the shared pod unless one is given; with a name of its own unless `overrides` has one. */
  async create(workload: Workload, overrides: ContainerOverrides = {}, pod?: Pod): Promise<Started> {
    const { sandboxId, config } = pod ?? (await this.#shared.get())
    const container = this.containerConfig(workload, overrides)
    const containerId = await this.runtime.createContainer(sandboxId, container, config)
    if (pod === undefined) this.#containerIds.add(containerId)
    return { sandboxId, config, containerId, container }
  }

  /** As `create`, and started. */
  async start(workload: Workload, overrides: ContainerOverrides = {}, pod?: Pod): Promise<Started> {
    const created = await this.create(workload, overrides, pod)
    await this.runtime.startContainer(created.containerId)
    return created
  }

  /** One that has set its trap for SIGTERM. */
  async startReady(workload: Workload, overrides: ContainerOverrides = {}): Promise<Started> {
    const started = await this.start(workload, overrides)
    await this.subject.eventually('the container to be ready', async () => {
      const { exitCode } = await this.runtime.execSync(started.containerId, IS_READY.words, 20)
      return exitCode === 0 ? true : undefined
    })
    return started
  }

  startIdle(overrides: ContainerOverrides = {}, pod?: Pod): Promise<Started> {
    return this.start(IDLE, overrides, pod)
  }

  /** The status once it has exited. */
  exited(containerId: string): Promise<CriContainerStatus> {
    return this.subject.eventually('the container to exit', async () => {
      const status = await this.runtime.containerStatus(containerId)
      return status.state === 'CONTAINER_EXITED' ? status : undefined
    })
  }

  /** Starts it and answers its status when it has exited. */
  async runToEnd(workload: Workload, overrides: ContainerOverrides = {}, pod?: Pod): Promise<CriContainerStatus> {
    return this.exited((await this.start(workload, overrides, pod)).containerId)
  }

  /** What a shell in the container says. */
  async shell(containerId: string, script: string): Promise<string> {
    const { stdout, stderr, exitCode } = await this.runtime.execSync(containerId, ['sh', '-c', script], 20)
    expect({ exitCode, stderr: Buffer.from(stderr).toString() }).toEqual({ exitCode: 0, stderr: '' })
    return Buffer.from(stdout).toString().trim()
  }

  /** What a shell says in a container that was made for it. */
  async output(script: string, overrides: ContainerOverrides = {}, pod?: Pod): Promise<string> {
    const started = await this.startIdle(overrides, pod)
    return this.shell(started.containerId, script)
  }

  /** A time is one of now, or at most as old as `before`. */
  expectRecent(stamp: bigint | undefined, before: bigint): void {
    expect(stamp).toBeGreaterThanOrEqual(before)
    expect(stamp).toBeLessThanOrEqual(this.subject.nowNs() + CLOCK_STEP_NS)
  }

  /** The lines of its log, as soon as there are so many. */
  logLines(started: Started, count: number): Promise<string[]> {
    return this.subject.eventually(`${count} lines in the log`, async () => {
      const lines = (await readFile(this.logFile(started), 'utf8')).split('\n').slice(0, -1)
      return lines.length >= count ? lines : undefined
    })
  }

  /** Where this machine sees its log. */
  logFile({ config, container }: Started): string {
    return this.files.onMachine(join(config.logDirectory, container.logPath))
  }

  /** A path on the node below a folder that exists, and where this machine sees it. */
  async nodePath(name: string): Promise<{ path: string; machinePath: string }> {
    const path = join(this.files.folder, `${++serial}`, name)
    const machinePath = this.files.onMachine(path)
    await mkdir(dirname(machinePath), { recursive: true })
    return { path, machinePath }
  }

  /** What the runtime has told of a sandbox and a container in it, once it has told that the sandbox is gone. */
  podEvents({ sandboxId, containerId }: Started): Promise<ContainerEventResponse[]> {
    return this.subject.eventually('the events of the pod', () => {
      const own = this.subject.events.filter((event) => [sandboxId, containerId].includes(event.containerId))
      const isOver = own.some(
        (event) => event.containerId === sandboxId && event.containerEventType === 'CONTAINER_DELETED_EVENT',
      )
      return Promise.resolve(isOver ? own : undefined)
    })
  }

  /** Tried again, as kubelets do: containerd may refuse to remove one while it is about to exit. */
  async #removeContainer(id: string): Promise<void> {
    await this.subject.eventually('the removal of a container', async () => {
      await this.runtime.removeContainer(id)
      return true
    })
  }

  async dispose(): Promise<void> {
    await Promise.all([
      ...[...this.#sandboxIds].map((id) => this.runtime.removePodSandbox(id)),
      ...[...this.#containerIds].map((id) => this.#removeContainer(id)),
    ])
  }
}

export async function failureOf(call: Promise<unknown>): Promise<CriError> {
  const outcome = await call.then(
    (value) => ({ value }),
    (error: unknown) => error,
  )
  if (outcome instanceof CriError) return outcome
  throw new Error(`expected a CriError, not ${JSON.stringify(outcome)}`)
}

export async function expectCode(call: Promise<unknown>, code: CriErrorCode): Promise<void> {
  const { code: actual, message } = await failureOf(call)
  expect({ code: actual, message }).toMatchObject({ code })
}

/** It fails, and not in a way that callers would take for something else. */
export async function expectRefused(call: Promise<unknown>): Promise<void> {
  const { code, message } = await failureOf(call)
  expect(CODES_WITH_A_MEANING, message).not.toContain(code)
  expect(message).not.toBe('')
}
