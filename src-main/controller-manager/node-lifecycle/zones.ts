/** Zones of nodes, and how many of a zone may be unwell before it is not the nodes that are at fault (facts 7.7). Pure. */
import type { Node, NodeCondition } from '../../common/api/node.ts'
import type { ControllerManagerSettings } from '../controller-manager-settings.ts'

/** `Initial`: nothing is known of it yet. */
export type ZoneState = 'Initial' | 'Normal' | 'PartialDisruption' | 'FullDisruption'

const MIN_UNHEALTHY = 3
const EXCLUDED = 'node.kubernetes.io/exclude-disruption'

/** By the topology labels, those of before 1.17 included; nodes without them are a zone too. */
export function zoneOf({ metadata }: Node): string {
  const { labels = {} } = metadata
  const region = labels['topology.kubernetes.io/region'] ?? labels['failure-domain.beta.kubernetes.io/region'] ?? ''
  const zone = labels['topology.kubernetes.io/zone'] ?? labels['failure-domain.beta.kubernetes.io/zone'] ?? ''
  return `${region}/${zone}`
}

/** Nodes with this label are not counted. */
export function isCounted({ metadata }: Node): boolean {
  return metadata.labels?.[EXCLUDED] === undefined
}

/** `ready` has a member for each node of the zone, of which there is one at least. */
export function computeZoneState(
  ready: readonly (NodeCondition['status'] | undefined)[],
  threshold: number,
): ZoneState {
  const unhealthy = ready.filter((status) => status !== 'True').length
  if (unhealthy === ready.length) return 'FullDisruption'
  if (unhealthy >= MIN_UNHEALTHY && unhealthy / ready.length >= threshold) return 'PartialDisruption'
  return 'Normal'
}

/** What the zones together have come to: `enter` and `leave` the state in which no node at all is ready. */
export function computeDisruption(
  before: readonly ZoneState[],
  now: readonly ZoneState[],
): 'enter' | 'inside' | 'leave' | 'outside' {
  // No node could be looked at: that says nothing of them.
  if (now.length === 0) return 'outside'
  const was = before.every((state) => state === 'FullDisruption')
  const is = now.every((state) => state === 'FullDisruption')
  if (is) return was ? 'inside' : 'enter'
  return was ? 'leave' : 'outside'
}

/** Nodes per second that get the taint which drives pods away, in a zone of so many nodes while some zone is not wholly unwell. */
export function computeEvictionRate(state: ZoneState, size: number, settings: ControllerManagerSettings): number {
  if (state !== 'PartialDisruption') return settings.nodeEvictionRate
  return size > settings.largeClusterSizeThreshold ? settings.secondaryNodeEvictionRate : 0
}
