/** A case's kubelet on a fake clock, with the simulated runtime and a real folder. Time passes only while a case waits. */
import { renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Disposable } from '../../../src-main/base/disposable.ts'
import type { Pod } from '../../../src-main/common/api/core.ts'
import { newTestKubelet } from '../../../src-main/kubelet/testing/new-test-kubelet.ts'
import type { TestKubelet, TestKubeletOptions } from '../../../src-main/kubelet/testing/new-test-kubelet.ts'
import type { KubeletWorld, Victim } from './kubelet-world.ts'
import { behavioursOf, hookCommandsOf, IMAGE, makeManifest } from './pod-plan.ts'
import type { PodPlan } from './pod-plan.ts'
import { PodObserver } from './pod-observer.ts'
import { SimulatedRuntimeObserver } from './simulated-runtime-observer.ts'
import { Trace } from './trace.ts'
import type { TraceKind } from './trace.ts'

/** What happens is noted at its own time; a step only decides how much later a wait ends. */
const STEP_MS = 50
const LONG_STEP_MS = 1000
const LONG_WAIT_MS = 20_000
const PATIENCE_MS = 2_000_000
/** `docker stop` waits so long. */
const ENGINE_STOP_SECONDS = 10

export class SimulatedWorld implements KubeletWorld {
  readonly isReal = false
  readonly podName: string
  readonly trace: Trace
  /** For cases that script the runtime or its images in ways that a real one cannot be. */
  readonly node: TestKubelet
  readonly #observer: PodObserver
  readonly #runtime: SimulatedRuntimeObserver
  readonly #hooks = new Set<string>()
  #entriesSeen = 0
  #timelineBytes = 0
  #subscription: Disposable | undefined

  private constructor(podName: string, node: TestKubelet) {
    this.podName = podName
    this.node = node
    this.trace = new Trace(() => node.clock.now())
    this.#observer = new PodObserver(this.trace, podName)
    this.#runtime = new SimulatedRuntimeObserver(node, this.#observer, this.#hooks)
    this.#watchPods()
  }

  static async start(podName: string, options: TestKubeletOptions = {}): Promise<SimulatedWorld> {
    return new SimulatedWorld(podName, await newTestKubelet({ images: [IMAGE], ...options }))
  }

  get folder(): string {
    return this.node.folder
  }

  manifest(plan: PodPlan, name = this.podName): string {
    for (const [container, behaviours] of behavioursOf(plan)) this.node.runtime.behave(container, ...behaviours)
    for (const command of hookCommandsOf(plan)) this.#hooks.add(command)
    return JSON.stringify(makeManifest(name, plan))
  }

  put(content: string, file = `${this.podName}.yaml`): Promise<void> {
    return this.inFolder((folder) => {
      writeFileSync(join(folder, '.arriving'), content)
      renameSync(join(folder, '.arriving'), join(folder, file))
    }, file)
  }

  async inFolder(act: (folder: string) => void, ...names: string[]): Promise<void> {
    act(this.folder)
    this.node.announce(...names)
    await this.#advance(0)
  }

  remove(file = `${this.podName}.yaml`): Promise<void> {
    return this.inFolder((folder) => rmSync(join(folder, file)), file)
  }

  recreate(content: string): Promise<void> {
    return this.node.recreate(`${this.podName}.yaml`, content)
  }

  start(plan: PodPlan): Promise<void> {
    return this.put(this.manifest(plan))
  }

  async running(plan: PodPlan): Promise<void> {
    await this.start(plan)
    await this.until('the pod to run', () => this.trace.lines('states').at(-1)?.startsWith('Running, ready') === true)
    await this.pass(5)
    this.begin()
  }

  /** Simulated containers are ready as soon as they run. */
  settled(): Promise<void> {
    return Promise.resolve()
  }

  begin(): void {
    this.#readTimeline()
    this.trace.begin()
  }

  sees(kind: TraceKind, text: string): Promise<void> {
    return this.until(`${kind}: ${text}`, () => this.trace.has(kind, text))
  }

  async until(what: string, isSo: () => boolean): Promise<void> {
    const beganMs = this.node.clock.now()
    while (!isSo()) {
      const waitedMs = this.node.clock.now() - beganMs
      if (waitedMs > PATIENCE_MS) throw new Error(`waited in vain for ${what}; ${this.#told()}`)
      await this.#advance(waitedMs < LONG_WAIT_MS ? STEP_MS : LONG_STEP_MS)
    }
  }

