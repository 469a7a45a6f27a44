/**
 * The IPC contract in memory: labs whose pods run, crash and back off on timers. For work on screens and for tests of the
 * renderer; it decodes manifests with the real decoder, so verdicts are real, and invents everything else.
 */
import type { IpcReply, NodeLabBridge, StreamHandlers } from '@common/ipc/bridge.ts'
import type { LinkRequest } from '@common/ipc/app-link.ts'
import type { IpcCallName, IpcCalls } from '@common/ipc/calls.ts'
import type { IpcEventName, IpcEvents } from '@common/ipc/events.ts'
import type { IpcStreamName, IpcStreams } from '@common/ipc/streams.ts'
import type { EngineStatus, LabStatus, TaskStatus } from '@common/lab/lab-status.ts'
import type { UserAction } from '@common/lab/user-action.ts'
import { CONTROL_PLANE_COMPONENTS } from '@common/lab/control-plane-components.ts'
import { LabError, toLabErrorData } from '@common/lab-error.ts'
import { actionOfCall } from './fake/fake-actions.ts'
import {
  CONTROL_PLANE_FILES,
  CONTROL_PLANE_NODE,
  FakeCluster,
  isApiServerFile,
  schedulingManifest,
} from './fake/fake-cluster.ts'
import { FakeDoctor } from './fake/fake-doctor.ts'
import { makeLargeHistory, makeStory } from './fake/fake-journals.ts'
import { FakeNode } from './fake/fake-node.ts'
import { FakeSettings } from './fake/fake-settings.ts'
import { FakeTerminals } from './fake/fake-terminals.ts'
import { FAKE_SAMPLES, SCENARIOS } from './fake/fake-manifests.ts'

const START_MS = 1_200

/** Scenarios that have a control plane, and what they are without it. */
const BASE_SCENARIOS: Readonly<Record<string, string>> = {
  cluster: 'default',
  'cluster-full': 'full',
  'cluster-simulated': 'default',
  'cluster-outage': 'default',
}
const SIMULATED_NODES = 200
/** The real grace is ten times as long; nobody waits for it on screens that are worked on. */
const NOT_READY_MS = 4_500

type Handlers = {
  [Name in IpcCallName]: (parameters: IpcCalls[Name]['parameters']) => Promise<IpcCalls[Name]['result']>
}

type Streams = {
  [Name in IpcStreamName]: (
    parameters: IpcStreams[Name]['parameters'],
    handlers: StreamHandlers<IpcStreams[Name]['chunk']>,
  ) => () => void
}

/**
 * Scenarios: `story` (eight minutes have been), `large` (20,000 timeline entries of 2,000 pods), `many` (2,000 pods that run on 20
 * nodes), `default`, `empty` (no lab), `no-engine`, `full` (over twenty pods), `stopped`; `cluster` is `default` with a
 * control plane, `cluster-full` is `full` with one, `cluster-simulated` has 200 simulated nodes, in `cluster-outage` node02's kubelet
 * has been silent for a while.
 */
export function createFakeBridge(scenario: string): FakeBridge {
  return new FakeBridge(scenario)
}

export class FakeBridge implements NodeLabBridge {
  private readonly listeners = new Map<string, Set<(payload: never) => void>>()
  private readonly nodes = new Map<string, FakeNode>()
  private cluster: FakeCluster | undefined
  private engine: EngineStatus = {
    state: 'ready',
    endpoint: 'unix:///run/fake.sock',
    name: 'Docker',
    version: '28.3.1',
  }
  private lab: LabStatus | undefined
  private simulatedNodes = 0
  /** What `app/take-link` answers, one after the other. */
  readonly links: LinkRequest[] = []
  private readonly doctor: FakeDoctor
  readonly settings = new FakeSettings((state) => this.emit('settings/changed', state))
  readonly terminals = new FakeTerminals((name, payload) => this.emit(name, payload))
  private readonly tasks: TaskStatus[] = []
  /** Ids of tasks that were asked to stop: they do so after their step. */
  private readonly cancelled = new Set<string>()
  private readonly actions: UserAction[] = []
  /** What was asked, in order. */
  readonly calls: { name: IpcCallName; parameters: unknown }[] = []
  /** Set by a test: the next call of that name fails with it. */
  readonly failures = new Map<IpcCallName, LabError>()

