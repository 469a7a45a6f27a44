/**
 * Rows that are drawn once and moved: on a board with thousands of rows, what is scrolled out of sight becomes what comes into it.
 * A row has some twenty components; to fill them with other words costs a fraction of building them.
 */
import { inject, provide, shallowReactive, type InjectionKey } from 'vue'
import type { TimelineEntry } from '@common/lab/timeline-entry.ts'
import type { BoardRow } from '../model/board-rows.ts'

/** Rows of one node that are drawn together. */
export interface ChunkRowsProps {
  rows: readonly BoardRow[]
  lab: string
  node: string
  entries: readonly TimelineEntry[]
  selectedKey: string | undefined
  tabStopKey: string | undefined
  isNodeRunning: boolean
  /** Only drawn near the screen. */
  isLazy: boolean
}

/** A part of a column that wants its rows drawn, and in which element. */
export interface RowPlace {
  element: HTMLElement
  rows: Readonly<ChunkRowsProps>
  onFocus(key: string): void
  /** Its rows are wanted elsewhere and leave in this flush. */
  onTaken(): void
}

export interface RowSlot {
  readonly id: number
  /** Where its rows are now. */
  place: RowPlace
}

export class RowPool {
  readonly slots: RowSlot[] = shallowReactive([])
  private readonly slotOf = new Map<RowPlace, RowSlot>()
  /** Those that nobody sees, longest ago first. They stay where they are until they are needed. */
  private readonly idle = new Set<RowSlot>()
  private lastId = 0

  /** Draws the rows of a place. */
  show(place: RowPlace): void {
    const own = this.slotOf.get(place)
    if (own !== undefined) return void this.idle.delete(own)
    const free = [...this.idle].find(({ place: { element } }) => !isInUse(element))
    if (free === undefined) {
      const slot = shallowReactive({ id: (this.lastId += 1), place })
      this.slotOf.set(place, slot)
      this.slots.push(slot)
      return
    }
    this.idle.delete(free)
    this.slotOf.delete(free.place)
    free.place.onTaken()
    free.place = place
    this.slotOf.set(place, free)
  }

  /** Nobody sees the place now. */
  hide(place: RowPlace): void {
    const slot = this.slotOf.get(place)
    if (slot !== undefined) this.idle.add(slot)
  }

  /** The place itself is going. */
  remove(place: RowPlace): void {
    const slot = this.slotOf.get(place)
    if (slot === undefined) return
    this.slotOf.delete(place)
    this.idle.delete(slot)
    this.slots.splice(this.slots.indexOf(slot), 1)
  }
}

/** What has the focus, or hangs at the pointer, stays what it is. */
function isInUse(element: HTMLElement): boolean {
  return element.querySelector(':focus, :active, [aria-expanded="true"]') !== null
}

const POOL: InjectionKey<RowPool> = Symbol('rows of the board')

/** For all columns below the calling component. */
export function provideRowPool(): RowPool {
  const pool = new RowPool()
  provide(POOL, pool)
  return pool
}

export function useRowPool(): RowPool {
  const pool = inject(POOL)
  if (pool === undefined) throw new Error('no board above provides a pool of rows')
  return pool
}
