/** A case's pods on the node that all cases share: watched through the lab manager and the engine's own events. */
import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Disposable } from '../../../src-main/base/disposable.ts'
import { CONTAINER_NAME_LABEL, POD_NAME_LABEL, POD_UID_LABEL } from '../../../src-main/common/api/kubelet-labels.ts'
import { ROLE_LABEL } from '../../../src-main/common/engine-labels.ts'
import type { Pod } from '../../../src-main/common/api/core.ts'
import type { EngineEvent } from '../../../src-main/lab/engine/engine.ts'
import { engineApi, execIn, killContainer, listContainers, removeContainer } from '../../support/engine-api.ts'
import { waitUntil } from '../../support/wait-until.ts'
import type { EngineNode } from './engine-node.ts'
import { describeEngineEvent } from './engine-event-line.ts'
import type { KubeletWorld, Victim } from './kubelet-world.ts'
import { hookCommandsOf, makeManifest, setsTrap } from './pod-plan.ts'
import type { PodPlan } from './pod-plan.ts'
import { PodObserver } from './pod-observer.ts'
import { Trace } from './trace.ts'
import type { TraceKind } from './trace.ts'

const LOOK_MS = 30

export class EngineWorld implements KubeletWorld {
  readonly isReal = true
  readonly podName: string
  readonly trace = new Trace(() => Date.now())
  readonly #node: EngineNode
  readonly #observer: PodObserver
  readonly #hooks = new Set<string>()
  readonly #files = new Set<string>()
  readonly #subscription: Disposable

  readonly #patienceSeconds: number

