/** Lanes as the rows of a picture: chosen, sorted, folded, each with its place. Pure. */
import type { UserAction } from '@common/lab/user-action.ts'
import type { Lanes, NodeLane, PodLane } from './compute-lanes.ts'

export type LaneSort = 'node' | 'start' | 'restarts'

interface Placed {
  key: string
  /** Place among all rows. */
  index: number
  /** Pixels from the first row's upper edge. */
  top: number
  height: number
}

export type LaneRow = Placed &
  (
    | { kind: 'actions'; actions: readonly UserAction[] }
    | { kind: 'node'; lane: NodeLane; isOpen: boolean; podCount: number }
    | { kind: 'pod'; lane: PodLane; isOpen: boolean; tellsNode: boolean }
    | { kind: 'container'; lane: PodLane; container: string }
    | { kind: 'simulated'; count: number }
  )

export type LaneRowKind = LaneRow['kind']

const HEIGHTS: Record<LaneRowKind, number> = { actions: 28, node: 36, pod: 28, container: 22, simulated: 32 }

export interface RowOptions {
  /** Whether a lane passes the filters. */
  matches(lane: NodeLane | PodLane): boolean
  sort: LaneSort
  /** Nodes whose pods are folded away. */
  closedNodes: ReadonlySet<string>
  /** Keys of the pods whose containers are shown. */
  openPods: ReadonlySet<string>
  /** None: they have no row. */
  actions: readonly UserAction[]
  simulatedNodes: number
}

type Unplaced = LaneRow extends infer Row ? (Row extends LaneRow ? Omit<Row, 'index' | 'top' | 'height'> : never) : never

export function computeLaneRows(lanes: Lanes, options: RowOptions): readonly LaneRow[] {
  const { matches, actions, simulatedNodes } = options
  const pods = lanes.pods.filter(matches)
  const rows: Unplaced[] = []
  if (actions.length > 0) rows.push({ kind: 'actions', key: 'actions', actions })
  rows.push(...(options.sort === 'node' ? rowsByNode(lanes, pods, options) : rowsByPod(lanes, pods, options)))
  if (simulatedNodes > 0) rows.push({ kind: 'simulated', key: 'simulated', count: simulatedNodes })
  return place(rows)
}

function rowsByNode(lanes: Lanes, pods: readonly PodLane[], options: RowOptions): Unplaced[] {
  const byNode = Map.groupBy(pods, ({ node }) => node)
  return lanes.nodes.flatMap((lane) => {
    const ofNode = byNode.get(lane.node) ?? []
    if (ofNode.length === 0 && !options.matches(lane)) return []
    const isOpen = !options.closedNodes.has(lane.node)
    return [nodeRow(lane, isOpen, ofNode.length), ...(isOpen ? ofNode.flatMap((pod) => podRows(pod, options)) : [])]
  })
}

function rowsByPod(lanes: Lanes, pods: readonly PodLane[], options: RowOptions): Unplaced[] {
  const sorted = pods.toSorted((one, other) =>
    options.sort === 'restarts' ? other.restarts - one.restarts : other.startMs - one.startMs,
  )
  const nodes = lanes.nodes.filter(options.matches)
  return [...nodes.map((lane) => nodeRow(lane, false, 0)), ...sorted.flatMap((pod) => podRows(pod, options))]
}

function nodeRow(lane: NodeLane, isOpen: boolean, podCount: number): Unplaced {
  return { kind: 'node', key: lane.key, lane, isOpen, podCount }
}

function podRows(lane: PodLane, { openPods, sort }: RowOptions): Unplaced[] {
  const isOpen = openPods.has(lane.key)
  const row: Unplaced = { kind: 'pod', key: lane.key, lane, isOpen, tellsNode: sort !== 'node' }
  const containers = isOpen ? lane.containers : []
  return [
    row,
    ...containers.map((container): Unplaced => ({
      kind: 'container',
      key: `${lane.key}#${container}`,
      lane,
      container,
    })),
  ]
}

function place(rows: readonly Unplaced[]): LaneRow[] {
  let top = 0
  return rows.map((row, index) => {
    const height = HEIGHTS[row.kind]
    const placed = { ...row, index, top, height }
    top += height
    return placed
  })
}

export function heightOf(rows: readonly LaneRow[]): number {
  const last = rows.at(-1)
  return last === undefined ? 0 : last.top + last.height
}

/** Those that can be seen between two heights. */
export function rowsBetween(rows: readonly LaneRow[], fromPx: number, toPx: number): readonly LaneRow[] {
  return rows.slice(firstBelow(rows, fromPx), firstBelow(rows, toPx - 1) + 1)
}

/** Index of the first row whose lower edge is below the height; found by halving, for there may be thousands. */
function firstBelow(rows: readonly LaneRow[], px: number): number {
  let low = 0
  let high = rows.length
  while (low < high) {
    const middle = (low + high) >> 1
    const row = rows[middle]
    if (row !== undefined && row.top + row.height <= px) low = middle + 1
    else high = middle
  }
  return low
}

/** Whether an action was about what the row shows: one on a pod concerns it and its node, one on a node all of its pods. */
export function concernsRow(action: UserAction, row: LaneRow): boolean {
  switch (row.kind) {
    case 'actions':
      return true
    case 'simulated':
      return action.node === undefined && action.pod === undefined
    case 'node':
      return action.node === undefined ? action.pod === undefined : action.node === row.lane.node
    case 'pod':
    case 'container':
      return concernsPod(action, row.lane, row.kind === 'container' ? row.container : undefined)
  }
}

function concernsPod(action: UserAction, lane: PodLane, container: string | undefined): boolean {
  if (action.node !== undefined && action.node !== lane.node) return false
  if (action.pod !== undefined && (action.pod.name !== lane.name || action.pod.namespace !== lane.namespace))
    return false
  if (action.file !== undefined && action.file !== lane.file) return false
  return container === undefined || action.container === undefined || action.container === container
}
