/** A pod with what the scheduler computes of it once (framework.PodInfo). */
import type { Container, Pod } from '../../common/api/core.ts'
import { hostPorts } from '../../common/scheduling/host-ports.ts'
import { podRequests, type ResourceAmounts } from '../../common/scheduling/pod-requests.ts'
import { computeAffinityTerms, type AffinityTerms } from './affinity-terms.ts'

/** The resources that scores look at: thousandths of a core, bytes. */
export interface ScoredAmounts {
  cpu: number
  memory: number
}

export interface PodInfo {
  pod: Pod
  uid: string
  priority: number
  requests: ResourceAmounts
  /** As `requests`; a container that asks for nothing counts a little (schedutil.GetNonzeroRequests). */
  scoredRequests: ScoredAmounts
  wantsHostPorts: boolean
  affinity: AffinityTerms
  /** Namespace and labels: what selectors of other pods look at. */
  signature: string
}

/** What a container that asks for nothing counts as, so that such pods spread too. */
const DEFAULT_REQUESTS = { cpu: '100m', memory: '200Mi' }

/** Pure. `before`: the same pod as it was; what cannot have changed is taken from there. */
export function computePodInfo(pod: Pod, before?: PodInfo): PodInfo {
  const { uid = '', generation } = pod.metadata
  if (before?.uid === uid && generation !== undefined && before.pod.metadata.generation === generation) {
    const signature = signatureOf(pod)
    return {
      ...before,
      pod,
      signature,
      affinity: signature === before.signature ? before.affinity : computeAffinityTerms(pod),
    }
  }
  return {
    pod,
    uid,
    priority: pod.spec.priority ?? 0,
    requests: podRequests(pod),
    scoredRequests: computeScoredRequests(pod),
    wantsHostPorts: hostPorts(pod).length > 0,
    affinity: computeAffinityTerms(pod),
    signature: signatureOf(pod),
  }
}

/** As if it were there already. */
export function placedOn(info: PodInfo, nodeName: string): PodInfo {
  return { ...info, pod: { ...info.pod, spec: { ...info.pod.spec, nodeName } } }
}

function signatureOf({ metadata: { namespace, labels } }: Pod): string {
  return JSON.stringify([namespace, labels])
}

function computeScoredRequests(pod: Pod): ScoredAmounts {
  const { containers, initContainers = [] } = pod.spec
  const requests = podRequests({
    ...pod,
    spec: {
      ...pod.spec,
      containers: containers.map(withDefaultRequests),
      initContainers: initContainers.map(withDefaultRequests),
    },
  })
  return { cpu: Number(requests.get('cpu') ?? 0n), memory: Number(requests.get('memory') ?? 0n) }
}

function withDefaultRequests(container: Container): Container {
  const requests = { ...DEFAULT_REQUESTS, ...container.resources?.requests }
  return { ...container, resources: { ...container.resources, requests } }
}
