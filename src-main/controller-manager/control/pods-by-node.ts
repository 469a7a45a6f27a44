/** Pods by the node that they were given to, found without looking at all of them. */
import type { ApiObject } from '../../common/api/api-object.ts'
import type { Pod } from '../../common/api/core.ts'
import type { Informer } from '../../kube/informer.ts'

const BY_NODE = 'spec.nodeName'

/** Before `podsOfNode` is asked. */
export function indexByNode(pods: Informer<Pod & ApiObject>): void {
  pods.addIndex(BY_NODE, ({ spec }) => [spec.nodeName ?? ''])
}

export function podsOfNode(pods: Informer<Pod & ApiObject>, node: string): (Pod & ApiObject)[] {
  return pods.byIndex(BY_NODE, node)
}
