/** What is at a place of a lane, in words: for the card beside the pointer, for screen readers, and for the table. */
import { computed, type ComputedRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { repetitionMark, type TimelineCause, type TimelineEntry } from '@common/lab/timeline-entry.ts'
import type { UserAction } from '@common/lab/user-action.ts'
import { useDuration } from '../../composables/use-duration.ts'
import type { ContainerSegment } from '../../model/container-segments.ts'
import type { LaneHit } from '../../model/lane-hit.ts'
import type { LaneRow } from '../../model/lane-rows.ts'
import { useTimelinePageStore } from '../../stores/timeline-page-store.ts'

export interface LaneText {
  title: string
  /** Lane, container or file that it is about. */
  about: string
  /** Moment or stretch of time, in the chosen zone. */
  when: string
  /** How long ago it began. */
  ago: string
  howLong?: string
  cause?: string
  message?: string
}

export interface LaneTexts {
  timeZone: ComputedRef<string | undefined>
  zoneName: ComputedRef<string>
  formatTime(timeMs: number): string
  formatExit(exitCode: number): string
  describe(hit: LaneHit, nowMs: number): LaneText
  speak(hit: LaneHit, nowMs: number): string
  nameRow(row: LaneRow): string
  stateOf(segment: Pick<ContainerSegment, 'state' | 'reason'>): string
}

const CAUSES: readonly TimelineCause[] = [
  ...(['FileAdded', 'FileChanged', 'FileRemoved', 'ContainerExited', 'BackOffExpired'] as const),
  ...(['SandboxChanged', 'ProbeFailed', 'KubeletStarted', 'DeadlineExceeded'] as const),
]

export function useLaneTexts(): LaneTexts {
  const { t, locale } = useI18n()
  const page = useTimelinePageStore()
  const duration = useDuration()
  const timeZone = computed(() => (page.clock === 'utc' ? 'UTC' : undefined))
  const zoneName = computed(() =>
    page.clock === 'utc' ? 'UTC' : Intl.DateTimeFormat(locale.value).resolvedOptions().timeZone,
  )
  const time = computed(
    () =>
      new Intl.DateTimeFormat(locale.value, {
        ...{ month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit' },
        ...{ fractionalSecondDigits: 1, hourCycle: 'h23', timeZoneName: 'short' },
        ...(timeZone.value !== undefined && { timeZone: timeZone.value }),
      }),
  )
  const formatTime = (timeMs: number): string => (Number.isFinite(timeMs) ? time.value.format(timeMs) : '—')
  const formatExit = (exitCode: number): string => t('timeline.exit', { code: exitCode })
  const stateOf: LaneTexts['stateOf'] = ({ state, reason }) => {
    const word = t(`timeline.state.${state}`)
    return reason === undefined ? word : `${word} · ${reason}`
  }

  function causeOf(entry: TimelineEntry): { cause?: string } {
    const known = CAUSES.find((cause) => cause === entry.cause)
    return known === undefined ? {} : { cause: t(`timeline.cause.${known}`) }
  }

  function describeEntry(entry: TimelineEntry): Omit<LaneText, 'ago'> {
    const { pod, container, file, node } = entry
    return {
      title: [entry.reason, repetitionMark(entry)].filter((part) => part !== '').join(' '),
      about: [node, pod?.name ?? file, container].filter((part) => part !== undefined).join(' › '),
      when: formatTime(Date.parse(entry.time)),
      ...causeOf(entry),
      ...(entry.message !== '' && { message: entry.message }),
    }
  }

  function describeStretch(
    startMs: number,
    endMs: number | undefined,
    nowMs: number,
  ): Pick<LaneText, 'when' | 'howLong'> {
    const isOver = endMs !== undefined && Number.isFinite(startMs) && Number.isFinite(endMs)
    return {
      when: isOver
        ? time.value.formatRange(startMs, Math.max(startMs, endMs))
        : t('timeline.fromTo', { from: formatTime(startMs), to: t('timeline.untilNow') }),
      howLong: duration((endMs ?? nowMs) - startMs),
    }
  }

  function describeSegment(segment: ContainerSegment, nowMs: number): Omit<LaneText, 'ago'> {
    const { entry, exitCode, restartCount = 0, untilMs } = segment
    const parts = [
      ...(exitCode === undefined ? [] : [formatExit(exitCode)]),
      ...(restartCount === 0 ? [] : [t('pod.restarts', restartCount)]),
      ...(untilMs === undefined || untilMs <= nowMs || segment.endMs !== undefined
        ? []
        : [t('pod.nextTry', { time: duration(untilMs - nowMs) })]),
    ]
    return {
      title: [stateOf(segment), ...parts].join(' · '),
      about: [entry.node, entry.pod?.name, segment.container].filter((part) => part !== undefined).join(' › '),
      ...describeStretch(segment.startMs, segment.endMs, nowMs),
      ...causeOf(entry),
      ...(entry.message !== '' && { message: entry.message }),
    }
  }

  function describeAction(action: UserAction): Omit<LaneText, 'ago'> {
    const { node, file, pod, container, component } = action
    const about = [node, file, pod?.name, container, component].filter((part) => part !== undefined)
    return {
      title: t('timeline.youDid', { what: t(`timeline.action.${action.kind}`) }),
      about: about.length === 0 ? action.lab : about.join(' › '),
      when: formatTime(Date.parse(action.time)),
    }
  }

  function withoutAge(hit: LaneHit, nowMs: number): Omit<LaneText, 'ago'> {
    switch (hit.kind) {
      case 'entry':
        return describeEntry(hit.entry)
      case 'segment':
        return describeSegment(hit.segment, nowMs)
      case 'kubelet': {
        const { state, startMs, endMs, entry } = hit.segment
        const title = t(`timeline.kubelet.${state}`)
        return { title, about: entry.node, ...describeStretch(startMs, endMs, nowMs) }
      }
      case 'action':
        return describeAction(hit.action)
    }
  }

  const describe: LaneTexts['describe'] = (hit, nowMs) => ({
    ...withoutAge(hit, nowMs),
    ago: t('timeline.ago', { time: duration(nowMs - beginOf(hit)) }),
  })

  const speak: LaneTexts['speak'] = (hit, nowMs) => {
    const { title, about, when, howLong, cause, message } = describe(hit, nowMs)
    return [title, about, when, howLong, cause, message].filter((part) => part !== undefined).join('. ')
  }

  function nameRow(row: LaneRow): string {
    switch (row.kind) {
      case 'actions':
        return t('timeline.actions')
      case 'simulated':
        return t('timeline.simulated', row.count)
      case 'node':
        return row.lane.node
      case 'pod':
        return row.lane.name
      case 'container':
        return row.container
    }
  }

  return { timeZone, zoneName, formatTime, formatExit, describe, speak, nameRow, stateOf }
}

function beginOf(hit: LaneHit): number {
  switch (hit.kind) {
    case 'entry':
      return Date.parse(hit.entry.time)
    case 'segment':
    case 'kubelet':
      return hit.segment.startMs
    case 'action':
      return Date.parse(hit.action.time)
  }
}
