/** Which nodes get the taint that drives pods away, and how fast: each zone at the rate that its state allows (facts 7.6, 7.7). */
import type { Clock } from '../../base/clock.ts'
import type { Disposable } from '../../base/disposable.ts'
import type { Node, NodeCondition } from '../../common/api/node.ts'
import type { ControllerManagerSettings } from '../controller-manager-settings.ts'
import { readyStatusOf } from './node-conditions.ts'
import { RateLimitedNodes } from './rate-limited-nodes.ts'
import { computeDisruption, computeEvictionRate, computeZoneState, isCounted, zoneOf, type ZoneState } from './zones.ts'

export interface ZoneEvictionsOptions {
  clock: Clock
  settings: ControllerManagerSettings
  /** It is a node's turn. A rejection means: again. */
  taint(node: string): Promise<void>
  onFailure(node: string, error: unknown): void
}

interface Zone {
  state: ZoneState
  queue: RateLimitedNodes
}

export class ZoneEvictions implements Disposable {
  readonly #options: ZoneEvictionsOptions
  readonly #zones = new Map<string, Zone>()

  constructor(options: ZoneEvictionsOptions) {
    this.#options = options
  }

  dispose(): void {
    for (const name of [...this.#zones.keys()]) this.#forget(name)
  }

  add(node: Node): void {
    this.#of(zoneOf(node)).queue.add(node.metadata.name ?? '')
  }

  remove(name: string): void {
    for (const { queue } of this.#zones.values()) queue.remove(name)
  }

  /** The nodes as they are now, after a look at all of them. @returns what they have come to together */
  update(nodes: readonly Node[]): ReturnType<typeof computeDisruption> {
    const ready = new Map<string, (NodeCondition['status'] | undefined)[]>()
    for (const node of nodes.filter(isCounted)) {
      const zone = zoneOf(node)
      ready.set(zone, [...(ready.get(zone) ?? []), readyStatusOf(node)])
    }
    const present = new Set(nodes.map(zoneOf))
    for (const name of this.#zones.keys()) if (!present.has(name)) this.#forget(name)
    const sizes = [...ready].map(([name, statuses]) => {
      const state = computeZoneState(statuses, this.#options.settings.unhealthyZoneThreshold)
      return { zone: this.#of(name), size: statuses.length, state }
    })
    const disruption = computeDisruption(
      sizes.map(({ zone }) => zone.state),
      sizes.map(({ state }) => state),
    )
    for (const { zone, size, state } of sizes) {
      if (disruption === 'enter' || disruption === 'inside') zone.queue.setRate(0)
      else if (disruption === 'leave' || zone.state !== state)
        zone.queue.setRate(computeEvictionRate(state, size, this.#options.settings))
      zone.state = state
    }
    return disruption
  }

  /** A zone is known as soon as one of its nodes is. */
  #of(name: string): Zone {
    const known = this.#zones.get(name)
    if (known !== undefined) return known
    const { clock, settings, taint, onFailure } = this.#options
    const queue = new RateLimitedNodes({ clock, perSecond: settings.nodeEvictionRate, act: taint, onFailure })
    const zone: Zone = { state: 'Initial', queue }
    this.#zones.set(name, zone)
    return zone
  }

  /** Its last node is gone. */
  #forget(name: string): void {
    const zone = this.#zones.get(name)
    this.#zones.delete(name)
    zone?.queue.dispose()
  }
}
