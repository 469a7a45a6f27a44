/** The Node object that a kubelet registers (K/kubelet_node_status.go initialNode; facts 7.1). Pure. */
import type { Node, NodeStatus } from '../../common/api/node.ts'
import type { Taint } from '../options/kubelet-options.ts'

const CONTROLLED_ATTACHMENT = 'volumes.kubernetes.io/controller-managed-attach-detach'

/** Labels that a kubelet keeps right; others of an existing node are its user's. */
const KUBELET_LABELS: readonly string[] = [
  'kubernetes.io/hostname',
  'kubernetes.io/os',
  'kubernetes.io/arch',
  'beta.kubernetes.io/os',
  'beta.kubernetes.io/arch',
]

export interface NodeIdentity {
  nodeName: string
  labels: Readonly<Record<string, string>>
  taints: readonly Taint[]
}

export function computeInitialNode({ nodeName, labels, taints }: NodeIdentity, status: NodeStatus): Node {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: nodeName, labels: { ...labels }, annotations: { [CONTROLLED_ATTACHMENT]: 'true' } },
    spec:
      taints.length === 0
        ? {}
        : { taints: taints.map(({ value, ...taint }) => ({ ...taint, ...(value === '' ? {} : { value }) }) as Taint) },
    status,
  }
}

/** Of a merge patch on the metadata of a node that stands there; `undefined`: nothing differs. */
export function computeMetadataPatch(
  existing: Node,
  { labels }: NodeIdentity,
): { labels?: Record<string, string>; annotations?: Record<string, string> } | undefined {
  const changed = KUBELET_LABELS.flatMap((name): [string, string][] => {
    const value = labels[name]
    return value === undefined || existing.metadata.labels?.[name] === value ? [] : [[name, value]]
  })
  const annotations =
    existing.metadata.annotations?.[CONTROLLED_ATTACHMENT] === 'true'
      ? {}
      : { annotations: { [CONTROLLED_ATTACHMENT]: 'true' } }
  const patch = { ...(changed.length === 0 ? {} : { labels: Object.fromEntries(changed) }), ...annotations }
  return Object.keys(patch).length === 0 ? undefined : patch
}
