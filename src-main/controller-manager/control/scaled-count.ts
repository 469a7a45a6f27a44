/** A number of pods, or a percentage of them, as a number (apimachinery/pkg/util/intstr GetScaledValueFromIntOrPercent). Pure. */
import type { IntOrString } from '../../common/api/core.ts'

export function scaledCount(value: IntOrString | undefined, total: number, round: 'up' | 'down'): number {
  if (value === undefined) return 0
  if (typeof value === 'number') return value
  const exact = (Number.parseInt(value, 10) * total) / 100
  return round === 'up' ? Math.ceil(exact) : Math.floor(exact)
}
