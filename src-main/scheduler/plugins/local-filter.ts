/** A filter that needs to see nothing but the pod and the node. */
import type { NodeInfo } from '../framework/node-info.ts'
import type { FilterPlugin, PluginName } from '../framework/plugin.ts'
import type { PodInfo } from '../framework/pod-info.ts'

export interface LocalFilter {
  name: PluginName
  isResolvable: boolean
  /** Whether it has anything to ask for this pod; absent: always. */
  concerns?(pod: PodInfo): boolean
  /** Why the node will not do, in upstream's words; undefined when it will. */
  refuse(pod: PodInfo, node: NodeInfo): string | undefined
}

export function localFilter({ name, isResolvable, concerns, refuse }: LocalFilter): FilterPlugin {
  return {
    name,
    prepare(pod) {
      if (concerns?.(pod) === false) return undefined
      return {
        plugin: name,
        judge(node) {
          const reason = refuse(pod, node)
          return reason === undefined ? undefined : { plugin: name, reasons: [reason], isResolvable }
        },
      }
    },
  }
}
