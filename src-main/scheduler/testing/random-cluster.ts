/** A cluster to which random things happen, and what has to hold in it whatever happens. */
import fc from 'fast-check'
import type { ApiObject } from '../../common/api/api-object.ts'
import type { Pod, PodAffinityTerm } from '../../common/api/core.ts'
import type { Node, Taint } from '../../common/api/node.ts'
import { NODES, PODS } from '../../kube/resources.ts'
import { aNode, aWaitingPod, forNode, type PodParts } from './cluster-builders.ts'
import { TestScheduler } from './new-test-scheduler.ts'

const TAINT: Taint = { key: 'reserved', effect: 'NoSchedule' }
const ALONE: PodAffinityTerm = {
  topologyKey: 'kubernetes.io/hostname',
  labelSelector: { matchLabels: { alone: 'yes' } },
}
/** A watch that was cut is there again, and has caught up. */
const CAUGHT_UP_MS = 3000

export interface RandomPod {
  /** Quarters of a core. */
  quarters: number
  priority: number
  isTolerant: boolean
  isAlone: boolean
  hostPort: number | undefined
  /** Number of the node that it has to go to. */
  node: number | undefined
}

export type ClusterStep =
  | { kind: 'node'; number: number; quarters: number; pods: number; isTainted: boolean; isCordoned: boolean }
  | { kind: 'node-removed'; number: number }
  | { kind: 'pod'; pod: RandomPod }
  | { kind: 'pod-deleted' | 'pod-finished'; number: number }
  | { kind: 'time'; ms: number }
  | { kind: 'victims-ended' | 'watches-cut' | 'outage' | 'bindings-fail' | 'bindings-work' }

const nodeNumber = fc.integer({ min: 0, max: 5 })
const rarely = (arbitrary: fc.Arbitrary<number>): fc.Arbitrary<number | undefined> =>
  fc.option(arbitrary, { nil: undefined, freq: 4 })

const randomPod: fc.Arbitrary<RandomPod> = fc.record({
  quarters: fc.integer({ min: 0, max: 8 }),
  priority: fc.constantFrom(0, 0, 0, 10, 100),
  isTolerant: fc.boolean(),
  isAlone: fc.constantFrom(true, false, false),
  hostPort: rarely(fc.constantFrom(80, 81)),
  node: rarely(nodeNumber),
})

export const clusterSteps: fc.Arbitrary<ClusterStep[]> = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.record({ kind: fc.constant('pod' as const), pod: randomPod }) },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('node' as const),
        number: nodeNumber,
        quarters: fc.integer({ min: 1, max: 16 }),
        pods: fc.integer({ min: 1, max: 8 }),
        isTainted: fc.constantFrom(true, false, false),
        isCordoned: fc.constantFrom(true, false, false, false),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('node-removed' as const), number: nodeNumber }) },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constantFrom('pod-deleted' as const, 'pod-finished' as const),
        number: fc.nat(60),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({ kind: fc.constant('time' as const), ms: fc.constantFrom(0, 500, 2000, 15_000) }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constantFrom(
          'victims-ended' as const,
          'watches-cut' as const,
          'outage' as const,
          'bindings-fail' as const,
          'bindings-work' as const,
        ),
      }),
    },
  ),
  { maxLength: 60, size: 'max' },
)

export class RandomCluster {
  readonly #test = new TestScheduler()
  /** What was wrong at the moment of a binding. */
  readonly faults: string[] = []
  #pods = 0

  static async begin(): Promise<RandomCluster> {
    const cluster = new RandomCluster()
    await cluster.#begin()
    return cluster
  }

  async take(step: ClusterStep): Promise<void> {
    const { api, clock } = this.#test
    switch (step.kind) {
      case 'node':
        await this.#setNode(step)
        break
      case 'node-removed':
        await this.#removeNode(step.number)
        break
      case 'pod':
        await this.#test.client.create(PODS, podOf(`p${this.#pods++}`, step.pod))
        break
      case 'pod-deleted':
      case 'pod-finished':
        await this.#endPod(step)
        break
      case 'time':
        await clock.advance(step.ms)
        break
      case 'victims-ended':
        await this.#endVictims()
        break
      case 'watches-cut':
        api.cutWatches()
        await clock.advance(CAUGHT_UP_MS)
        break
      case 'outage':
        api.stop()
        await clock.advance(20_000)
        api.serve()
        await clock.advance(20_000)
        break
      case 'bindings-fail':
        this.#test.refusal = new Error('etcdserver: request timed out')
        break
      case 'bindings-work':
        this.#test.refusal = undefined
        break
    }
    // Whoever decides has heard of it.
    await clock.advance(0)
  }

  /** Victims end and bindings work. Too short for pods to be tried again without a reason: whatever helps them has to be heard. */
  async comeToRest(): Promise<void> {
    this.#test.refusal = undefined
    for (let round = 0; round < 4; round++) {
      await this.#test.clock.advance(30_000)
      await this.#endVictims()
    }
    await this.#test.clock.advance(20_000)
  }

  /** Pods without a node that have one that would do, or one where less important pods could go. */
  async leftBehind(): Promise<string[]> {
    const { nodes, pods } = await this.#state()
    return pods
      .filter(({ spec }) => (spec.nodeName ?? '') === '')
      .flatMap((pod) => {
        const more = pods.filter(({ spec }) => (spec.priority ?? 0) >= (pod.spec.priority ?? 0))
        const node = nodes.find((each) => findFault(pod, each, podsOn(each, more)) === undefined)
        return node === undefined ? [] : [`${pod.metadata.name} could be on ${node.metadata.name}`]
      })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#test.dispose()
  }