  constructor(scenario: string) {
    if (scenario === 'no-engine') {
      const message = 'Cannot connect to unix:///run/fake.sock: no such file. Start Docker, or install it.'
      this.engine = { state: 'unreachable', endpoint: 'unix:///run/fake.sock', message }
    }
    this.doctor = new FakeDoctor(scenario, this.engine, (report) => this.emit('doctor/changed', report))
    if (scenario === 'story' || scenario === 'large') {
      this.beginWithHistory(scenario)
      return
    }
    const manifests = SCENARIOS[BASE_SCENARIOS[scenario] ?? scenario]
    if (manifests === undefined) return
    for (const [name, files] of Object.entries(manifests)) {
      const node = this.addNode(name)
      if (scenario === 'many') node.fill(files)
      else for (const [file, content] of Object.entries(files)) node.write(file, content)
    }
    if (scenario === 'stopped') for (const node of this.nodes.values()) node.powerOff()
    if (scenario in BASE_SCENARIOS) {
      const cluster = this.addControlPlane()
      cluster.become('ready')
      cluster.addOwnPods()
      if (scenario === 'cluster-simulated') this.setSimulatedNodes(SIMULATED_NODES)
      if (scenario === 'cluster-outage') {
        this.nodes.get('node02')?.stopKubelet()
        cluster.loseNode('node02')
      }
    }
    this.lab = this.makeLab(scenario === 'stopped' ? 'stopped' : 'running')
  }

  private beginWithHistory(scenario: 'story' | 'large'): void {
    const { entries, actions } =
      scenario === 'story' ? makeStory(Date.now()) : { entries: makeLargeHistory(Date.now()), actions: [] }
    for (const [name, ofNode] of Object.entries(entries)) this.addNode(name).entries.unshift(...ofNode)
    this.actions.push(...actions)
    this.lab = this.makeLab('running')
  }

  async call<Name extends IpcCallName>(name: Name, parameters: IpcCalls[Name]['parameters']): Promise<IpcReply<Name>> {
    this.calls.push({ name, parameters })
    const failure = this.failures.get(name)
    this.failures.delete(name)
    try {
      if (failure !== undefined) throw failure
      const draft = actionOfCall(name, parameters)
      if (draft !== undefined) this.recordAction(draft)
      // Plain data alone crosses a real bridge.
      return { ok: true, result: structuredClone(await this.handlers[name](parameters)) }
    } catch (error) {
      return { ok: false, error: toLabErrorData(error) }
    }
  }

  on: NodeLabBridge['on'] = (name, listener) => {
    const ofName = this.listeners.get(name) ?? new Set()
    this.listeners.set(name, ofName)
    ofName.add(listener)
    return () => void ofName.delete(listener)
  }

  openStream<Name extends IpcStreamName>(
    name: Name,
    parameters: IpcStreams[Name]['parameters'],
    handlers: StreamHandlers<IpcStreams[Name]['chunk']>,
  ): () => void {
    const streams: Streams = {
      'pod/logs': (request, reader) =>
        this.nodes.get(request.node)?.openLog(request, reader) ?? ((): void => undefined),
      'terminal/output': ({ terminal, from = 0 }, reader) => this.terminals.read(terminal, from, reader),
    }
    return streams[name](parameters, handlers)
  }

  onStateChange: NodeLabBridge['onStateChange'] = (listener) => {
    listener('open')
    return () => undefined
  }

  pathForFile(): null {
    return null
  }

  emit<Name extends IpcEventName>(name: Name, payload: IpcEvents[Name]): void {
    for (const listener of this.listeners.get(name) ?? []) listener(structuredClone(payload) as never)
  }

  /** Stops all timers. */
  dispose(): void {
    this.cluster?.dispose()
    for (const node of this.nodes.values()) node.powerOff()
  }

