/** Which nodes and rows of the board are shown, and in which order. Pure. */
import { summarizePod } from '@common/lab/pod-summary.ts'
import type { NodeStatus } from '@common/lab/lab-status.ts'
import type { BoardRow } from './board-rows.ts'
import { toneOf, type StateTone } from './pod-health.ts'

export interface BoardFilter {
  /** All of them have to be found; in lower case. */
  words: readonly string[]
  /** Only what is not as it should be. */
  isTroubleOnly: boolean
}

export interface BoardColumn {
  node: NodeStatus
  rows: readonly BoardRow[]
}

const QUIET: ReadonlySet<StateTone> = new Set(['running', 'done', 'ended'])

/** A node that is found by its own name keeps all of its rows. */
export function filterRows({ node, rows }: BoardColumn, { words, isTroubleOnly }: BoardFilter): readonly BoardRow[] {
  if (words.length === 0 && !isTroubleOnly) return rows
  return rows.filter(
    (row) => words.every((word) => textOf(node, row).includes(word)) && (!isTroubleOnly || isTrouble(row)),
  )
}

/** In their order; whether a node without rows that are left is shown depends on the node itself. */
export function filterColumns(columns: readonly BoardColumn[], filter: BoardFilter): BoardColumn[] {
  return columns.filter((column) => {
    if (filterRows(column, filter).length > 0) return true
    const { node } = column
    const isFound = filter.words.every((word) => node.name.toLowerCase().includes(word))
    return isFound && (!filter.isTroubleOnly || !isWell(node))
  })
}

/** `state`: most trouble first; `pods`: most pods first; `name`: as the lab has them. */
export function sortColumns(columns: readonly BoardColumn[], order: 'name' | 'state' | 'pods'): BoardColumn[] {
  if (order === 'name') return [...columns]
  const weigh = order === 'state' ? weighTrouble : ({ rows }: BoardColumn) => rows.filter(({ pod }) => pod).length
  return columns
    .map((column) => ({ column, weight: weigh(column) }))
    .toSorted((one, other) => other.weight - one.weight)
    .map(({ column }) => column)
}

export function isTrouble({ file, pod }: BoardRow): boolean {
  if (file !== undefined && file.state !== 'accepted' && file.state !== 'unread') return true
  if (pod === undefined) return false
  const { status, readyContainers, totalContainers } = summarizePod(pod, 0)
  return !QUIET.has(toneOf(status, readyContainers === totalContainers))
}

function weighTrouble({ node, rows }: BoardColumn): number {
  return (isWell(node) ? 0 : 1000) + rows.filter(isTrouble).length
}

function isWell({ state, kubelet }: NodeStatus): boolean {
  return state === 'running' && kubelet === 'running'
}

function textOf({ name }: NodeStatus, { file, pod }: BoardRow): string {
  const status = pod === undefined ? '' : summarizePod(pod, 0).status
  return [name, file?.name, file?.kind, pod?.metadata.namespace, pod?.metadata.name, status].join(' ').toLowerCase()
}