  async #begin(): Promise<void> {
    const { api } = this.#test
    const bind = api.createPart
    api.createPart = (of, address, object) => {
      const node = (object as unknown as { target: { name: string } }).target.name
      const fault = this.#test.refusal === undefined ? this.#faultOf(address.name, node) : undefined
      if (fault !== undefined) this.faults.push(`${address.name} on ${node}: ${fault}`)
      return bind(of, address, object)
    }
    this.#test.scheduler.start()
    await this.#test.clock.advance(CAUGHT_UP_MS)
  }

  #faultOf(name: string, nodeName: string): string | undefined {
    const { api } = this.#test
    const nodes = api.peekAll(NODES) as unknown as Node[]
    const pods = api.peekAll(PODS) as unknown as Pod[]
    const node = nodes.find(({ metadata }) => metadata.name === nodeName)
    const pod = pods.find(({ metadata }) => metadata.name === name)
    if (node === undefined || pod === undefined) return 'there is no such thing'
    return findFault(pod, node, podsOn(node, pods.filter(hasNotEnded)))
  }

  async #state(): Promise<{ nodes: Node[]; pods: Pod[] }> {
    const { client } = this.#test
    const nodes = await client.list<Node>(NODES)
    const pods = await client.list<Pod & ApiObject>(PODS)
    return { nodes: nodes.items, pods: pods.items.filter(hasNotEnded) }
  }

  async #setNode({ number, quarters, pods, isTainted, isCordoned }: ClusterStep & { kind: 'node' }): Promise<void> {
    const spec = { taints: isTainted ? [TAINT] : [], unschedulable: isCordoned }
    const node = aNode(`n${number}`, { spec, allocatable: { cpu: `${quarters * 250}m`, pods: String(pods) } })
    const { nodes } = await this.#state()
    const isKnown = nodes.some(({ metadata }) => metadata.name === node.metadata.name)
    if (isKnown) this.#test.api.poke(NODES, { name: `n${number}` }, { spec, status: node.status })
    else await this.#test.client.create(NODES, node)
  }

  async #removeNode(number: number): Promise<void> {
    const name = `n${number}`
    const { nodes } = await this.#state()
    if (nodes.some(({ metadata }) => metadata.name === name)) await this.#test.client.delete(NODES, { name })
  }

  async #endPod({ kind, number }: ClusterStep & { kind: 'pod-deleted' | 'pod-finished' }): Promise<void> {
    const { pods } = await this.#state()
    const name = pods[number % Math.max(1, pods.length)]?.metadata.name
    if (name === undefined) return
    const address = { namespace: 'default', name }
    if (kind === 'pod-finished') this.#test.api.poke(PODS, address, { status: { phase: 'Succeeded' } })
    else await this.#test.client.delete(PODS, address, { gracePeriodSeconds: 0 })
  }

  async #endVictims(): Promise<void> {
    const { pods } = await this.#state()
    for (const { metadata } of pods)
      if (metadata.deletionTimestamp !== undefined)
        await this.#test.client.delete(
          PODS,
          { namespace: 'default', name: metadata.name ?? '' },
          { gracePeriodSeconds: 0 },
        )
  }
}

function podOf(name: string, { quarters, priority, isTolerant, isAlone, hostPort, node }: RandomPod): Pod & ApiObject {
  const parts: PodParts = {
    priority,
    ...(quarters === 0 ? {} : { requests: { cpu: `${quarters * 250}m` } }),
    ...(isTolerant ? { tolerations: [{ operator: 'Exists' as const }] } : {}),
    ...(hostPort === undefined ? {} : { hostPort }),
    ...(isAlone ? { labels: { alone: 'yes' } } : {}),
  }
  const affinity = {
    ...(node === undefined ? {} : forNode(`n${node}`).affinity),
    ...(isAlone ? { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [ALONE] } } : {}),
  }
  return aWaitingPod(name, { ...parts, affinity })
}

function hasNotEnded({ status }: Pod): boolean {
  return status?.phase !== 'Succeeded' && status?.phase !== 'Failed'
}

function podsOn({ metadata }: Node, pods: readonly Pod[]): Pod[] {
  return pods.filter(({ spec }) => spec.nodeName === metadata.name)
}

/** Judges anew and simply what random pods and nodes can have. */
function findFault(pod: Pod, node: Node, others: readonly Pod[]): string | undefined {
  const isTolerant = (pod.spec.tolerations ?? []).length > 0
  if (((node.spec?.taints ?? []).length > 0 || node.spec?.unschedulable === true) && !isTolerant) return 'not tolerated'
  const terms = pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? []
  if (terms.some(({ matchFields }) => matchFields?.[0]?.values?.[0] !== node.metadata.name)) return 'another node'
  if (others.length + 1 > Number(node.status?.allocatable?.['pods'])) return 'too many pods'
  const asked = [pod, ...others].reduce((sum, each) => sum + thousandths(each), 0)
  if (thousandths(pod) > 0 && asked > Number.parseInt(String(node.status?.allocatable?.['cpu']), 10))
    return 'over-committed'
  const port = portOf(pod)
  if (port !== undefined && others.some((other) => portOf(other) === port)) return 'the port is taken'
  return pod.metadata.labels?.['alone'] === 'yes' && others.some(({ metadata }) => metadata.labels?.['alone'] === 'yes')
    ? 'not alone'
    : undefined
}

function thousandths({ spec: { containers } }: Pod): number {
  return Number.parseInt(String(containers[0]?.resources?.requests?.['cpu'] ?? '0'), 10)
}

function portOf({ spec: { containers } }: Pod): number | undefined {
  return containers[0]?.ports?.[0]?.hostPort
}
