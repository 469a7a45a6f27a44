/** A pod's state in plain words of the user's language, with its countdown. */
import { computed, type ComputedRef, type Ref } from 'vue'
import { useI18n } from 'vue-i18n'
import type { Pod } from '@common/api/core.ts'
import type { ContainerStateTerminated } from '@common/api/pod-status.ts'
import { summarizePod, type PodSummary } from '@common/lab/pod-summary.ts'
import type { TimelineEntry } from '@common/lab/timeline-entry.ts'
import { computeWaits, type BackOffWait } from '../model/back-off.ts'
import { isExplainedStatus, isRejected, toneOf, type StateTone } from '../model/pod-health.ts'
import { useDuration } from './use-duration.ts'
import { useNow } from './use-now.ts'

export interface PodText {
  summary: ComputedRef<PodSummary>
  tone: ComputedRef<StateTone>
  explanation: ComputedRef<string>
  /** Message of the first container that waits with one, in the kubelet's words. */
  message: ComputedRef<string>
  backOff: ComputedRef<BackOffWait | undefined>
  /** Whole seconds until the next try. */
  countdown: ComputedRef<number | undefined>
  /** Part of the wait that is left, 0 to 1. */
  remaining: ComputedRef<number>
  lastExit: ComputedRef<string>
}

export function usePodText(pod: Readonly<Ref<Pod>>, entries: Readonly<Ref<readonly TimelineEntry[]>>): PodText {
  const now = useNow()
  const duration = useDuration()
  const { t } = useI18n()

  // AGE and `(5s ago)`, which the moment is for, are shown by clocks of their own.
  const summary = computed(() => summarizePod(pod.value, 0))
  const isReady = computed(() => summary.value.readyContainers === summary.value.totalContainers)
  const tone = computed(() => toneOf(summary.value.status, isReady.value))
  const backOff = computed(() => computeWaits(pod.value, summary.value.backOffs, entries.value)[0])
  const countdown = computed(() => (backOff.value === undefined ? undefined : secondsLeft(backOff.value, now.value)))
  const remaining = computed(() =>
    backOff.value === undefined ? 1 : (backOff.value.until - now.value) / (backOff.value.delaySeconds * 1000),
  )

  const explanation = computed(() => {
    if (isRejected(pod.value)) return t('pod.explain.Rejected')
    const { status } = summary.value
    if (status.startsWith('Init:') && /^Init:\d/.test(status)) return t('pod.explain.Init')
    const word = status.startsWith('Init:') ? status.slice('Init:'.length) : status
    if (word === 'Running' && !isReady.value) return t('pod.explain.NotReady')
    if (word === 'CrashLoopBackOff') {
      return backOff.value === undefined
        ? t('pod.explain.CrashLoopBackOffPlain')
        : t('pod.explain.CrashLoopBackOff', { delay: duration(backOff.value.delaySeconds * 1000) })
    }
    const policy = pod.value.spec.restartPolicy ?? 'Always'
    if (word === 'Error' && policy === 'Never') return t('pod.explain.ErrorStays')
    if (isExplainedStatus(word)) return t(`pod.explain.${word}`, { policy })
    return t(tone.value === 'waiting' ? 'pod.explain.waiting' : 'pod.explain.failed')
  })

  const containers = computed(() => [
    ...(pod.value.status?.initContainerStatuses ?? []),
    ...(pod.value.status?.containerStatuses ?? []),
  ])
  const message = computed(
    () =>
      containers.value.map(({ state }) => state.waiting?.message ?? state.terminated?.message).find(Boolean) ??
      pod.value.status?.message ??
      '',
  )

  const lastExit = computed(() => {
    const ended = containers.value
      .flatMap(({ state, lastState }) => [state.terminated, lastState.terminated])
      .filter((exit) => exit?.finishedAt !== undefined)
      .toSorted((left, right) => Date.parse(right?.finishedAt ?? '') - Date.parse(left?.finishedAt ?? ''))[0]
    return ended === undefined ? '' : describeExit(ended)
  })

  function describeExit({ exitCode, reason, finishedAt = '' }: ContainerStateTerminated): string {
    const time = duration(now.value - Date.parse(finishedAt))
    const signal = SIGNALS[exitCode]
    if (signal !== undefined && reason !== 'OOMKilled') return t('pod.lastExitSignal', { signal, code: exitCode, time })
    return t('pod.lastExit', { code: exitCode, reason: reason ?? '?', time })
  }

  return { summary, tone, explanation, message, backOff, countdown, remaining, lastExit }
}

/** Exit codes that a shell gives to what a signal ended: 128 plus its number. */
const SIGNALS: Record<number, string> = {
  130: 'SIGINT',
  134: 'SIGABRT',
  137: 'SIGKILL',
  139: 'SIGSEGV',
  143: 'SIGTERM',
}

/** Whole seconds; never more than the whole wait, although the window's clock beats twice a second only. */
function secondsLeft({ until, delaySeconds }: BackOffWait, now: number): number {
  return Math.min(delaySeconds, Math.max(0, Math.ceil((until - now) / 1000)))
}
