/** The comparison's agents in the in-memory bridge: files on the workers, and pods of a DaemonSet and a Deployment on timers. */
import type { Pod } from '@common/api/core.ts'
import type { SideName } from '@common/experiments/experiment.ts'
import type { FakeLab } from './fake-lab.ts'
import { CONTROL_PLANE_NODE } from './fake-cluster.ts'
import { pinTo } from './fake-simulated-nodes.ts'

export const NAMESPACE = 'compare'
export const STATIC_FILE = 'compare-agent.yaml'
export const STATIC_POD = 'agent-static'
export const WORKLOAD = 'agent'

const IMAGE = 'busybox:1.36'
const MANIFEST = `apiVersion: v1\nkind: Pod\nmetadata:\n  name: ${STATIC_POD}\n  namespace: ${NAMESPACE}\n  labels:\n    app: agent-static\nspec:\n  containers:\n    - name: agent\n      image: ${IMAGE}\n      command: [sleep, infinity]\n`
const OWNERS = {
  daemonSet: { kind: 'DaemonSet', name: WORKLOAD },
  deployment: { kind: 'ReplicaSet', name: `${WORKLOAD}-6d5f7c9b8` },
} as const
const SCHEDULE_MS = 500
const START_MS = 700
const STOP_MS = 900
const LETTERS = 'bcdfghjklmnpqrstvwxz2456789'

export type ApiSide = keyof typeof OWNERS

export class FakeAgents {
  private readonly lab: FakeLab
  private readonly timers = new Set<ReturnType<typeof setTimeout>>()
  private pods: Pod[] = []
  private count = 0
  sides: SideName[] = []

  constructor(lab: FakeLab) {
    this.lab = lab
  }

  workers(): string[] {
    return [...this.lab.nodes.keys()].filter((name) => name !== CONTROL_PLANE_NODE)
  }

  setUp(sides: readonly SideName[]): void {
    for (const side of sides) {
      if (this.sides.includes(side)) continue
      this.sides.push(side)
      for (const node of this.workers()) this.make(side, node)
    }
  }

  remove(sides: readonly SideName[] = [...this.sides]): void {
    this.sides = this.sides.filter((side) => !sides.includes(side))
    if (sides.includes('static')) this.removeFiles()
    for (const side of ['daemonSet', 'deployment'] as const)
      if (sides.includes(side)) for (const pod of this.of(side)) this.end(pod)
  }

  /** As `kubectl delete pod`: its controller makes another; of a static pod only the mirror goes. */
  deletePod(side: SideName, node: string): void {
    if (side === 'static') return this.lab.cluster?.deletePod(NAMESPACE, `${STATIC_POD}-${node}`)
    for (const pod of this.of(side).filter(({ spec }) => spec.nodeName === node)) this.end(pod)
    this.make(side, node)
  }

  crash(side: SideName, node: string): void {
    if (side === 'static') return void this.lab.need(node).crash(`${STATIC_POD}-${node}`, undefined)
    const pod = this.of(side).find(({ spec }) => spec.nodeName === node)
    const [status] = pod?.status?.containerStatuses ?? []
    if (pod === undefined || status === undefined) return
    const details = { exitCode: 137, terminationReason: 'Error', restartCount: status.restartCount }
    this.tell(pod, 'ContainerDied', { type: 'Warning', cause: 'ContainerExited', details })
    this.after(START_MS, () => {
      status.restartCount += 1
      status.state = { running: { startedAt: new Date().toISOString() } }
      this.tell(pod, 'Started', { details: { restartCount: status.restartCount } })
      this.changed()
    })
  }

  of(side: ApiSide): Pod[] {
    return this.pods.filter(({ metadata }) => metadata.ownerReferences?.[0]?.kind === OWNERS[side].kind)
  }

  dispose(): void {
    for (const timer of this.timers) clearTimeout(timer)
  }

  private removeFiles(): void {
    for (const name of this.workers()) {
      const node = this.lab.need(name)
      if (node.has(STATIC_FILE)) node.remove(STATIC_FILE)
    }
  }

  private make(side: SideName, node: string): void {
    if (side === 'static') this.lab.need(node).apply(STATIC_FILE, MANIFEST, true)
    else this.makePod(side, node)
  }

  private makePod(side: ApiSide, node: string): void {
    this.count += 1
    const owner = OWNERS[side]
    const name = `${owner.name}-${suffix(this.count)}`
    const created = new Date().toISOString()
    const pod: Pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        ...{ name, namespace: NAMESPACE, uid: `a9e17000-0000-4000-8000-${String(this.count).padStart(12, '0')}` },
        creationTimestamp: created,
        labels: side === 'deployment' ? { 'pod-template-hash': owner.name.split('-').at(-1) ?? '' } : {},
        ownerReferences: [{ ...owner, apiVersion: 'apps/v1', uid: `uid-of-${owner.name}`, controller: true }],
      },
      spec: { containers: [{ name: 'agent', image: IMAGE }], ...(side === 'daemonSet' ? pinTo(node) : {}) },
      status: { phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable' }] },
    }
    this.pods.push(pod)
    this.changed()
    this.after(SCHEDULE_MS, () => this.schedule(pod, node))
  }

  private schedule(pod: Pod, node: string): void {
    pod.spec.nodeName = node
    const lastTransitionTime = new Date().toISOString()
    pod.status = { phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'True', lastTransitionTime }] }
    this.tell(pod, 'PodAdded', { subject: 'pod' })
    this.changed()
    this.after(START_MS, () => this.run(pod))
  }

  private run(pod: Pod): void {
    const startedAt = new Date().toISOString()
    const status = { name: 'agent', image: IMAGE, imageID: '', ready: true, restartCount: 0, lastState: {} }
    pod.status = {
      ...{ phase: 'Running', startTime: startedAt },
      conditions: [...(pod.status?.conditions ?? []), { type: 'Ready', status: 'True' }],
      containerStatuses: [
        { ...status, containerID: `docker://${pod.metadata.uid}`, state: { running: { startedAt } } },
      ],
    }
    this.tell(pod, 'Started', { details: { restartCount: 0 } })
    this.changed()
  }

  private end(pod: Pod): void {
    pod.metadata.deletionTimestamp = new Date().toISOString()
    this.tell(pod, 'Killing', {})
    this.changed()
    this.after(STOP_MS, () => {
      this.pods = this.pods.filter((one) => one !== pod)
      this.tell(pod, 'PodGone', { subject: 'pod' })
      this.changed()
    })
  }

  private tell(pod: Pod, reason: string, more: Partial<Parameters<ReturnType<FakeLab['need']>['record']>[0]>): void {
    const { name = '', namespace = NAMESPACE, uid = '' } = pod.metadata
    const about = { pod: { name, namespace, uid }, ...(more.subject !== 'pod' && { container: 'agent' }) }
    const node = this.lab.nodes.get(pod.spec.nodeName ?? '')
    node?.record({ type: 'Normal', subject: 'container', reason, message: `${reason} ${name}`, ...about, ...more })
  }

  private changed(): void {
    this.lab.cluster?.setGuests(structuredClone(this.pods))
  }

  private after(milliseconds: number, act: () => void): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer)
      act()
    }, milliseconds)
    this.timers.add(timer)
  }
}

/** Five letters as the API server gives them, the same for the same number. */
function suffix(seed: number): string {
  return Array.from({ length: 5 }, (_, index) => LETTERS[(seed * 7 + index * 11 + seed * index) % LETTERS.length]).join(
    '',
  )
}
