/** The lab of the in-memory bridge: its nodes, its control plane, its long work and what was done to it, as a scenario begins it. */
import type { IpcEventName, IpcEvents } from '@common/ipc/events.ts'
import type { DrainOutcome } from '@common/lab/drain-outcome.ts'
import type { LabStatus } from '@common/lab/lab-status.ts'
import type { UserAction } from '@common/lab/user-action.ts'
import { LabError } from '@common/lab-error.ts'
import { CONTROL_PLANE_FILES, CONTROL_PLANE_NODE, FakeCluster } from './fake-cluster.ts'
import { makeLargeHistory, makeStory } from './fake-journals.ts'
import { SCENARIOS } from './fake-manifests.ts'
import { FakeNode } from './fake-node.ts'
import { FakeTasks } from './fake-tasks.ts'

/** Scenarios that have a control plane, and what they are without it. */
const BASE_SCENARIOS: Readonly<Record<string, string>> = {
  cluster: 'default',
  'cluster-full': 'full',
  'cluster-simulated': 'default',
  'cluster-outage': 'default',
  'cluster-budget': 'default',
  'cluster-broken': 'default',
}
const SIMULATED_NODES = 200

type Emit = <Name extends IpcEventName>(name: Name, payload: IpcEvents[Name]) => void

export class FakeLab {
  readonly emit: Emit
  readonly nodes = new Map<string, FakeNode>()
  readonly tasks = new FakeTasks((task) => this.emit('task/changed', task))
  readonly actions: UserAction[] = []
  cluster: FakeCluster | undefined
  /** `undefined`: there is no lab. */
  status: LabStatus | undefined
  simulatedNodes = 0
  /** Labs beside it, of which there is nothing but what a list shows. */
  readonly others = new Map<string, LabStatus>()

  constructor(scenario: string, emit: Emit) {
    this.emit = emit
    if (scenario === 'story' || scenario === 'large') {
      this.beginWithHistory(scenario)
      return
    }
    const manifests = SCENARIOS[scenario === 'labs' ? 'default' : (BASE_SCENARIOS[scenario] ?? scenario)]
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
      cluster.hasBudget = scenario === 'cluster-budget'
      if (scenario === 'cluster-simulated') this.setSimulatedNodes(SIMULATED_NODES)
      if (scenario === 'cluster-outage') {
        this.nodes.get('node02')?.stopKubelet()
        cluster.loseNode('node02')
      }
    }
    this.status = this.makeStatus(scenario === 'stopped' ? 'stopped' : 'running')
    if (scenario === 'labs') this.addOther('exam-practice', 'stopped')
  }

  addOther(name: string, state: LabStatus['state']): LabStatus {
    const status = { ...this.makeStatus(state, name), subnet: '172.30.1.0/24' }
    this.others.set(name, status)
    this.emit('lab/changed', status)
    return status
  }

  private beginWithHistory(scenario: 'story' | 'large'): void {
    const { entries, actions } =
      scenario === 'story' ? makeStory(Date.now()) : { entries: makeLargeHistory(Date.now()), actions: [] }
    for (const [name, ofNode] of Object.entries(entries)) this.addNode(name).entries.unshift(...ofNode)
    this.actions.push(...actions)
    this.status = this.makeStatus('running')
  }

  publish(state: LabStatus['state'], name?: string): LabStatus {
    this.status = this.makeStatus(state, name)
    this.emit('lab/changed', this.status)
    return this.status
  }

  recordAction(draft: Omit<UserAction, 'id' | 'time'>): void {
    const id = String(this.actions.length).padStart(8, '0')
    const action = { id, time: new Date().toISOString(), ...draft }
    this.actions.push(action)
    this.emit('action/added', { lab: action.lab, actions: [action] })
  }

  setSimulatedNodes(count: number): void {
    if (this.cluster === undefined) throw new LabError({ kind: 'Conflict', message: 'There is no control plane.' })
    this.simulatedNodes = count
    this.cluster.setSimulatedNodes(count)
  }

  drain(name: string): DrainOutcome {
    const { pods } = this.need(name).view()
    if (this.cluster === undefined) throw new LabError({ kind: 'Conflict', message: 'There is no control plane.' })
    const mirrorPods = pods.map(({ metadata }) => `${metadata.namespace ?? 'default'}/${metadata.name ?? ''}`)
    return { ...this.cluster.drain(name), mirrorPods }
  }

  need(name: string): FakeNode {
    const node = this.nodes.get(name)
    if (node === undefined) throw new LabError({ kind: 'NotFound', message: `There is no node "${name}".` })
    return node
  }

  addControlPlane(): FakeCluster {
    const node = this.addNode(CONTROL_PLANE_NODE)
    for (const [file, content] of Object.entries(CONTROL_PLANE_FILES)) node.write(file, content)
    this.cluster = new FakeCluster(
      () => [...this.nodes.values()].map((one) => one.view()),
      (change) => this.emit('cluster/changed', change),
    )
    return this.cluster
  }

  addNode(name: string): FakeNode {
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

  remove(name: string): void {
    this.dispose()
    this.nodes.clear()
    this.cluster = undefined
    this.status = undefined
    this.emit('lab/gone', { lab: name })
  }

  /** Stops all timers. */
  dispose(): void {
    this.cluster?.dispose()
    for (const node of this.nodes.values()) node.powerOff()
  }

  private makeStatus(state: LabStatus['state'], name = 'default'): LabStatus {
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
}
