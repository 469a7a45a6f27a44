/**
 * Whether a pod may run on this node (facts 1.5.13, 1.5.14; pkg/kubelet/lifecycle/predicate.go, pkg/scheduler's
 * `AdmissionCheck`). Taints are not looked at: static pods are not asked for tolerations.
 */
import type { Pod } from '../../common/api/core.ts'
import { computeVictims, formatShortages } from '../preemption/compute-victims.ts'
import type { Shortage } from '../preemption/compute-victims.ts'
import { isCriticalPod } from './critical-pod.ts'
import { hasHostPortClash } from '../../common/scheduling/host-ports.ts'
import { matchesNode } from '../../common/scheduling/node-affinity.ts'
import type { NodeIdentity } from '../../common/scheduling/node-affinity.ts'
import { podRequests } from '../../common/scheduling/pod-requests.ts'
import type { ResourceAmounts } from '../../common/scheduling/pod-requests.ts'

export interface AdmissionNode extends NodeIdentity {
  /** What pods may ask for together, with `pods` as their greatest number. */
  allocatable: ResourceAmounts
}

/** `victims`: pods that have to end first. `reason` and `message` as in the pod's event. */
export type Admission = { admitted: true; victims: Pod[] } | { admitted: false; reason: string; message: string }

interface Insufficiency {
  resource: string
  requested: bigint
  used: bigint
  capacity: bigint
}

/** Kubernetes' name of the operating system that containers run on. */
const NODE_OS = 'linux'
const OS_LABEL = 'kubernetes.io/os'

/** Pure. `others`: the pods that live on the node, admitted before; those that ended do not count. */
export function computeAdmission(pod: Pod, others: readonly Pod[], node: AdmissionNode): Admission {
  const unsupported = computeUnsupported(pod)
  if (unsupported !== undefined) return unsupported
  const mismatch = computeMismatch(pod, others, node)
  const insufficient = computeInsufficiencies(pod, others, node)
  const [first] = insufficient
  // A critical pod is never refused for resources alone: for it, what else is wrong comes first.
  if (first !== undefined && !isCriticalPod(pod)) return reject(`OutOf${first.resource}`, describeInsufficiency(first))
  if (mismatch !== undefined)
    return reject(mismatch.predicate, `Predicate ${mismatch.predicate} failed: ${mismatch.words}`)
  if (first === undefined) return { admitted: true, victims: [] }
  return makeRoom(pod, others, insufficient.map(toShortage))
}

function makeRoom(pod: Pod, others: readonly Pod[], shortages: Shortage[]): Admission {
  const preemption = computeVictims(pod, others, shortages)
  if (preemption.enough) return { admitted: true, victims: preemption.victims }
  return reject(
    'UnexpectedAdmissionError',
    'Unexpected error while attempting to recover from admission failure: preemption: error finding a set of pods to ' +
      `preempt: no set of running pods found to reclaim resources: ${formatShortages(preemption.missing)}`,
  )
}

/** What this node can never run, whatever becomes free. */
function computeUnsupported({ metadata, spec }: Pod): Admission | undefined {
  const label = metadata.labels?.[OS_LABEL]
  if (label !== undefined && label !== NODE_OS)
    return reject(
      'PodOSSelectorNodeLabelDoesNotMatch',
      "Failed to admit pod as the `kubernetes.io/os` label doesn't match node label",
    )
  if (spec.os !== undefined && spec.os.name !== NODE_OS)
    return reject('PodOSNotSupported', "Failed to admit pod as the OS field doesn't match node OS")
  // An engine adds the groups that its image names for the user, and has no switch for it.
  if (spec.securityContext?.supplementalGroupsPolicy === 'Strict')
    return reject(
      'SupplementalGroupsPolicyNotSupported',
      'SupplementalGroupsPolicy=Strict is not supported in this node',
    )
  return undefined
}

function computeMismatch(
  pod: Pod,
  others: readonly Pod[],
  node: AdmissionNode,
): { predicate: string; words: string } | undefined {
  if (!matchesNode(pod, node))
    return { predicate: 'NodeAffinity', words: "node(s) didn't match Pod's node affinity/selector" }
  if (pod.spec.nodeName !== undefined && pod.spec.nodeName !== '' && pod.spec.nodeName !== node.name)
    return { predicate: 'NodeName', words: "node(s) didn't match the requested node name" }
  if (hasHostPortClash(pod, others))
    return { predicate: 'NodePorts', words: "node(s) didn't have free ports for the requested pod ports" }
  return undefined
}

function computeInsufficiencies(pod: Pod, others: readonly Pod[], node: AdmissionNode): Insufficiency[] {
  const found: Insufficiency[] = []
  const capacityOf = (resource: string): bigint => node.allocatable.get(resource) ?? 0n
  const count = BigInt(others.length)
  if (count + 1n > capacityOf('pods'))
    found.push({ resource: 'pods', requested: 1n, used: count, capacity: capacityOf('pods') })
  const used = others.map((other) => podRequests(other))
  for (const [resource, requested] of inOrder(podRequests(pod))) {
    if (requested === 0n || isExtended(resource)) continue
    const taken = used.reduce((sum, amounts) => sum + (amounts.get(resource) ?? 0n), 0n)
    const capacity = capacityOf(resource)
    if (taken + requested > capacity) found.push({ resource, requested, used: taken, capacity })
  }
  return found
}

const ORDER: readonly string[] = ['cpu', 'memory', 'ephemeral-storage']

function inOrder(amounts: ResourceAmounts): [resource: string, amount: bigint][] {
  const rank = (resource: string): number => (ORDER.includes(resource) ? ORDER.indexOf(resource) : ORDER.length)
  return [...amounts].sort(([one], [other]) => rank(one) - rank(other))
}

/** Such as `example.com/gpu`: a node that does not have it does not check it. */
function isExtended(resource: string): boolean {
  return resource.includes('/') && !resource.includes('kubernetes.io/')
}

function describeInsufficiency({ resource, requested, used, capacity }: Insufficiency): string {
  return `Node didn't have enough resource: ${resource}, requested: ${requested}, used: ${used}, capacity: ${capacity}`
}

function toShortage({ resource, requested, used, capacity }: Insufficiency): Shortage {
  return { resource, amount: requested - (capacity - used) }
}

function reject(reason: string, message: string): Admission {
  return { admitted: false, reason, message }
}
