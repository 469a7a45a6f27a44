/** A pod of the in-memory bridge: starts, runs, exits and backs off as its manifest's command suggests. */
import type { Container, Pod } from '@common/api/core.ts'
import type { ContainerStatus, PodStatus } from '@common/api/pod-status.ts'
import type { TimelineEntry } from '@common/lab/timeline-entry.ts'
import { LabError } from '@common/lab-error.ts'

const CREATE_MS = 700
const FIRST_DELAY_SECONDS = 10
const PULL_DELAY_SECONDS = 20
const LONGEST_DELAY_SECONDS = 300
const STOP_MS = 1_500
const EXIT_AFTER_MS = 3_000
const HOUR_MS = 3_600_000

export interface FakePodEvents {
  onChange(): void
  onEntry(entry: Omit<TimelineEntry, 'boot' | 'sequence' | 'time' | 'node' | 'pod'>): void
  onGone(): void
}

export class FakePod {
  private readonly spec: Pod['spec']
  private readonly identity: { name: string; namespace: string; uid: string; node: string }
  private readonly events: FakePodEvents
  private readonly statuses: Map<string, ContainerStatus>
  private readonly initStatuses: Map<string, ContainerStatus>
  private readonly delays = new Map<string, number>()
  private readonly timers = new Set<ReturnType<typeof setTimeout>>()
  private readonly startTime = new Date().toISOString()
  private deletionTimestamp: string | undefined
  private phase: PodStatus['phase'] | undefined
  private readonly labels: Record<string, string> | undefined

  constructor(pod: Pod, identity: FakePod['identity'], events: FakePodEvents) {
    this.spec = pod.spec
    this.labels = pod.metadata.labels
    this.identity = identity
    this.events = events
    const hasInit = (pod.spec.initContainers ?? []).length > 0
    const waiting = (container: Container): [string, ContainerStatus] => [
      container.name,
      aStatus(container, hasInit ? 'PodInitializing' : 'ContainerCreating'),
    ]
    this.statuses = new Map(pod.spec.containers.map(waiting))
    this.initStatuses = new Map((pod.spec.initContainers ?? []).map(waiting))
  }

  get restarts(): number {
    return [...this.statuses.values()].reduce((sum, { restartCount }) => sum + restartCount, 0)
  }

  start(): void {
    this.events.onEntry({
      type: 'Normal',
      subject: 'pod',
      reason: 'PodAdded',
      message: `Pod ${this.identity.name} added`,
      cause: 'FileAdded',
    })
    this.tellPhase()
    this.after(CREATE_MS, () => {
      this.events.onEntry({
        type: 'Normal',
        subject: 'sandbox',
        reason: 'SandboxStarted',
        message: 'Pod sandbox started',
      })
      this.runInit([...this.initStatuses.keys()])
    })
  }

  /** As if it had been there for an hour. */
  runAtOnce(): void {
    this.stop()
    this.runInit([...this.initStatuses.keys()])
    const startedAt = new Date(Date.now() - HOUR_MS).toISOString()
    for (const status of this.statuses.values()) if (status.state.running) status.state = { running: { startedAt } }
  }

  crash(name: string | undefined): string {
    const running = [...this.statuses.values()].find(
      (one) => one.state.running && (name === undefined || one.name === name),
    )
    if (running === undefined) {
      const message = `No container of ${this.identity.name} is running, so none can be crashed.`
      throw new LabError({ kind: 'Conflict', message, remedy: 'Wait until the kubelet has started it again.' })
    }
    this.exit(running.name, 137)
    return running.name
  }

  terminate(): void {
    this.stop()
    this.deletionTimestamp = new Date().toISOString()
    for (const name of this.statuses.keys()) {
      this.events.onEntry({
        type: 'Normal',
        subject: 'container',
        container: name,
        reason: 'Killing',
        message: `Stopping container ${name}`,
        cause: 'FileRemoved',
      })
    }
    this.after(STOP_MS, () => {
      this.events.onEntry({
        type: 'Normal',
        subject: 'pod',
        reason: 'PodGone',
        message: `Pod ${this.identity.name} is gone`,
      })
      this.events.onGone()
    })
  }

  stop(): void {
    for (const timer of this.timers) clearTimeout(timer)
    this.timers.clear()
  }

  pod(): Pod {
    const { name, namespace, uid, node } = this.identity
    const metadata: Pod['metadata'] = {
      name,
      namespace,
      uid,
      annotations: { 'kubernetes.io/config.hash': uid, 'kubernetes.io/config.source': 'file' },
      ...(this.labels && { labels: this.labels }),
      ...(this.deletionTimestamp !== undefined && { deletionTimestamp: this.deletionTimestamp }),
    }
    return { apiVersion: 'v1', kind: 'Pod', metadata, spec: { ...this.spec, nodeName: node }, status: this.status() }
  }

  private status(): PodStatus {
    const statuses = [...this.statuses.values()]
    const isReady = statuses.every(({ ready }) => ready)
    const isInitialized = [...this.initStatuses.values()].every(({ state }) => state.terminated?.exitCode === 0)
    const isOver =
      statuses.every(({ state }) => state.terminated) &&
      this.spec.restartPolicy !== 'Always' &&
      this.spec.restartPolicy !== undefined
    const hasStarted = statuses.some(({ containerID }) => containerID !== undefined)
    const condition = (type: string, isTrue: boolean): { type: string; status: 'True' | 'False' } => ({
      type,
      status: isTrue ? 'True' : 'False',
    })
    return {
      phase: isOver ? 'Succeeded' : hasStarted ? 'Running' : 'Pending',
      startTime: this.startTime,
      hostIP: '172.30.0.11',
      ...(hasStarted && { podIP: `172.30.0.${130 + (this.identity.uid.charCodeAt(0) % 100)}` }),
      conditions: [
        condition('Initialized', isInitialized),
        condition('Ready', isReady),
        condition('ContainersReady', isReady),
      ],
      containerStatuses: statuses,
      ...(this.initStatuses.size > 0 && { initContainerStatuses: [...this.initStatuses.values()] }),
    }
  }

