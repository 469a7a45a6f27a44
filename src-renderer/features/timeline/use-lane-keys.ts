/** The timeline by keyboard: lanes up and down, time left and right, entries one by one, each spoken. */
import { computed, ref, shallowRef, type ComputedRef, type Ref } from 'vue'
import { useI18n } from 'vue-i18n'
import type { TimelineEntry } from '@common/lab/timeline-entry.ts'
import { entriesOfRow, type LaneHit } from '../../model/lane-hit.ts'
import type { LaneRow } from '../../model/lane-rows.ts'
import { spanOf } from '../../model/time-range.ts'
import { useTimelinePageStore } from '../../stores/timeline-page-store.ts'
import type { LaneRows } from './use-lane-rows.ts'
import type { LaneTexts } from './use-lane-texts.ts'
import type { TimeRangeControl } from './use-time-range.ts'

const PAN_PART = 0.15
const ZOOM_STEP = 0.7
const PAGE_LANES = 10

export interface LaneKeysOptions {
  rows(): readonly LaneRow[]
  source(): LaneRows
  time(): TimeRangeControl
  texts: LaneTexts
  speak(hit: LaneHit): string
  /** Scrolls so that it can be seen. */
  reveal(row: LaneRow): void
  open(row: LaneRow): void
}

export interface LaneKeys {
  activeKey: Readonly<Ref<string | undefined>>
  /** Of the entry that the keys are at. */
  activeTimeMs: ComputedRef<number | undefined>
  hasFocus: Readonly<Ref<boolean>>
  /** For screen readers. */
  said: Readonly<Ref<string>>
  enter(row: LaneRow): void
  onFocus(): void
  onBlur(): void
  onKeydown(event: KeyboardEvent): void
}

/** One that a lane's keys go through: an entry, or in the lane of actions an action. */
type Stop = { timeMs: number; hit: LaneHit }

export function useLaneKeys(options: LaneKeysOptions): LaneKeys {
  const { t } = useI18n()
  const page = useTimelinePageStore()
  const activeKey = ref<string>()
  const stop = shallowRef<Stop>()
  const hasFocus = ref(false)
  const said = ref('')

  function activeIndex(): number {
    return options.rows().findIndex(({ key }) => key === activeKey.value)
  }

  function activeRow(): LaneRow | undefined {
    return options.rows()[activeIndex()]
  }

  function enter(row: LaneRow): void {
    if (row.key !== activeKey.value) stop.value = undefined
    activeKey.value = row.key
  }

  function moveTo(index: number): void {
    const rows = options.rows()
    const row = rows[Math.min(rows.length - 1, Math.max(0, index))]
    if (row === undefined) return
    enter(row)
    options.reveal(row)
    sayRow(row)
  }

  function sayRow(row: LaneRow): void {
    const count = stopsOf(row).length
    const open = 'isOpen' in row ? [t(row.isOpen ? 'timeline.unfolded' : 'timeline.folded')] : []
    said.value = [
      t(`timeline.lane.${row.kind}`, { name: options.texts.nameRow(row) }),
      ...(row.kind === 'pod' || row.kind === 'container' ? [row.lane.node, stateNow(row)] : []),
      t('timeline.count', count),
      ...open,
    ].join(', ')
  }

  function stateNow(row: LaneRow & { kind: 'pod' | 'container' }): string {
    if (row.lane.goneMs !== undefined) return t('timeline.gone')
    const segments =
      row.kind === 'pod'
        ? row.lane.segments
        : row.lane.containerSegments.filter(({ container }) => container === row.container)
    const last = segments.at(-1)
    return last === undefined ? t('timeline.state.waiting') : options.texts.stateOf(last)
  }

  function stopsOf(row: LaneRow): Stop[] {
    const { entryMatches, actions } = options.source()
    if (row.kind === 'actions')
      return actions.value.map((action) => ({ timeMs: Date.parse(action.time), hit: { kind: 'action', action } }))
    return entriesOfRow(row)
      .filter(entryMatches.value)
      .map((entry: TimelineEntry) => ({ timeMs: Date.parse(entry.time), hit: { kind: 'entry', entry } }))
  }

  function step(direction: 1 | -1): void {
    const row = activeRow() ?? options.rows()[0]
    if (row === undefined) return
    enter(row)
    const stops = stopsOf(row)
    const at = stops.findIndex(({ hit }) => isSame(hit, stop.value?.hit))
    const fromEdge = direction === 1 ? 0 : stops.length - 1
    const next = stops[at === -1 ? fromEdge : at + direction]
    if (next === undefined) {
      said.value = t(direction === 1 ? 'timeline.noLater' : 'timeline.noEarlier')
      return
    }
    stop.value = next
    options.time().reveal(next.timeMs)
    options.reveal(row)
    said.value = options.speak(next.hit)
  }

  function toggle(): void {
    const row = activeRow()
    if (row?.kind === 'node') page.toggleNode(row.lane.node)
    else if (row?.kind === 'pod') page.togglePod(row.key)
    const after = activeRow()
    if (after !== undefined) sayRow(after)
  }

  function openRow(): void {
    const row = activeRow()
    if (row !== undefined) options.open(row)
  }

  /** By key, as `event.key` has it; with Shift where it says so. */
  function actFor(key: string, hasShift: boolean): (() => void) | undefined {
    const time = options.time()
    const partMs = spanOf(time.range.value) * PAN_PART
    if (hasShift && key === 'ArrowRight') return () => step(1)
    if (hasShift && key === 'ArrowLeft') return () => step(-1)
    const acts: Readonly<Record<string, () => void>> = {
      ArrowLeft: () => time.pan(-partMs),
      ArrowRight: () => time.pan(partMs),
      ArrowUp: () => moveTo(activeIndex() - 1),
      ArrowDown: () => moveTo(activeIndex() + 1),
      PageUp: () => moveTo(activeIndex() - PAGE_LANES),
      PageDown: () => moveTo(activeIndex() + PAGE_LANES),
      Home: () => time.toStart(),
      End: () => time.follow(),
      '+': () => time.zoom(ZOOM_STEP, stop.value?.timeMs),
      '=': () => time.zoom(ZOOM_STEP, stop.value?.timeMs),
      '-': () => time.zoom(1 / ZOOM_STEP, stop.value?.timeMs),
      _: () => time.zoom(1 / ZOOM_STEP, stop.value?.timeMs),
      '0': () => time.showAll(),
      ' ': toggle,
      Enter: openRow,
    }
    return acts[key]
  }

  function onKeydown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const act = actFor(event.key, event.shiftKey)
    if (act === undefined) return
    event.preventDefault()
    act()
  }

  return {
    activeKey,
    activeTimeMs: computed(() => stop.value?.timeMs),
    hasFocus,
    said,
    enter,
    onFocus() {
      hasFocus.value = true
      if (activeRow() === undefined) moveTo(0)
    },
    onBlur: () => (hasFocus.value = false),
    onKeydown,
  }
}

function isSame(one: LaneHit, other: LaneHit | undefined): boolean {
  if (one.kind === 'entry' && other?.kind === 'entry') return one.entry === other.entry
  return one.kind === 'action' && other?.kind === 'action' && one.action.id === other.action.id
}