  async pass(seconds: number): Promise<void> {
    await this.#advance(seconds * 1000)
  }

  pod(name = `${this.podName}-node01`): Promise<Pod | undefined> {
    return Promise.resolve(this.#observer.listed(this.node.kubelet.pods()).find((pod) => pod.metadata.name === name))
  }

  async leftovers(): Promise<string[]> {
    const { runtime } = this.node
    const sandboxes = await runtime.listPodSandbox()
    const containers = await runtime.listContainers()
    return [
      ...sandboxes.map(
        ({ metadata, state }) => `sandbox ${metadata.attempt} ${state === 'SANDBOX_READY' ? 'ready' : 'stopped'}`,
      ),
      ...containers.map(
        ({ metadata, state }) =>
          `${metadata.name} ${metadata.attempt} ${state.replace('CONTAINER_', '').toLowerCase()}`,
      ),
    ].toSorted()
  }

  exec(): Promise<string> {
    return Promise.reject(new Error('a simulated container runs no commands'))
  }

  async kill(victim: Victim): Promise<void> {
    const id = await this.#idOf(victim)
    if ('sandbox' in victim) this.node.runtime.killSandbox(id)
    else {
      this.#runtime.signalled(id, 'SIGKILL')
      this.node.runtime.exitContainer(id, 137)
    }
    await this.#advance(0)
  }

  async stop(victim: Victim): Promise<void> {
    const id = await this.#idOf(victim)
    const { runtime } = this.node
    await ('sandbox' in victim ? runtime.stopPodSandbox(id) : runtime.stopContainer(id, ENGINE_STOP_SECONDS))
    await this.#advance(0)
  }

  async vanish(victim: Victim): Promise<void> {
    const id = await this.#idOf(victim, 'any')
    this.#runtime.signalled(id, 'SIGKILL')
    this.node.runtime.vanish(id)
    await this.#advance(0)
  }

  async stopKubelet(): Promise<void> {
    await this.#subscription?.dispose()
    await this.node.stopKubelet()
  }

  async startKubelet(): Promise<void> {
    await this.node.startKubelet()
    this.#watchPods()
    await this.#advance(0)
  }

  async dispose(): Promise<void> {
    await this.#subscription?.dispose()
    this.#runtime.dispose()
    await this.node[Symbol.asyncDispose]()
  }

  #told(): string {
    return JSON.stringify({
      states: this.trace.lines('states').slice(-5),
      runtime: this.trace.lines('runtime').slice(-8),
    })
  }

  async #advance(ms: number): Promise<void> {
    await this.node.pass(ms)
    this.#runtime.readCalls()
    this.#readTimeline()
  }

  #watchPods(): void {
    this.#subscription = this.node.kubelet.onDidChange(() => this.#observePods())
    this.#observePods()
  }

  #observePods(): void {
    this.#observer.listing(this.node.kubelet.pods())
  }

  #readTimeline(): void {
    const { size } = statSync(join(this.node.root, 'timeline.ndjson'))
    if (size === this.#timelineBytes) return
    this.#timelineBytes = size
    const entries = this.node.timeline()
    for (const entry of entries.slice(this.#entriesSeen)) this.#observer.timeline(entry)
    this.#entriesSeen = entries.length
  }

  async #idOf(victim: Victim, state: 'running' | 'any' = 'running'): Promise<string> {
    const { runtime } = this.node
    const pod = victim.pod === undefined ? this.podName : `${this.podName}.${victim.pod}`
    const [sandbox] = (await runtime.listPodSandbox()).filter(
      (one) => one.metadata.name === `${pod}-node01` && one.state === 'SANDBOX_READY',
    )
    if ('sandbox' in victim && sandbox !== undefined) return sandbox.id
    const container = (await runtime.listContainers()).find(
      (one) =>
        'container' in victim &&
        one.metadata.name === victim.container &&
        one.podSandboxId === sandbox?.id &&
        (state === 'any' || one.state === 'CONTAINER_RUNNING'),
    )
    if (container === undefined) throw new Error(`there is no running ${JSON.stringify(victim)}`)
    return container.id
  }
}
