/** The API server's pods, each with what it is a reflection of: the file and the node that a mirror pod came from (facts 4.2). Pure. */
import type { Pod } from '@common/api/core.ts'
import { CONFIG_MIRROR_ANNOTATION } from '@common/api/kubelet-labels.ts'
import { isMirrorPod } from '@common/api/static-pod.ts'
import type { ClusterView } from '@common/lab/cluster-view.ts'
import { findPodOwner, type PodOwner } from '@common/lab/pod-tally.ts'
import type { FileVerdict } from '@common/lab/file-verdict.ts'
import type { NodeView } from '@common/lab/lab-status.ts'
import type { RowReference } from './board-rows.ts'

export interface Reflection {
  key: string
  /** `mirror`: a kubelet made it from a file; `api`: it was made in the API server and is the truth itself. */
  kind: 'mirror' | 'api'
  pod: Pod
  /** Empty until the pod is bound to one. */
  node: string
  /** Name of the manifest file that a mirror came from, as far as its kubelet tells. */
  file?: string
  /** The owner that manages it; a mirror's is its Node. */
  owner?: PodOwner
}

/** @param fileOf name of the file that a static pod of this UID came from, for nodes whose kubelet cannot be asked */
export function computeReflections(
  cluster: ClusterView,
  views: readonly NodeView[],
  fileOf: (node: string, uid: string) => string | undefined = () => undefined,
): Reflection[] {
  return cluster.pods.map((pod) => {
    const node = pod.spec.nodeName ?? ''
    const kind = isMirrorPod(pod) ? 'mirror' : 'api'
    const view = views.find((candidate) => candidate.node === node)
    const file = kind === 'mirror' ? findFileOf(pod, view?.files ?? [], (uid) => fileOf(node, uid)) : undefined
    const owner = findPodOwner(pod)
    const { namespace = 'default', name = '' } = pod.metadata
    return {
      key: `${namespace}/${name}`,
      kind,
      pod,
      node,
      ...(file !== undefined && { file: file.name }),
      ...(owner !== undefined && { owner }),
    }
  })
}

/** Of the inspector's subject; undefined when the API server has no such pod. */
export function findReflection(reflections: readonly Reflection[], reference: RowReference): Reflection | undefined {
  const { node, pod } = reference
  if (pod === undefined) return undefined
  return reflections.find((one) => one.key === `${pod.namespace}/${pod.name}` && (one.node === node || node === ''))
}

/** The board's row of the same pod. */
export function referToReflection({ node, file, pod }: Reflection): RowReference {
  const { namespace = 'default', name = '' } = pod.metadata
  return { node, ...(file !== undefined && { file }), pod: { namespace, name } }
}

/** By the static pod's UID first: while a file changes, two pods of one name exist. Of a file that nobody reads only its past is known. */
function findFileOf(
  mirror: Pod,
  files: readonly FileVerdict[],
  pastFileOf: (uid: string) => string | undefined,
): FileVerdict | undefined {
  const { annotations = {}, namespace = 'default', name } = mirror.metadata
  const uid = annotations[CONFIG_MIRROR_ANNOTATION]
  return (
    files.find(({ pod }) => pod?.uid === uid) ??
    files.find(({ pod }) => pod?.name === name && pod?.namespace === namespace) ??
    files.find((file) => file.state === 'unread' && uid !== undefined && file.name === pastFileOf(uid))
  )
}
