/** One agent's pod, as its kubelet, the API server and the engine tell of it. Pure. */
import type { Pod } from '../../common/api/core.ts'
import type { ObjectMeta, Time } from '../../common/api/meta.ts'
import { isPodReady } from '../../common/api/pod-helpers.ts'
import { isMirrorPod, isStaticPod, staticPodHash } from '../../common/api/static-pod.ts'
import type { PodLook } from '../../common/experiments/side-record.ts'
import type { NodeContainer } from '../../common/lab/node-container.ts'
import { summarizePod } from '../../common/lab/pod-summary.ts'
import { AGENT_NAMES } from '../../common/experiments/agent-names.ts'

/** A pod, whoever tells of it. */
export interface SeenPod {
  /** Empty while it has none. */
  node: string
  /** In its kubelet's words, or else in the API server's. */
  pod: Pod
  inKubelet: boolean
  /** As the API server has it, of a static pod its mirror. */
  api?: Pod
}

/** @param containers those of this pod that the engine has */
export function computePodLook(seen: SeenPod, containers: readonly NodeContainer[], now: Time): PodLook {
  const { pod, api, node, inKubelet } = seen
  const deletionTimestamp = api?.metadata.deletionTimestamp ?? pod.metadata.deletionTimestamp
  const marked = deletionTimestamp === undefined ? pod : { ...pod, metadata: { ...pod.metadata, deletionTimestamp } }
  const { status, restartCount } = summarizePod(marked, Date.parse(now))
  const [container] = pod.spec.containers
  const running = containers.find(({ isRunning }) => isRunning)
  return {
    kind: 'pod',
    time: now,
    name: pod.metadata.name ?? '',
    namespace: pod.metadata.namespace ?? '',
    node,
    uid: kubeletUid(pod),
    phase: pod.status?.phase ?? '',
    status,
    ready: isPodReady(pod),
    running: running !== undefined,
    restarts: restartCount,
    containerId: running?.id ?? lastContainerId(pod),
    image: container?.image ?? '',
    edition: container?.env?.find(({ name }) => name === AGENT_NAMES.editionVariable)?.value ?? '',
    inKubelet,
    inApi: api !== undefined,
    mirror: api !== undefined && isMirrorPod(api),
    apiUid: api?.metadata.uid ?? '',
    resourceVersion: api?.metadata.resourceVersion ?? '',
    owner: ownerOf(api),
    madeBy: api === undefined ? (isStaticPod(pod) ? 'kubelet' : '') : makerOf(api),
    deleting: deletionTimestamp !== undefined,
  }
}

/** One of which only the engine tells. */
export function computeForgottenPodLook(node: string, container: NodeContainer, now: Time): PodLook {
  return {
    ...{ kind: 'pod', time: now, name: container.pod, namespace: container.namespace, node, uid: '' },
    ...{ phase: 'Unknown', status: 'Unknown', ready: false, running: container.isRunning, restarts: 0 },
    ...{ containerId: container.id, image: '', edition: '', inKubelet: false, inApi: false, mirror: false },
    ...{ apiUid: '', resourceVersion: '', owner: '', madeBy: '', deleting: false },
  }
}

/** A mirror's own uid is the API server's; the static pod's is its hash (facts 1.4.2). */
function kubeletUid(pod: Pod): string {
  return (isMirrorPod(pod) ? staticPodHash(pod) : undefined) ?? pod.metadata.uid ?? ''
}

/** `containerd://ID` without what stands before the id. */
function lastContainerId(pod: Pod): string {
  return pod.status?.containerStatuses?.[0]?.containerID?.replace(/^.*:\/\//, '') ?? ''
}

function ownerOf(pod: Pod | undefined): string {
  const owners = pod?.metadata.ownerReferences ?? []
  const owner = owners.find(({ controller }) => controller === true) ?? owners[0]
  return owner === undefined ? '' : `${owner.kind}/${owner.name}`
}

interface ManagedMetadata extends ObjectMeta {
  managedFields?: readonly { manager?: string; time?: string; subresource?: string }[]
}

/** Who wrote the object itself first, by its managed fields. Without them, as in what a window follows, its owner's kind tells. */
function makerOf(pod: Pod): string {
  const { managedFields = [] } = pod.metadata as ManagedMetadata
  const [first] = managedFields
    .filter(({ subresource = '' }) => subresource === '')
    .toSorted((one, other) => Date.parse(one.time ?? '') - Date.parse(other.time ?? ''))
  if (first?.manager !== undefined) return first.manager
  const owner = ownerOf(pod)
  if (owner.startsWith('Node/')) return 'kubelet'
  return /^(DaemonSet|ReplicaSet)\//.test(owner) ? 'kube-controller-manager' : ''
}
