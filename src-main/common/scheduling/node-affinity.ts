/**
 * Whether a node has the labels that a pod insists on: its `nodeSelector` and its required affinity to nodes
 * (component-helpers/scheduling/corev1/nodeaffinity). Preferences and affinity to other pods are the scheduler's.
 */
import type { NodeSelectorRequirement, NodeSelectorTerm, Pod } from '../api/core.ts'

export interface NodeIdentity {
  name: string
  labels: Readonly<Record<string, string>>
}

/** Pure. */
export function matchesNode(pod: Pod, node: NodeIdentity): boolean {
  const wanted = Object.entries(pod.spec.nodeSelector ?? {})
  if (!wanted.every(([key, value]) => node.labels[key] === value)) return false
  const required = pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
  return required === undefined || required.nodeSelectorTerms.some((term) => matchesTerm(term, node))
}

export function matchesTerm(
  { matchExpressions = [], matchFields = [] }: NodeSelectorTerm,
  node: NodeIdentity,
): boolean {
  if (matchExpressions.length === 0 && matchFields.length === 0) return false
  return (
    matchExpressions.every((one) => matchesValue(one, node.labels[one.key])) &&
    matchFields.every((one) => matchesValue(one, one.key === 'metadata.name' ? node.name : ''))
  )
}

/** `value`: what the node has; `undefined`: nothing of this key. */
function matchesValue({ operator, values = [] }: NodeSelectorRequirement, value: string | undefined): boolean {
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value)
    case 'NotIn':
      return value === undefined || !values.includes(value)
    case 'Exists':
      return value !== undefined
    case 'DoesNotExist':
      return value === undefined
    case 'Gt':
    case 'Lt': {
      const [has, bound] = [wholeNumber(value), wholeNumber(values[0])]
      if (has === undefined || bound === undefined) return false
      return operator === 'Gt' ? has > bound : has < bound
    }
    default:
      return false
  }
}

function wholeNumber(text: string | undefined): bigint | undefined {
  return text !== undefined && /^[+-]?\d+$/.test(text) ? BigInt(text.replace('+', '')) : undefined
}
