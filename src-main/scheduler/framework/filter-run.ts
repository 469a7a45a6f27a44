/** The filters of one pod, prepared once and asked of many nodes (framework.RunPreFilterPlugins, RunFilterPlugins). */
import type { CountedNode } from './node-info.ts'
import {
  isRefusal,
  type ClusterView,
  type FilterPlugin,
  type NodeFilter,
  type PluginName,
  type Refusal,
} from './plugin.ts'
import type { PodInfo } from './pod-info.ts'

/** Pods that are expected on a node, because room is being made for them there. */
export interface NominatedPods {
  on(node: string): Iterable<PodInfo>
}

/** The nodes that can come into question at all; undefined: all. */
export interface NodeRestriction {
  nodes: ReadonlySet<string>
  plugin: PluginName
}

export class FilterRun {
  readonly pod: PodInfo
  readonly #filters: readonly NodeFilter[]
  readonly #nominated: NominatedPods
  readonly restriction: NodeRestriction | undefined

  private constructor(
    pod: PodInfo,
    filters: readonly NodeFilter[],
    nominated: NominatedPods,
    restriction: NodeRestriction | undefined,
  ) {
    this.pod = pod
    this.#filters = filters
    this.#nominated = nominated
    this.restriction = restriction
  }

  /** A refusal: no node will do. */
  static prepare(
    pod: PodInfo,
    cluster: ClusterView,
    plugins: readonly FilterPlugin[],
    nominated: NominatedPods,
  ): FilterRun | Refusal {
    const filters: NodeFilter[] = []
    for (const plugin of plugins) {
      const prepared = plugin.prepare(pod, cluster)
      if (prepared === undefined) continue
      if (isRefusal(prepared)) return prepared
      filters.push(prepared)
    }
    return new FilterRun(pod, filters, nominated, computeRestriction(filters))
  }

  /** The first filter that objects decides. It has to fit with the pods that are expected there, and without them as well. */
  judge(node: CountedNode): Refusal | undefined {
    const expected = this.#expectedOn(node)
    if (expected.length === 0) return this.#judge(node)
    const crowded = node.copy()
    for (const pod of expected) this.assumePod(pod, crowded, 'added')
    const refusal = this.#judge(crowded)
    for (const pod of expected) this.assumePod(pod, crowded, 'removed')
    return refusal ?? this.#judge(node)
  }

  /** `node` is a copy: it changes, and what the filters have counted with it. */
  assumePod(pod: PodInfo, node: CountedNode, change: 'added' | 'removed'): void {
    if (change === 'added') node.addPod(pod)
    else node.removePod(pod.uid)
    for (const filter of this.#filters) filter.assumePod?.(pod, node, change)
  }

  #judge(node: CountedNode): Refusal | undefined {
    for (const filter of this.#filters) {
      const refusal = filter.judge(node)
      if (refusal !== undefined) return refusal
    }
    return undefined
  }

  /** Less important ones have to give way. */
  #expectedOn({ name }: CountedNode): PodInfo[] {
    return [...this.#nominated.on(name)].filter(
      ({ uid, priority }) => uid !== this.pod.uid && priority >= this.pod.priority,
    )
  }
}

/** Only one filter does that. */
function computeRestriction(filters: readonly NodeFilter[]): NodeRestriction | undefined {
  for (const { onlyNodes, plugin } of filters) if (onlyNodes !== undefined) return { nodes: onlyNodes, plugin }
  return undefined
}