  private readonly handlers: Handlers = {
    'app/info': async () => ({
      version: '0.1.0',
      platform: 'linux',
      host: 'browser',
      home: '/home/learner/.local/share/node-lab',
    }),
    'app/take-link': async () => this.links.shift() ?? null,
    'engine/status': async () => this.engine,
    'lab/list': async () => (this.lab === undefined ? [] : [this.lab]),
    'lab/up': async ({ lab, nodes = 2, controlPlane = false }) => {
      if (this.nodes.size === 0) for (let number = 1; number <= nodes; number += 1) this.addNode(`node0${number}`)
      await this.work('lab-up', lab, ['Making the network', 'Starting nodes', 'Waiting for the kubelets'], START_MS)
      for (const node of this.nodes.values()) node.powerOn()
      if (controlPlane && this.cluster === undefined) {
        this.addControlPlane()
        this.setLab('running', lab)
      }
      this.cluster?.become('ready')
      return this.setLab('running', lab)
    },
    'lab/down': async ({ lab }) => {
      await this.work('lab-down', lab, ['Stopping nodes'], START_MS)
      for (const node of this.nodes.values()) node.powerOff()
      return this.setLab('stopped')
    },
    'lab/delete': async ({ lab }) => {
      this.dispose()
      this.nodes.clear()
      this.cluster = undefined
      this.lab = undefined
      this.emit('lab/gone', { lab })
      return null
    },
    'cluster/view': async () => this.cluster?.view() ?? null,
    'cluster/delete-pod': async ({ namespace, pod }) => {
      if (this.cluster === undefined) throw new LabError({ kind: 'NotFound', message: 'There is no control plane.' })
      this.cluster.deletePod(namespace, pod)
      return null
    },
    'cluster/node-pods': async ({ node }) => this.cluster?.podsOf(node) ?? [],
    'cluster/pod-events': async ({ pod }) => this.cluster?.eventsOf(pod) ?? [],
    'control-plane/set': async ({ scheduleDaemonSetPods }) => {
      const node = this.need(CONTROL_PLANE_NODE)
      const name = 'kube-controller-manager.yaml'
      node.apply(name, schedulingManifest(scheduleDaemonSetPods), true)
      return { manifest: 'written' }
    },
    'node/views': async () => [...this.nodes.values()].map((node) => node.view()),
    'node/add': async ({ node }) => {
      const name = node ?? `node0${this.nodes.size + 1}`
      await this.work('node-add', name, ['Starting the node'], START_MS)
      this.addNode(name)
      return this.setLab('running')
    },
    'node/remove': async ({ node }) => {
      this.need(node).powerOff()
      this.nodes.delete(node)
      return this.setLab('running')
    },
    'node/start': async ({ node }) => {
      this.need(node).powerOn()
      this.cluster?.findNode(node)
      return this.setLab('running')
    },
    'node/stop': async ({ node }) => {
      this.need(node).powerOff()
      this.cluster?.loseNodeAfter(node, NOT_READY_MS)
      return this.setLab('running')
    },
    'node/power-off': async ({ node }) => {
      this.need(node).powerOff()
      this.cluster?.loseNodeAfter(node, NOT_READY_MS)
      return this.setLab('running')
    },
    'node/containers': async ({ node }) => this.need(node).containers(),
    'node/set-schedulable': async ({ node, schedulable }) => {
      this.cluster?.setSchedulable(node, schedulable)
      return null
    },
    'node/start-kubelet': async ({ node }) => {
      this.need(node).startKubelet()
      this.cluster?.findNode(node)
      this.setLab('running')
      return null
    },
    'node/stop-kubelet': async ({ node }) => {
      this.need(node).stopKubelet()
      this.cluster?.loseNodeAfter(node, NOT_READY_MS)
      this.setLab('running')
      return null
    },
    'component/list': async () => {
      const files = this.need(CONTROL_PLANE_NODE)
      return CONTROL_PLANE_COMPONENTS.map((component) => {
        const file = `${component}.yaml`
        const isPlaced = files.has(file)
        const folder = `/home/learner/.local/share/node-lab/labs/default/nodes/${CONTROL_PLANE_NODE}`
        const path = `${folder}/${isPlaced ? 'manifests' : 'stopped'}/${file}`
        return { component, file, state: isPlaced ? ('placed' as const) : ('aside' as const), path }
      })
    },
    'component/start': async ({ component }) => {
      const file = `${component}.yaml`
      this.need(CONTROL_PLANE_NODE).apply(file, CONTROL_PLANE_FILES[file] ?? '', true)
      if (isApiServerFile(CONTROL_PLANE_NODE, file)) this.cluster?.become('ready')
      return null
    },
    'component/stop': async ({ component }) => {
      const file = `${component}.yaml`
      if (isApiServerFile(CONTROL_PLANE_NODE, file)) this.cluster?.become('away')
      this.need(CONTROL_PLANE_NODE).remove(file)
      return null
    },
    'node/restart-kubelet': async () => null,
    'node/open-folder': async ({ node }) => ({
      path: `/home/learner/.local/share/node-lab/labs/default/nodes/${node}/manifests`,
      opened: false,
    }),
    'manifest/read': async ({ node, name }) => ({ content: this.need(node).read(name) }),
    'manifest/apply': async ({ node, name, content, replace = false }) => {
      const applied = this.need(node).apply(name, content, replace)
      if (isApiServerFile(node, name)) this.cluster?.become('ready')
      return applied
    },
    'manifest/remove': async ({ node, name }) => {
      if (isApiServerFile(node, name)) this.cluster?.become('away')
      this.need(node).remove(name)
      return null
    },
    'simulated/add': async ({ lab, count }) => {
      await this.work('node-add', `${lab}/simulated`, ['Making certificates', 'Starting the nodes'], START_MS)
      this.setSimulatedNodes(this.simulatedNodes + count)
      return this.setLab('running')
    },
    'simulated/remove': async ({ lab }) => {
      await this.work('node-remove', `${lab}/simulated`, ['Removing the Node objects'], START_MS)
      this.setSimulatedNodes(0)
      return this.setLab('running')
    },
    'image/missing': async ({ images }) => images.filter((image) => image.includes('missing')),
    'manifest/history': async ({ node, name }) => this.need(node).history.list(name),
    'manifest/version': async ({ node, name, version }) => ({
      content: this.need(node).history.content(name, version),
    }),
    'sample/list': async () => FAKE_SAMPLES,
    'pod/crash': async ({ node, pod, container }) => ({ container: this.need(node).crash(pod, container) }),
    'terminal/open': async ({ lab, target, ...size }) => this.terminals.open(lab, target, size),
    'terminal/list': async ({ lab }) => this.terminals.list(lab),
    'terminal/input': async ({ terminal, data }) => {
      this.terminals.input(terminal, data)
      return null
    },
    'terminal/resize': async ({ terminal, ...size }) => {
      this.terminals.resize(terminal, size)
      return null
    },
    'terminal/close': async ({ terminal }) => {
      this.terminals.close(terminal)
      return null
    },
    'timeline/list': async () => [...this.nodes.values()].flatMap((node) => node.entries),
    'doctor/report': async () => this.doctor.report ?? null,
    'doctor/run': () => this.doctor.run(),
    'doctor/mend': ({ mend }) => this.doctor.mend(mend),
    'action/list': async () => this.actions,
    'logs/collect': async () => {
      const name = 'node-lab-logs-2026-11-27-06-15-27.tar.gz'
      return { name, sizeBytes: 184_320, path: `/home/learner/Downloads/${name}`, content: null }
    },
    'reset/plan': async () => ({
      home: '/home/learner/.local/share/node-lab',
      labs:
        this.lab === undefined
          ? []
          : [{ name: this.lab.name, nodes: this.nodes.size, containers: 11, volumes: this.nodes.size }],
      lostLabs: [],
      settingsFiles: [this.settings.state.file],
      images: this.doctor.report?.facts?.images ?? [],
      cacheFolder: '/home/learner/.cache/node-lab',
      engine: this.engine.endpoint,
    }),
    'reset/run': async ({ images }) => {
      const labs = this.lab === undefined ? [] : [this.lab.name]
      for (const lab of labs) await this.handlers['lab/delete']({ lab })
      // As if a lab of another home ran on the newest node image.
      return { labs, keptImages: images ? ['node-lab.invalid/node:9c1f0a77d2e4'] : [] }
    },
    'settings/read': async () => this.settings.state,
    'settings/write': async ({ change }) => this.settings.write(change),
    'task/list': async () => this.tasks,
    'task/cancel': async ({ id }) => {
      this.cancelled.add(id)
      return null
    },
  }

