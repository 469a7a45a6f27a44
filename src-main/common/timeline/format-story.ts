/** Sentences of a story in English, for the command line. Pure. */
import { fillText } from '../doctor/doctor-findings.ts'
import type { StoryLine, StoryValues } from './compute-story.ts'
import { ACTION_WORDS, STORY_CAUSES, STORY_PARTS, STORY_SENTENCES } from './story-texts.ts'

/** Names of the signals that end containers, by number. */
const SIGNALS: Readonly<Record<number, string>> = {
  ...{ 1: 'SIGHUP', 2: 'SIGINT', 3: 'SIGQUIT', 4: 'SIGILL', 6: 'SIGABRT', 8: 'SIGFPE', 9: 'SIGKILL', 11: 'SIGSEGV' },
  ...{ 13: 'SIGPIPE', 14: 'SIGALRM', 15: 'SIGTERM' },
}

/** @param clockTime of an RFC 3339 moment, for the end of what is folded */
export function formatStoryLine(line: StoryLine, clockTime: (time: string) => string): string {
  const { sentence, values, fold, action } = line
  return fillText(STORY_SENTENCES[sentence], {
    ...textsOf(values),
    ...(fold !== undefined && {
      until: clockTime(fold.untilTime),
      first: fold.firstRestart,
      last: fold.lastRestart,
      apart: fillText(STORY_PARTS.apart, { duration: formatSpan(fold.everyMs) }),
    }),
    ...(action !== undefined && { action: ACTION_WORDS[action.kind], about: formatSubject(line) }),
  })
}

function textsOf(values: StoryValues): Record<string, string | number> {
  const { cause, exitCode, ranMs, delaySeconds, graceSeconds, count = 1, restart = 0, message = '', ...texts } = values
  return {
    ...withoutUndefined(texts),
    ...{ count, restart, message },
    because: cause === undefined ? '' : fillText(STORY_PARTS.because, { cause: STORY_CAUSES[cause] }),
    exit: exitCode === undefined ? '' : formatExit(exitCode, values),
    after: ranMs === undefined ? '' : fillText(STORY_PARTS.after, { duration: formatSpan(ranMs) }),
    delay: formatSpan((delaySeconds ?? 0) * 1000),
    grace: formatSpan((graceSeconds ?? 0) * 1000),
  }
}

function formatExit(code: number, { signal, terminationReason: reason }: StoryValues): string {
  const isTelling = reason !== undefined && reason !== 'Error' && reason !== 'Completed'
  if (isTelling) return fillText(STORY_PARTS.exitReason, { code, reason })
  // As shells have it: 128 and the number of the signal.
  const name = SIGNALS[signal ?? (code > 128 ? code - 128 : 0)]
  return fillText(name === undefined ? STORY_PARTS.exitCode : STORY_PARTS.exitSignal, { code, signal: name ?? '' })
}

function formatSubject({ values: { node, file, pod, container }, action }: StoryLine): string {
  const parts = [file ?? action?.component, pod, container].filter((part) => part !== undefined)
  const subject = [parts.join(' '), node].filter((part) => part !== undefined && part !== '').join(' on ')
  return subject === '' ? '' : fillText(STORY_PARTS.about, { subject })
}

/** `0.4 s`, `12 s`, `5 min`, `1 h 10 min`. */
export function formatSpan(spanMs: number): string {
  const seconds = spanMs / 1000
  if (seconds < 10) return `${Number(seconds.toFixed(1))} s`
  if (seconds < 99.5) return `${Math.round(seconds)} s`
  const minutes = Math.round(seconds / 60)
  if (minutes < 60) return `${minutes} min`
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60]
  return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`
}

function withoutUndefined<T extends object>(values: T): Record<string, string | number> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))
}
