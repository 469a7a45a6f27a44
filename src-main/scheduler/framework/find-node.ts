/** Where a pod goes, or why nowhere (pkg/scheduler/schedule_one.go schedulePod). */
import { FilterRun, type NominatedPods } from './filter-run.ts'
import type { CountedNode, NodeInfo } from './node-info.ts'
import { type ClusterView, type FilterPlugin, type PluginName, type Refusal, type ScorePlugin } from './plugin.ts'
import type { PodInfo } from './pod-info.ts'
import type { Diagnosis } from './diagnosis.ts'

/** So many nodes that will do are always looked for, when there are so many. */
const MIN_FEASIBLE_NODES = 100
const MIN_FEASIBLE_PERCENT = 5

export interface CountedCluster extends ClusterView {
  readonly nodes: readonly CountedNode[]
  getNode(name: string): CountedNode | undefined
}

export interface NodeFinderOptions {
  cluster: CountedCluster
  nominated: NominatedPods
  filters: readonly FilterPlugin[]
  scores: readonly ScorePlugin[]
  /** 0 to 1: chooses among nodes that are as good as one another. */
  random: () => number
}

export type Placement =
  | { node: string }
  /** `run` is absent when no node was asked. */
  | { node: undefined; diagnosis: Diagnosis; run: FilterRun | undefined }

/** Remembers where it stopped, so that the next pod begins with other nodes. */
export class NodeFinder {
  readonly #options: NodeFinderOptions
  #nextStart = 0

  constructor(options: NodeFinderOptions) {
    this.#options = options
  }

  find(pod: PodInfo): Placement {
    const { cluster, filters, nominated } = this.#options
    const run = FilterRun.prepare(pod, cluster, filters, nominated)
    if (run instanceof FilterRun) return this.#findAmong(run)
    return { node: undefined, diagnosis: hopeless(run, cluster.nodes.length), run: undefined }
  }

  #findAmong(run: FilterRun): Placement {
    const { cluster } = this.#options
    const { nominatedNodeName = '' } = run.pod.pod.status ?? {}
    const nominated = cluster.getNode(nominatedNodeName)
    if (nominated !== undefined && isPossible(run, nominated) && run.judge(nominated) === undefined)
      return { node: nominated.name }
    const { feasible, refusals } = this.#filter(run)
    const [first] = feasible
    if (first !== undefined) return { node: this.#choose(run.pod, feasible) }
    return { node: undefined, diagnosis: diagnose(run, refusals, cluster.nodes.length), run }
  }

  #filter(run: FilterRun): { feasible: NodeInfo[]; refusals: Map<string, Refusal> } {
    const { cluster } = this.#options
    const nodes = candidates(run, cluster)
    const wanted = feasibleNodesWanted(nodes.length)
    const feasible: NodeInfo[] = []
    const refusals = new Map<string, Refusal>()
    for (let index = 0; index < nodes.length && feasible.length < wanted; index++) {
      const node = nodes[(this.#nextStart + index) % nodes.length]
      if (node === undefined) continue
      const refusal = run.judge(node)
      if (refusal === undefined) feasible.push(node)
      else refusals.set(node.name, refusal)
    }
    const asked = feasible.length + refusals.size
    this.#nextStart = cluster.nodes.length === 0 ? 0 : (this.#nextStart + asked) % cluster.nodes.length
    return { feasible, refusals }
  }

  #choose(pod: PodInfo, feasible: readonly NodeInfo[]): string {
    const { cluster, scores, random } = this.#options
    const totals = feasible.map(() => 0)
    if (feasible.length > 1)
      for (const plugin of scores)
        plugin.score(pod, feasible, cluster)?.forEach((score, index) => {
          totals[index] = (totals[index] ?? 0) + score * plugin.weight
        })
    const best = Math.max(...totals)
    const equals = feasible.filter((_, index) => totals[index] === best)
    const chosen = equals[Math.floor(random() * equals.length)] ?? feasible[0]
    return chosen?.name ?? ''
  }
}

/** Of few nodes all; of many a part that shrinks with their number (upstream's percentageOfNodesToScore of 0). */
export function feasibleNodesWanted(nodeCount: number): number {
  if (nodeCount < MIN_FEASIBLE_NODES) return nodeCount
  const percent = Math.max(MIN_FEASIBLE_PERCENT, 50 - Math.floor(nodeCount / 125))
  return Math.max(MIN_FEASIBLE_NODES, Math.floor((nodeCount * percent) / 100))
}

function candidates({ restriction }: FilterRun, cluster: CountedCluster): readonly CountedNode[] {
  if (restriction === undefined) return cluster.nodes
  return [...restriction.nodes].flatMap((name) => cluster.getNode(name) ?? [])
}

function isPossible({ restriction }: FilterRun, { name }: NodeInfo): boolean {
  return restriction === undefined || restriction.nodes.has(name)
}

function diagnose(run: FilterRun, refusals: Map<string, Refusal>, nodeCount: number): Diagnosis {
  const rejectedBy = new Set<PluginName>([...refusals.values()].map(({ plugin }) => plugin))
  const { restriction } = run
  if (restriction === undefined) return { nodeCount, refusals, others: undefined, rejectedBy, hopeless: undefined }
  const { plugin } = restriction
  const reasons = [`node(s) didn't satisfy plugin(s) [${plugin}]`]
  rejectedBy.add(plugin)
  return { nodeCount, refusals, others: { plugin, reasons, isResolvable: false }, rejectedBy, hopeless: undefined }
}

function hopeless(refusal: Refusal, nodeCount: number): Diagnosis {
  const message = refusal.reasons.join(', ')
  return { nodeCount, refusals: new Map(), others: refusal, rejectedBy: new Set([refusal.plugin]), hopeless: message }
}
