/** A random life on the fake clock and the simulated runtime: carries steps out and looks at everything after each of them. */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Container } from '../../../common/api/core.ts'
import { CONTAINER_RESTART_COUNT_ANNOTATION, POD_UID_LABEL } from '../../../common/api/kubelet-labels.ts'
import type { TimelineEntry } from '../../../common/lab/timeline-entry.ts'
import type { ContainerConfig, PodSandboxConfig } from '../../../container-runtime/cri.ts'
import type { ContainerBehaviour } from '../../../container-runtime/simulated/behaviour.ts'
import type { BehaviourScript } from '../../../container-runtime/simulated/simulated-runtime-options.ts'
import { newTestKubelet } from '../new-test-kubelet.ts'
import type { TestKubelet } from '../new-test-kubelet.ts'
import { countRememberedEntries } from '../remembered-entries.ts'
import { LifeFiles } from './life-files.ts'
import type { FileChange } from './life-files.ts'
import type { LifeStep } from './life-plan.ts'
import { findDoubles, findUnrest } from './life-report.ts'
import type { Observation, ThingOnNode } from './life-report.ts'
import { LifeWatch } from './life-watch.ts'
import type { ProgramPlan } from './pod-shapes.ts'

const MAX_RESTART_WAIT_MS = 40_000
/** Longer than every wait that a kubelet of these settings knows, its clean-up of each minute included. */
const REST_MS = 130_000
/** Back-off entries go last: 10 minutes after their last change, with the next clean-up. */
const FORGOTTEN_MS = 1_300_000
/** The timeline keeps the past on purpose, images outlive pods, and the rest is the test's own. */
const NOT_OF_PODS = new Set(['timeline', 'images', 'clock', 'runtime', 'logger', 'node'])
const START_RECORDED_WITHIN_MS = 1000
const LISTEN_AGAIN_MS = 50
const LATENT = ['runPodSandbox', 'createContainer', 'startContainer', 'listContainers', 'stopPodSandbox'] as const

function writeProgram(plan: ProgramPlan): Pick<Container, 'image' | 'args'> {
  return { image: 'busybox:1.36', args: [JSON.stringify(plan)] }
}

type Power = 'on' | 'off'

export class SimulatedLife implements AsyncDisposable {
  readonly #node: TestKubelet
  readonly #files = new LifeFiles(writeProgram)
  readonly #watch = new LifeWatch()
  readonly #problems: string[] = []
  readonly #ailing = new Set<string>()
  /** When containers were started that the timeline does not tell of yet. */
  readonly #starts = new Map<string, number>()
  readonly #kubeletEndsMs: number[] = []
  readonly #end = new AbortController()
  #power: Power = 'on'
  #kubelet: 'running' | 'stopped' = 'running'
  #timelineRead = 0

  private constructor(node: TestKubelet) {
    this.#node = node
    this.#listen()
  }

  static async begin(): Promise<SimulatedLife> {
    const script: { behaviour?: BehaviourScript } = {}
    const node = await newTestKubelet({
      settings: { maxContainerRestartPeriodMs: MAX_RESTART_WAIT_MS },
      behaviour: (config, sandbox) => script.behaviour?.(config, sandbox),
    })
    const life = new SimulatedLife(node)
    script.behaviour = (config, sandbox) => life.#chooseBehaviour(config, sandbox)
    return life
  }

  /** @throws Error that says what is untrue */
  async take(step: LifeStep): Promise<void> {
    await this.#perform(step)
    await this.#node.pass(step.thenMs)
    this.#lookAround()
    this.#throwProblems()
  }

  /** Everything is put in order but what the folder says, and then has to come to rest. @throws Error as `take` */
  async comeToRest(): Promise<void> {
    this.#node.runtime.setUnavailable(false)
    this.#setLatency(0)
    await this.#start()
    await this.#node.pass(REST_MS)
    this.#lookAround()
    this.#problems.push(...findUnrest(this.#observe(), this.#files.wanted(), this.#files.verdicts(), this.#watch))
    this.#problems.push(...this.#findUntoldStarts())
    this.#throwProblems()
  }