  constructor(podName: string, node: EngineNode, patienceSeconds: number) {
    this.podName = podName
    this.#node = node
    this.#patienceSeconds = patienceSeconds
    this.#observer = new PodObserver(this.trace, podName)
    this.#subscription = node.listen({
      onView: (view) => this.#observer.listing(view.pods),
      onTimeline: (entries) => {
        for (const entry of entries) this.#observer.timeline(entry)
      },
      onEngineEvent: (event) => this.#onEngineEvent(event),
    })
  }

  get folder(): string {
    return this.#node.folder
  }

  manifest(plan: PodPlan, name = this.podName): string {
    for (const command of hookCommandsOf(plan)) this.#hooks.add(command)
    return JSON.stringify(makeManifest(name, plan))
  }

  put(content: string, file = `${this.podName}.yaml`): Promise<void> {
    return this.inFolder((folder) => {
      writeFileSync(join(folder, `.arriving.${file}`), content)
      renameSync(join(folder, `.arriving.${file}`), join(folder, file))
    }, file)
  }

  async inFolder(act: (folder: string) => void, ...names: string[]): Promise<void> {
    for (const name of names) this.#files.add(name)
    await Promise.resolve(act(this.folder))
  }

  remove(file = `${this.podName}.yaml`): Promise<void> {
    return this.inFolder((folder) => rmSync(join(folder, file)))
  }

  recreate(content: string): Promise<void> {
    const file = join(this.folder, `${this.podName}.yaml`)
    return this.inFolder(() => {
      rmSync(file)
      writeFileSync(file, content)
    })
  }

  start(plan: PodPlan): Promise<void> {
    return this.put(this.manifest(plan))
  }

  async running(plan: PodPlan): Promise<void> {
    await this.start(plan)
    await this.until('the pod to run', () => this.trace.lines('states').at(-1)?.startsWith('Running, ready') === true)
    for (const container of plan.containers)
      if (setsTrap(container)) await this.#waitForTrap({ container: container.name })
    this.begin()
  }

  async settled(suffixes: readonly string[]): Promise<void> {
    await Promise.all(suffixes.map((pod) => this.#waitForTrap({ container: 'c', pod })))
  }

  begin(): void {
    this.trace.begin()
  }

  sees(kind: TraceKind, text: string): Promise<void> {
    return this.until(`${kind}: ${text}`, () => this.trace.has(kind, text))
  }

  async until(what: string, isSo: () => boolean): Promise<void> {
    await waitUntil({ what, timeoutSeconds: this.#patienceSeconds, intervalMs: LOOK_MS }, () => {
      if (isSo()) return true
      throw new Error(JSON.stringify({ states: this.trace.lines('states'), runtime: this.trace.lines('runtime') }))
    })
  }

  async pass(seconds: number): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000))
  }

  pod(name = `${this.podName}-node01`): Promise<Pod | undefined> {
    return Promise.resolve(this.#observer.listed(this.#node.view?.pods ?? []).find((pod) => pod.metadata.name === name))
  }

  async leftovers(): Promise<string[]> {
    const found = await this.#list(this.podName)
    return found
      .map(({ State: state, Labels: labels }) => {
        const isSandbox = labels[ROLE_LABEL] === 'sandbox'
        const name = isSandbox ? 'sandbox' : (labels[CONTAINER_NAME_LABEL] ?? '')
        const word = isSandbox ? (state === 'running' ? 'ready' : 'stopped') : state
        return `${name} ${attemptOf(labels)} ${word}`
      })
      .toSorted()
  }

  async exec(container: string, ...command: string[]): Promise<string> {
    const said = await execIn(await this.#idOf({ container }), ...command)
    // It has a terminal.
    return said.replaceAll('\r\n', '\n')
  }

  async kill(victim: Victim): Promise<void> {
    await killContainer(await this.#idOf(victim))
  }

  async stop(victim: Victim): Promise<void> {
    await engineApi('POST', `/containers/${await this.#idOf(victim)}/stop`)
  }

  async vanish(victim: Victim): Promise<void> {
    await removeContainer(await this.#idOf(victim, 'any'))
  }

  async stopKubelet(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    if (signal === 'SIGKILL') await this.#node.shell('sh', '-c', 'kill -9 $(systemctl show kubelet -p MainPID --value)')
    await this.#node.shell('systemctl', 'stop', 'kubelet')
  }

  async startKubelet(): Promise<void> {
    await this.#node.shell('systemctl', 'start', 'kubelet')
  }

  /** Takes its files out of the folder; what ran goes with the lab. */
  dispose(): void {
    void this.#subscription.dispose()
    for (const file of this.#files) if (existsSync(join(this.folder, file))) rmSync(join(this.folder, file))
  }

  #onEngineEvent(event: EngineEvent): void {
    const line = describeEngineEvent(event, this.#hooks)
    const { [POD_NAME_LABEL]: name = '', [POD_UID_LABEL]: uid = '' } = event.attributes
    if (line !== undefined) this.#observer.runtime({ name, uid }, line, Number(event.timeNano / 1_000_000n))
  }

  #list(pod: string, ...filters: string[]): Promise<ListedContainer[]> {
    const all = [`label=${this.#node.lab.label}`, `label=${POD_NAME_LABEL}=${pod}-node01`, ...filters]
    return listContainers(...all).then((ids) =>
      Promise.all(ids.map((id) => engineApi<InspectedContainer>('GET', `/containers/${id}/json`))).then((found) =>
        found.map(({ Id, State, Config }) => ({ Id, State: State.Status, Labels: Config.Labels })),
      ),
    )
  }

  async #idOf(victim: Victim, state: 'running' | 'any' = 'running'): Promise<string> {
    const pod = victim.pod === undefined ? this.podName : `${this.podName}.${victim.pod}`
    const wanted =
      'sandbox' in victim ? `label=${ROLE_LABEL}=sandbox` : `label=${CONTAINER_NAME_LABEL}=${victim.container}`
    const [found] = await this.#list(pod, wanted, ...(state === 'any' ? [] : ['status=running']))
    if (found === undefined) throw new Error(`there is no ${state} ${JSON.stringify(victim)}`)
    return found.Id
  }

  async #waitForTrap(victim: Victim): Promise<void> {
    const id = await this.#idOf(victim)
    await waitUntil({ what: `the trap of ${JSON.stringify(victim)}` }, () =>
      execIn(id, 'test', '-e', '/ready').then(() => true),
    )
  }
}

interface InspectedContainer {
  Id: string
  State: { Status: string }
  Config: { Labels: Record<string, string> }
}

interface ListedContainer {
  Id: string
  State: string
  Labels: Record<string, string>
}

function attemptOf(labels: Record<string, string>): string {
  return labels['io.node-lab.attempt'] ?? ''
}
