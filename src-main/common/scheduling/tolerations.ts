/** Taints of nodes and what pods tolerate of them (component-helpers/scheduling/corev1/helpers.go). */
import type { Toleration } from '../api/core.ts'
import type { Taint } from '../api/node.ts'

/** Pure. An empty key with `Exists` tolerates everything; an empty effect, every effect. */
export function toleratesTaint(toleration: Toleration, taint: Taint): boolean {
  const { key = '', operator = 'Equal', value = '', effect } = toleration
  if (effect !== undefined && effect !== taint.effect) return false
  if (key !== '' && key !== taint.key) return false
  return operator === 'Exists' || (key !== '' && value === (taint.value ?? ''))
}

/** The first taint of these effects that nothing tolerates. */
export function findUntolerated(
  taints: readonly Taint[],
  tolerations: readonly Toleration[],
  effects: readonly Taint['effect'][],
): Taint | undefined {
  return taints.find(
    (taint) => effects.includes(taint.effect) && !tolerations.some((toleration) => toleratesTaint(toleration, taint)),
  )
}
