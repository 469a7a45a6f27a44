/** Nodes and placed pods without a server: asks where a pod would go, and why nowhere. */
import type { Pod } from '../../common/api/core.ts'
import type { LabelSelector } from '../../common/api/label-selector.ts'
import type { Node } from '../../common/api/node.ts'
import { SchedulerCache } from '../cache/scheduler-cache.ts'
import { formatDiagnosis } from '../framework/diagnosis.ts'
import { NodeFinder, type CountedCluster, type Placement } from '../framework/find-node.ts'
import type { NodeInfo } from '../framework/node-info.ts'
import type { PluginName, ScorePlugin } from '../framework/plugin.ts'
import type { PodInfo } from '../framework/pod-info.ts'
import { Nominator } from '../nominator.ts'
import { DEFAULT_FILTERS, DEFAULT_SCORES } from '../plugins/default-plugins.ts'
import { aPodInfo, type PodParts } from './cluster-builders.ts'

export class TestCluster implements CountedCluster {
  readonly cache = new SchedulerCache()
  readonly nominator = new Nominator()
  /** By the name of a namespace. */
  readonly namespaces = new Map<string, Record<string, string>>()
  /** Which pods belong together, as services would say it. */
  selector: LabelSelector | undefined
  /** 0 to 1. */
  random = 0
  readonly #finder = new NodeFinder({
    cluster: this,
    nominated: this.nominator,
    filters: DEFAULT_FILTERS,
    scores: DEFAULT_SCORES,
    random: () => this.random,
  })

  constructor(nodes: readonly Node[], placed: Readonly<Record<string, PodParts & { nodeName: string }>> = {}) {
    for (const node of nodes) this.cache.setNode(node)
    for (const [name, parts] of Object.entries(placed)) this.cache.setPod(aPodInfo(name, parts).pod)
  }

  get nodes(): CountedCluster['nodes'] {
    return this.cache.nodes
  }

  getNode(name: string): ReturnType<CountedCluster['getNode']> {
    return this.cache.getNode(name)
  }

  readonly namespaceLabels = (name: string): Record<string, string> | undefined => this.namespaces.get(name)

  defaultSelector(_pod: Pod): LabelSelector | undefined {
    return this.selector
  }

  find(pod: PodInfo): Placement {
    return this.#finder.find(pod)
  }

  /** The node, or the sentence that tells why there is none. */
  outcome(parts: PodParts): string {
    const placement = this.find(aPodInfo('new', parts))
    return placement.node ?? formatDiagnosis(placement.diagnosis)
  }

  /** What one plugin gives each node; undefined: it has no preference. */
  scores(plugin: PluginName, parts: PodParts): Record<string, number> | undefined {
    const found: ScorePlugin | undefined = DEFAULT_SCORES.find(({ name }) => name === plugin)
    const nodes: readonly NodeInfo[] = this.nodes
    const scores = found?.score(aPodInfo('new', parts), nodes, this)
    return scores === undefined
      ? undefined
      : Object.fromEntries(nodes.map(({ name }, index) => [name, scores[index] ?? Number.NaN]))
  }
}
