/** Which pods of a ReplicaSet go first (pkg/controller/controller_utils.go ActivePodsWithRanks). Pure. */
import type { Container, Pod } from '../../common/api/core.ts'
import { findCondition, isPodReady, isSidecar } from '../../common/api/pod-helpers.ts'
import { isPodActive } from '../control/active-pods.ts'

/** A number; of two pods the one with the lower goes first. */
const DELETION_COST_ANNOTATION = 'controller.kubernetes.io/pod-deletion-cost'

type Comparison = (left: Pod, right: Pod) => number

/**
 * The first ones go first: unassigned, pending, not ready, cheap, doubled up on their node, ready since recently, restarted
 * often, new. Ages count by their order of magnitude; within one, the uid decides, which is as good as chance.
 *
 * @param related pods of all ReplicaSets of the same Deployment: only they make others "doubled up"
 */
export function rankPodsForDeletion(pods: readonly Pod[], related: readonly Pod[], nowMs: number): Pod[] {
  const onNode = new Map<string, number>()
  for (const { spec } of related.filter(isPodActive)) {
    const node = spec.nodeName ?? ''
    onNode.set(node, (onNode.get(node) ?? 0) + 1)
  }
  const neighbours = ({ spec }: Pod): number => onNode.get(spec.nodeName ?? '') ?? 0
  const comparisons: readonly Comparison[] = [
    by(({ spec }) => ((spec.nodeName ?? '') === '' ? 0 : 1)),
    by(({ status }) => PHASE_ORDER[status?.phase ?? ''] ?? 0),
    by((pod) => (isPodReady(pod) ? 1 : 0)),
    by(deletionCost),
    by((pod) => -neighbours(pod)),
    (left, right) => (isPodReady(left) && isPodReady(right) ? compareAges(left, right, readySince, nowMs) : 0),
    by((pod) => -maxRestarts(pod, (container) => !isSidecar(container))),
    by((pod) => -maxRestarts(pod, isSidecar)),
    (left, right) => compareAges(left, right, createdAt, nowMs),
  ]
  return pods.toSorted((left, right) => {
    for (const compare of comparisons) {
      const order = compare(left, right)
      if (order !== 0) return order
    }
    return 0
  })
}

const PHASE_ORDER: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 }

function by(value: (pod: Pod) => number): Comparison {
  return (left, right) => value(left) - value(right)
}

/** What is no 32-bit number counts as 0. */
function deletionCost({ metadata }: Pod): number {
  const text = metadata.annotations?.[DELETION_COST_ANNOTATION] ?? ''
  if (!/^(0|-?[1-9][0-9]*)$/.test(text)) return 0
  const cost = Number(text)
  return Math.abs(cost) < 2 ** 31 ? cost : 0
}

function maxRestarts({ spec, status }: Pod, counts: (container: Container | undefined) => boolean): number {
  const containers = [...(spec.initContainers ?? []), ...spec.containers]
  const statuses = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])]
  const counted = statuses.filter(({ name }) => counts(containers.find((container) => container.name === name)))
  return Math.max(0, ...counted.map(({ restartCount }) => restartCount))
}

function readySince(pod: Pod): number | undefined {
  return parseTime(findCondition(pod, 'Ready')?.lastTransitionTime)
}

function createdAt({ metadata }: Pod): number | undefined {
  return parseTime(metadata.creationTimestamp)
}

function parseTime(text: string | null | undefined): number | undefined {
  const ms = Date.parse(text ?? '')
  return Number.isNaN(ms) ? undefined : ms
}

/** The younger one goes first, and one without a time before both. */
function compareAges(left: Pod, right: Pod, timeOf: (pod: Pod) => number | undefined, nowMs: number): number {
  const leftMs = timeOf(left)
  const rightMs = timeOf(right)
  if (leftMs === rightMs) return 0
  if (leftMs === undefined) return -1
  if (rightMs === undefined) return 1
  const difference = magnitude(nowMs - leftMs) - magnitude(nowMs - rightMs)
  return difference === 0 ? ((left.metadata.uid ?? '') < (right.metadata.uid ?? '') ? -1 : 1) : difference
}

/** Of nanoseconds, as upstream counts. */
function magnitude(ageMs: number): number {
  return ageMs <= 0 ? -1 : Math.floor(Math.log2(ageMs * 1e6))
}