  private runInit(names: string[]): void {
    const [name, ...rest] = names
    if (name === undefined) {
      for (const container of this.spec.containers) this.run(container.name)
      return
    }
    const startedAt = new Date().toISOString()
    this.update(this.initStatuses, name, { state: { running: { startedAt } }, containerID: `docker://${name}` })
    this.after(EXIT_AFTER_MS, () => {
      const terminated = { exitCode: 0, reason: 'Completed', startedAt, finishedAt: new Date().toISOString() }
      this.update(this.initStatuses, name, { state: { terminated }, ready: true })
      this.runInit(rest)
    })
  }

  private run(name: string): void {
    const container = this.spec.containers.find((candidate) => candidate.name === name)
    if (container?.image?.includes('missing')) return this.failPull(name, container.image)
    const startedAt = new Date().toISOString()
    const containerID = `docker://${this.identity.uid.slice(0, 12)}${Date.now().toString(16)}`
    this.update(this.statuses, name, { state: { running: { startedAt } }, ready: true, started: true, containerID })
    this.events.onEntry({
      type: 'Normal',
      subject: 'container',
      container: name,
      reason: 'Started',
      message: `Started container ${name}`,
      details: { containerId: containerID, restartCount: this.statuses.get(name)?.restartCount ?? 0 },
    })
    const command = [...(container?.command ?? []), ...(container?.args ?? [])].join(' ')
    const exitCode = /exit 1/.test(command) ? 1 : /echo done/.test(command) ? 0 : undefined
    if (exitCode !== undefined) this.after(EXIT_AFTER_MS, () => this.exit(name, exitCode))
  }

  private failPull(name: string, image: string): void {
    const about = { type: 'Warning', subject: 'image', container: name } as const
    const message = `Back-off pulling image "${image}"`
    const until = new Date(Date.now() + PULL_DELAY_SECONDS * 1000).toISOString()
    this.update(this.statuses, name, { state: { waiting: { reason: 'ImagePullBackOff', message } } })
    this.events.onEntry({ ...about, reason: 'Failed', message: `Failed to pull image "${image}"` })
    this.events.onEntry({ ...about, reason: 'BackOff', message, details: { delaySeconds: PULL_DELAY_SECONDS, until } })
  }

  private exit(name: string, exitCode: number): void {
    const before = this.statuses.get(name)
    const finishedAt = new Date().toISOString()
    const reason = exitCode === 0 ? 'Completed' : 'Error'
    const terminated = { exitCode, reason, startedAt: before?.state.running?.startedAt ?? finishedAt, finishedAt }
    this.update(this.statuses, name, { state: { terminated }, ready: false, started: false })
    this.events.onEntry({
      type: exitCode === 0 ? 'Normal' : 'Warning',
      subject: 'container',
      container: name,
      reason: 'ContainerDied',
      message: `Container ${name} exited with code ${exitCode}`,
      cause: 'ContainerExited',
      details: {
        exitCode,
        terminationReason: reason,
        restartCount: before?.restartCount ?? 0,
        ...(exitCode > 128 && { signal: exitCode - 128 }),
      },
    })
    const policy = this.spec.restartPolicy ?? 'Always'
    if (policy === 'Never' || (policy === 'OnFailure' && exitCode === 0)) return
    const delaySeconds = this.delays.get(name) ?? 0
    this.delays.set(name, Math.min(LONGEST_DELAY_SECONDS, delaySeconds === 0 ? FIRST_DELAY_SECONDS : delaySeconds * 2))
    if (delaySeconds > 0) {
      const message = `back-off ${delaySeconds}s restarting failed container=${name} pod=${this.identity.name}_${this.identity.namespace}(${this.identity.uid})`
      this.after(CREATE_MS, () => {
        this.update(this.statuses, name, {
          state: { waiting: { reason: 'CrashLoopBackOff', message } },
          lastState: { terminated },
        })
        this.events.onEntry({
          type: 'Warning',
          subject: 'container',
          container: name,
          reason: 'BackOff',
          message: `Back-off restarting failed container ${name} in pod ${this.identity.name}`,
          details: { delaySeconds, until: new Date(Date.parse(finishedAt) + delaySeconds * 1000).toISOString() },
        })
      })
    }
    this.after(Math.max(CREATE_MS, delaySeconds * 1000), () => {
      const restartCount = (this.statuses.get(name)?.restartCount ?? 0) + 1
      this.update(this.statuses, name, { restartCount, lastState: { terminated } })
      this.run(name)
    })
  }

  private update(map: Map<string, ContainerStatus>, name: string, change: Partial<ContainerStatus>): void {
    const status = map.get(name)
    if (status === undefined) return
    map.set(name, { ...status, ...change })
    this.tellPhase()
    this.events.onChange()
  }

  private tellPhase(): void {
    const { phase = 'Pending' } = this.status()
    if (phase === this.phase) return
    this.phase = phase
    const message = `Phase is ${phase}`
    this.events.onEntry({ type: 'Normal', subject: 'pod', reason: 'PhaseChanged', message, details: { phase } })
  }

  private after(milliseconds: number, act: () => void): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer)
      act()
    }, milliseconds)
    this.timers.add(timer)
  }
}

function aStatus({ name, image = '' }: Container, reason: string): ContainerStatus {
  return { name, image, imageID: '', ready: false, restartCount: 0, state: { waiting: { reason } }, lastState: {} }
}