  private recordAction(draft: Omit<UserAction, 'id' | 'time'>): void {
    const id = String(this.actions.length).padStart(8, '0')
    const action = { id, time: new Date().toISOString(), ...draft }
    this.actions.push(action)
    this.emit('action/added', { lab: action.lab, actions: [action] })
  }

  private setSimulatedNodes(count: number): void {
    if (this.cluster === undefined) throw new LabError({ kind: 'Conflict', message: 'There is no control plane.' })
    this.simulatedNodes = count
    this.cluster.setSimulatedNodes(count)
  }

  private need(name: string): FakeNode {
    const node = this.nodes.get(name)
    if (node === undefined) throw new LabError({ kind: 'NotFound', message: `There is no node "${name}".` })
    return node
  }

  private addControlPlane(): FakeCluster {
    const node = this.addNode(CONTROL_PLANE_NODE)
    for (const [file, content] of Object.entries(CONTROL_PLANE_FILES)) node.write(file, content)
    this.cluster = new FakeCluster(
      () => [...this.nodes.values()].map((one) => one.view()),
      (change) => this.emit('cluster/changed', change),
    )
    return this.cluster
  }

  private addNode(name: string): FakeNode {
    const node = new FakeNode(name, {
      onView: (view) => {
        this.emit('node/changed', view)
        this.cluster?.changed()
      },
      onEntries: (entries) => this.emit('timeline/added', { lab: 'default', entries }),
    })
    this.nodes.set(name, node)
    return node
  }

