/** Numbers by place: a label of nodes and its value. */
import type { AffinityTerm } from '../framework/affinity-terms.ts'

type Labels = Readonly<Record<string, string>>

export class TopologyCounts {
  readonly #counts = new Map<string, Map<string, number>>()

  get isEmpty(): boolean {
    return this.#counts.size === 0
  }

  /** Nodes without the label of the term are no place. */
  add({ topologyKey }: Pick<AffinityTerm, 'topologyKey'>, labels: Labels, amount: number): void {
    const value = labels[topologyKey]
    if (value === undefined || amount === 0) return
    const values = this.#counts.get(topologyKey) ?? new Map<string, number>()
    const sum = (values.get(value) ?? 0) + amount
    if (sum === 0) values.delete(value)
    else values.set(value, sum)
    if (values.size === 0) this.#counts.delete(topologyKey)
    else this.#counts.set(topologyKey, values)
  }

  has({ topologyKey }: Pick<AffinityTerm, 'topologyKey'>, labels: Labels): boolean {
    const value = labels[topologyKey]
    return value !== undefined && (this.#counts.get(topologyKey)?.get(value) ?? 0) > 0
  }

  hasAny(labels: Labels): boolean {
    for (const topologyKey of this.#counts.keys()) if (this.has({ topologyKey }, labels)) return true
    return false
  }

  /** Of all places that a node is in. */
  sum(labels: Labels): number {
    let sum = 0
    for (const [topologyKey, values] of this.#counts) sum += values.get(labels[topologyKey] ?? '') ?? 0
    return sum
  }
}
