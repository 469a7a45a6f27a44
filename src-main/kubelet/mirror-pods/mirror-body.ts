/** The mirror of a static pod, as it is handed to the API server (facts 4.2). */
import type { Pod } from '../../common/api/core.ts'
import { CONFIG_MIRROR_ANNOTATION } from '../../common/api/kubelet-labels.ts'
import { staticPodHash } from '../../common/api/static-pod.ts'
import type { Node } from '../../common/api/node.ts'
import type { ApiPod } from '../cluster/api-objects.ts'

/** Pure. The UID and all that follows from it are the server's. */
export function computeMirrorBody(pod: Pod, node: Node): ApiPod {
  const { uid: _uid, ...metadata } = pod.metadata
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...metadata,
      annotations: { ...metadata.annotations, [CONFIG_MIRROR_ANNOTATION]: staticPodHash(pod) ?? '' },
      ownerReferences: [
        {
          apiVersion: 'v1',
          kind: 'Node',
          name: node.metadata.name ?? '',
          uid: node.metadata.uid ?? '',
          controller: true,
        },
      ],
    },
    spec: pod.spec,
  }
}

/** Whether it is the picture of this very pod, not of an earlier or later version of it (facts 4.3). */
export function isMirrorOf(mirror: Pod, pod: Pod): boolean {
  return mirror.metadata.annotations?.[CONFIG_MIRROR_ANNOTATION] === staticPodHash(pod)
}
