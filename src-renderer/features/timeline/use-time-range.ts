/** Which stretch of time the picture shows: a fixed one, the last minutes before now, or all there is. */
import { computed, ref, type ComputedRef, type Ref } from 'vue'
import { fitRange, panBy, rangeUntil, showMoment, spanOf, zoomAround, type TimeRange } from '../../model/time-range.ts'

type Mode = { kind: 'all' } | { kind: 'follow'; spanMs: number } | { kind: 'fixed'; range: TimeRange }

/** Of a lab in which nothing has happened. */
const EMPTY_SPAN_MS = 60_000
/** A longer history is not shown all at once unasked. */
const FIRST_SPAN_MS = 3_600_000

export interface TimeRangeControl {
  range: ComputedRef<TimeRange>
  mode: ComputedRef<Mode['kind']>
  /** Of the last stretch, when that is shown. */
  followedMs: ComputedRef<number | undefined>
  /** @param anchorMs stays in its place; without one, the edge of now when that is followed, else the middle */
  zoom(factor: number, anchorMs?: number): void
  pan(deltaMs: number): void
  show(range: TimeRange): void
  showAll(): void
  /** @param spanMs as long as now when absent */
  follow(spanMs?: number): void
  toStart(): void
  reveal(timeMs: number): void
}

/** @param startMs of the oldest entry */
export function useTimeRange(startMs: () => number | undefined, nowMs: Readonly<Ref<number>>): TimeRangeControl {
  const mode = ref<Mode | undefined>()
  const oldestMs = computed(() => startMs() ?? nowMs.value - EMPTY_SPAN_MS)

  const effective = computed((): Mode => {
    if (mode.value !== undefined) return mode.value
    const isLong = nowMs.value - oldestMs.value > FIRST_SPAN_MS
    return isLong ? { kind: 'follow', spanMs: FIRST_SPAN_MS } : { kind: 'all' }
  })

  const range = computed((): TimeRange => {
    const { value } = effective
    if (value.kind === 'fixed') return value.range
    if (value.kind === 'follow') return rangeUntil(nowMs.value, value.spanMs)
    return fitRange(Math.min(oldestMs.value, nowMs.value - 1_000), nowMs.value)
  })

  function show(next: TimeRange): void {
    mode.value = { kind: 'fixed', range: next }
  }

  function follow(spanMs = spanOf(range.value)): void {
    mode.value = { kind: 'follow', spanMs }
  }

  function zoom(factor: number, anchorMs?: number): void {
    const isFollowing = effective.value.kind !== 'fixed'
    const middleMs = (range.value.startMs + range.value.endMs) / 2
    const zoomed = zoomAround(range.value, factor, anchorMs ?? middleMs)
    if (isFollowing && anchorMs === undefined) follow(spanOf(zoomed))
    else show(zoomed)
  }

  return {
    range,
    mode: computed(() => effective.value.kind),
    followedMs: computed(() => (effective.value.kind === 'follow' ? effective.value.spanMs : undefined)),
    zoom,
    pan: (deltaMs) => show(panBy(range.value, deltaMs)),
    show,
    showAll: () => (mode.value = { kind: 'all' }),
    follow,
    toStart() {
      const span = spanOf(range.value)
      show({ startMs: oldestMs.value - span * 0.03, endMs: oldestMs.value + span * 0.97 })
    },
    reveal(timeMs) {
      const shown = showMoment(range.value, timeMs)
      if (shown !== range.value) show(shown)
    },
  }
}
