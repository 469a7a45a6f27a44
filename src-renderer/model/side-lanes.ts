/** The timeline's lanes, sorted to the sides of the comparison: what the shared strip of the Compare page draws. Pure. */
import type { Pod } from '@common/api/core.ts'
import { sideOfPod } from '@common/experiments/agent-names.ts'
import type { SideName } from '@common/experiments/experiment.ts'
import type { SidesSource } from './compare-sides.ts'
import type { Lanes, NodeLane, PodLane } from './compute-lanes.ts'
import type { LaneRow } from './lane-rows.ts'
import type { TimeRange } from './time-range.ts'
import { addWaitingLanes } from './waiting-lanes.ts'

export interface LaneGroup {
  side: SideName | 'kubelets'
  rows: readonly LaneRow[]
}

const POD_HEIGHT = 26
const NODE_HEIGHT = 22
/** Of a DaemonSet whose pods come anew all the time only the newest have room. */
const MOST_ROWS = 12

export interface SideLanesOptions {
  sides: readonly SideName[]
  comparison: SidesSource['comparison']
  workers: readonly string[]
  range: TimeRange
  /** As the API server has them now: some may have no node yet. */
  apiPods: readonly Pod[]
}

/** The kubelets of the workers first, then each side with its pods in this stretch of time, those that are gone among them. */
export function computeLaneGroups(lanes: Lanes, options: SideLanesOptions): LaneGroup[] {
  const { sides, comparison, workers, range, apiPods } = options
  const agents = apiPods.filter(({ metadata }) => metadata.namespace === comparison.namespace)
  const shown = addWaitingLanes(lanes.pods, agents).filter(
    ({ namespace, startMs, goneMs = Infinity }) =>
      namespace === comparison.namespace && startMs <= range.endMs && goneMs >= range.startMs,
  )
  const kubelets = lanes.nodes.filter(({ node }) => workers.includes(node))
  return [
    { side: 'kubelets', rows: placeNodes(kubelets) },
    ...sides.map((side): LaneGroup => ({
      side,
      rows: placePods(shown.filter(({ name }) => sideOfPod(name) === side)),
    })),
  ]
}

function placePods(lanes: readonly PodLane[]): LaneRow[] {
  const newest = lanes.toSorted((one, other) => other.startMs - one.startMs).slice(0, MOST_ROWS)
  return lanes
    .filter((lane) => newest.includes(lane))
    .map((lane, index) => {
      const place = { key: lane.key, index, top: index * POD_HEIGHT, height: POD_HEIGHT }
      return { kind: 'pod', lane, isOpen: false, tellsNode: true, ...place }
    })
}

function placeNodes(lanes: readonly NodeLane[]): LaneRow[] {
  return lanes.map((lane, index) => {
    const place = { key: lane.key, index, top: index * NODE_HEIGHT, height: NODE_HEIGHT }
    return { kind: 'node', lane, isOpen: false, podCount: 0, ...place }
  })
}