  /** The folder becomes empty, and nothing may be left. @throws Error as `take` */
  async emptyFolder(): Promise<void> {
    for (const name of this.#files.clear()) this.#change({ name, content: undefined })
    await this.comeToRest()
  }

  /** Timers that wait; at rest without pods it is always the same number. */
  get pendingTimers(): number {
    return this.#node.clock.pendingTimers
  }

  /** Entries of all maps and lists that the kubelet remembers pods and files in, once it has forgotten what it may forget. */
  async countRemembered(): Promise<Map<string, number>> {
    await this.#node.pass(FORGOTTEN_MS)
    return countRememberedEntries(this.#node.kubelet, (name) => NOT_OF_PODS.has(name.replace('#', '')))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end.abort()
    await this.#node[Symbol.asyncDispose]()
  }

  /** As a real runtime does, makes the log file too: a kubelet reads restart counts from their names. */
  #chooseBehaviour(config: ContainerConfig, sandbox: PodSandboxConfig): ContainerBehaviour {
    const plan = JSON.parse(config.args[0] ?? '{}') as ProgramPlan
    const attempt = Number(config.annotations[CONTAINER_RESTART_COUNT_ANNOTATION] ?? 0)
    const log = join(sandbox.logDirectory, config.logPath)
    mkdirSync(dirname(log), { recursive: true })
    writeFileSync(log, '')
    const key = `${sandbox.metadata.uid} ${config.metadata.name} ${attempt}`
    return {
      ...(plan.exitAfterMs === undefined ? {} : { exitAfterMs: plan.exitAfterMs }),
      exitCode: plan.exitCodes?.[Math.min(attempt, plan.exitCodes.length - 1)] ?? 0,
      ...(plan.ignoresTerm === true ? { onTerm: 'ignore' } : {}),
      exec: ([program]) => ({ exitCode: program === 'false' || this.#ailing.has(key) ? 1 : 0 }),
    }
  }

  async #perform(step: LifeStep): Promise<void> {
    const change = this.#files.apply(step)
    if (change !== undefined) {
      this.#change(change)
      return
    }
    switch (step.does) {
      case 'exit':
      case 'remove container':
      case 'fail probe': {
        const running = this.#node.runtime.contents.containers.filter(({ state }) => state === 'CONTAINER_RUNNING')
        const container = running[step.pick % Math.max(1, running.length)]
        if (container === undefined) return
        const uid = container.labels[POD_UID_LABEL] ?? ''
        if (step.does === 'exit') this.#node.runtime.exitContainer(container.id, step.code)
        else if (step.does === 'remove container') this.#rob(uid, container.id)
        else this.#ailing.add(`${uid} ${container.metadata.name} ${container.metadata.attempt}`)
        return
      }
      case 'kill sandbox':
      case 'remove sandbox': {
        const all = this.#node.runtime.contents.sandboxes
        const sandbox = all[step.pick % Math.max(1, all.length)]
        if (sandbox === undefined) return
        if (step.does === 'kill sandbox') this.#node.runtime.killSandbox(sandbox.id)
        else this.#rob(sandbox.metadata.uid, sandbox.id)
        return
      }
      case 'stop kubelet':
      case 'kill kubelet':
        await this.#stop(step.does)
        return
      case 'start kubelet':
      case 'power on':
        if (step.does === 'power on' || this.#power === 'on') await this.#start()
        return
      case 'power off':
        await this.#powerOff()
        return
      case 'lose runtime':
      case 'find runtime':
        if (this.#power === 'on') this.#node.runtime.setUnavailable(step.does === 'lose runtime')
        return
      case 'break events':
        this.#node.runtime.breakEventStreams()
        return
      case 'slow runtime':
        this.#setLatency(step.latencyMs)
        return
      default:
      // A file that there is not, or nothing at all.
    }
  }

  #change({ name, content, from }: FileChange): void {
    const path = join(this.#node.folder, name)
    if (from !== undefined) renameSync(join(this.#node.folder, from), path)
    else if (content === undefined) rmSync(path)
    else writeFileSync(path, content)
    this.#node.announce(...(from === undefined ? [] : [from]), name)
  }

  #rob(uid: string, id: string): void {
    this.#watch.noteRobbery(uid)
    this.#node.runtime.vanish(id)
  }

  async #stop(how: 'stop kubelet' | 'kill kubelet'): Promise<void> {
    if (this.#kubelet === 'stopped') return
    this.#lookAround()
    this.#kubelet = 'stopped'
    if (how === 'stop kubelet') await this.#node.stopKubelet()
    this.#node.killKubelet()
    this.#kubeletEndsMs.push(this.#node.clock.now())
    this.#watch.noteEndOfKubelet()
  }

  /** Whatever runs on the node ends at once; what was made and not started yet is gone. */
  async #powerOff(): Promise<void> {
    if (this.#power === 'off') return
    const { runtime } = this.#node
    for (const { id, labels, state } of runtime.contents.containers)
      if (state === 'CONTAINER_CREATED') this.#rob(labels[POD_UID_LABEL] ?? '', id)
    await this.#stop('kill kubelet')
    this.#power = 'off'
    runtime.setUnavailable(true)
    for (const { id } of runtime.contents.sandboxes) runtime.killSandbox(id)
  }

  async #start(): Promise<void> {
    if (this.#power === 'off') {
      this.#node.runtime.setUnavailable(false)
      this.#node.beginBoot()
    }
    this.#power = 'on'
    if (this.#kubelet === 'running') return
    this.#kubelet = 'running'
    await this.#node.startKubelet()
  }

  #setLatency(latencyMs: number): void {
    for (const method of LATENT) this.#node.runtime.setLatency(method, latencyMs)
  }

  #lookAround(): void {
    this.#problems.push(...findDoubles(this.#things()), ...this.#watch.readTimeline(this.#newEntries()))
    if (this.#kubelet === 'stopped') return
    this.#problems.push(...this.#watch.look(this.#node.kubelet.pods()))
    const names = this.#node.kubelet.files().map(({ name }) => name)
    if (new Set(names).size < names.length) this.#problems.push(`two verdicts on one file: ${names.join()}`)
  }

  #things(): ThingOnNode[] {
    const { sandboxes, containers } = this.#node.runtime.contents
    return [
      ...sandboxes.map(({ id, metadata, state }) => ({
        ...{ role: 'sandbox' as const, id, podUid: metadata.uid, name: '' },
        running: state === 'SANDBOX_READY',
      })),
      ...containers.map(({ id, metadata, labels, state }) => ({
        ...{ role: 'container' as const, id, podUid: labels[POD_UID_LABEL] ?? '', name: metadata.name },
        running: state === 'CONTAINER_RUNNING',
      })),
    ]
  }

  #observe(): Observation {
    const { root, kubelet } = this.#node
    const links = join(root, 'var/log/containers')
    return {
      nodeName: 'node01',
      pods: kubelet.pods(),
      verdicts: kubelet.files(),
      things: this.#things(),
      podDirectories: entries(join(root, 'var/lib/kubelet/pods')),
      logDirectories: entries(join(root, 'var/log/pods')).map((name) => name.split('_').at(-1) ?? ''),
      danglingLinks: entries(links).filter(
        (name) => statSync(join(links, name), { throwIfNoEntry: false }) === undefined,
      ),
    }
  }

  #newEntries(): TimelineEntry[] {
    const text = readFileSync(join(this.#node.root, 'timeline.ndjson'), 'utf8').slice(this.#timelineRead)
    this.#timelineRead += text.length
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => {
        const entry = JSON.parse(line) as TimelineEntry
        if (entry.reason === 'Started') this.#starts.delete(String(entry.details?.['containerId']))
        return entry
      })
  }

  /** A kubelet that ended about then may have had no time to tell of it. */
  #findUntoldStarts(): string[] {
    return [...this.#starts]
      .filter(([, atMs]) => !this.#kubeletEndsMs.some((ms) => Math.abs(ms - atMs) < START_RECORDED_WITHIN_MS))
      .map(([id]) => `the timeline does not tell that container ${id.slice(0, 12)} was started`)
  }

  /** Looks at every event of the runtime, so that nothing is missed between two steps. */
  #listen(): void {
    const { runtime, clock } = this.#node
    void runtime
      .getContainerEvents({
        signal: this.#end.signal,
        onOpen: () => undefined,
        onEvent: ({ containerId, containerEventType, podSandboxStatus }) => {
          if (containerEventType !== 'CONTAINER_STARTED_EVENT') return
          this.#problems.push(...findDoubles(this.#things()))
          if (containerId !== podSandboxStatus?.id) this.#starts.set(containerId, clock.now())
        },
      })
      .catch(() => undefined) // The stream is broken by what happens, and then opened again.
      .then(() => {
        if (!this.#end.signal.aborted) clock.setTimer(LISTEN_AGAIN_MS, () => this.#listen())
      })
  }

  #throwProblems(): void {
    const problems = [...new Set(this.#problems.splice(0))]
    if (problems.length > 0) throw new Error(`untrue:\n  ${problems.join('\n  ')}`)
  }
}

function entries(directory: string): string[] {
  try {
    return readdirSync(directory)
  } catch {
    // Made with the first pod.
    return []
  }
}