  private makeLab(state: LabStatus['state'], name = 'default'): LabStatus {
    const nodes = [...this.nodes.values()].map((node, index) => node.status(`172.30.0.${11 + index}`))
    const folder = `/home/learner/.local/share/node-lab/labs/${name}`
    const apiServer = {
      node: CONTROL_PLANE_NODE,
      endpoint: 'https://127.0.0.1:41443',
      kubeconfig: `${folder}/kubeconfig`,
    }
    return {
      name,
      state,
      folder,
      subnet: '172.30.0.0/24',
      nodes,
      ...(this.cluster && { apiServer }),
      ...this.simulatedStatus(folder),
    }
  }

  private simulatedStatus(folder: string): Pick<LabStatus, 'simulatedNodes'> {
    if (this.simulatedNodes === 0) return {}
    const names = [`sim001-sim${this.simulatedNodes}`]
    const manifestsPath = `${folder}/nodes/simulated/manifests`
    return { simulatedNodes: { count: this.simulatedNodes, names, container: 'running', manifestsPath } }
  }

  private setLab(state: LabStatus['state'], name?: string): LabStatus {
    this.lab = this.makeLab(state, name)
    this.emit('lab/changed', this.lab)
    return this.lab
  }

  private async work(name: string, subject: string, steps: string[], stepMs: number): Promise<void> {
    const id = `${name}-${this.tasks.length}`
    const isCancellable = ['lab-up', 'node-add', 'node-start'].includes(name)
    const startedAt = new Date().toISOString()
    const task: TaskStatus = {
      id,
      name,
      subject,
      state: 'running',
      startedAt,
      ...(isCancellable && { cancellable: true }),
    }
    this.tasks.push(task)
    const end = (state: TaskStatus['state']): void => {
      delete task.cancellable
      Object.assign(task, { state, endedAt: new Date().toISOString() })
      this.emit('task/changed', task)
    }
    for (const [index, step] of steps.entries()) {
      Object.assign(task, { step, progress: index / steps.length })
      this.emit('task/changed', task)
      await new Promise((resolve) => setTimeout(resolve, stepMs))
      if (!this.cancelled.has(id)) continue
      end('cancelled')
      throw new LabError({ kind: 'Cancelled', message: 'cancelled' })
    }
    end('done')
  }
}
