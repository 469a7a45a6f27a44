/**
 * What happened, as a story: entries of kubelets that belong together become one sentence, with its cause; steps that say nothing
 * new are left out. Pure. Words are in story-texts.ts.
 */
import type { TimelineCause, TimelineEntry } from '../lab/timeline-entry.ts'
import type { UserAction } from '../lab/user-action.ts'
import { entryKey } from './order-entries.ts'
import type { StorySentence } from './story-texts.ts'

export type TimelineLine =
  | { kind: 'entry'; entry: TimelineEntry; at: string }
  | { kind: 'action'; action: UserAction; at: string }

export interface StoryValues {
  node?: string
  /** `namespace/name`. */
  pod?: string
  file?: string
  container?: string
  image?: string
  address?: string
  phase?: string
  message?: string
  reason?: string
  cause?: TimelineCause
  exitCode?: number
  /** Number of the signal that ended it. */
  signal?: number
  /** `OOMKilled`, `Error`, ...: of the container's end. */
  terminationReason?: string
  restart?: number
  delaySeconds?: number
  graceSeconds?: number
  /** How long the container had run. */
  ranMs?: number
  count?: number
}

/** One sentence. */
export interface StoryLine {
  /** Of the entry or the action that it begins with: the same however much is known. */
  id: string
  /** RFC 3339, by the clock of the node, or of this machine for an action. */
  time: string
  isWarning: boolean
  sentence: StorySentence
  values: StoryValues
  action?: UserAction
  /** What it tells about: sentences of one container that repeat themselves are folded. */
  subject: string
  /** Only of folded sentences. */
  fold?: { untilTime: string; firstRestart: number; lastRestart: number; everyMs: number }
}

/** @param lines in their order, of all that is to be told */
export function computeStory(lines: readonly TimelineLine[]): StoryLine[] {
  const story = new Story(lines)
  return lines.flatMap((line) => (line.kind === 'action' ? [tellAction(line.action)] : story.tell(line.entry)))
}

function tellAction(action: UserAction): StoryLine {
  const { id, time, node, file, pod, container } = action
  const values: StoryValues = {
    ...(node !== undefined && { node }),
    ...(file !== undefined && { file }),
    ...(pod !== undefined && { pod: `${pod.namespace}/${pod.name}` }),
    ...(container !== undefined && { container }),
  }
  return { id, time, isWarning: false, sentence: 'action', values, action, subject: '' }
}

/** Looks ahead: what ended a container is told with what the kubelet does about it. */
class Story {
  /** By pod, container and restart count. */
  readonly #ends = new Set<string>()
  readonly #waits = new Map<string, TimelineEntry>()
  readonly #starts = new Map<string, TimelineEntry>()
  readonly #pulled = new Set<string>()
  readonly #accepted = new Set<string>()
  /** The last failure of a probe in a row, by the container: earlier ones are in its count. */
  readonly #lastInRow = new Set<TimelineEntry>()
  readonly #boots = new Map<string, string>()

  constructor(lines: readonly TimelineLine[]) {
    const rows = new Map<string, TimelineEntry>()
    for (const line of lines) {
      if (line.kind === 'action') continue
      this.#index(line.entry, rows)
    }
    for (const entry of rows.values()) this.#lastInRow.add(entry)
  }

  #index(entry: TimelineEntry, rows: Map<string, TimelineEntry>): void {
    const key = lifeKey(entry)
    switch (entry.reason) {
      case 'ContainerDied':
        this.#ends.add(key)
        break
      case 'BackOff':
        if (!this.#waits.has(key)) this.#waits.set(key, entry)
        break
      case 'Started':
        this.#starts.set(key, entry)
        break
      case 'Pulled':
        this.#pulled.add(imageKey(entry))
        break
      case 'FileAccepted':
        this.#accepted.add(`${entry.node}/${entry.pod?.uid}`)
        break
    }
    const row = `${subjectOf(entry)}/${entry.message}`
    const before = rows.get(row)
    const isNext = entry.reason === 'Unhealthy' && numberOf(entry, 'count') !== undefined
    if (before !== undefined && !isNext) this.#lastInRow.add(before)
    if (entry.reason === 'Unhealthy') rows.set(row, entry)
  }

  /** Nothing, or one sentence; after the start of a node one more. */
  tell(entry: TimelineEntry): StoryLine[] {
    const { node, boot } = entry
    const before = this.#boots.get(node)
    this.#boots.set(node, boot)
    if (entry.reason === 'KubeletStarted')
      return [describe(entry, before === undefined || before === boot ? 'kubeletStarted' : 'nodeBooted')]
    const booted = before === undefined || before === boot ? [] : [describe(entry, 'nodeBooted', {}, node)]
    return [...booted, ...this.#tellOne(entry)]
  }

  #tellOne(entry: TimelineEntry): StoryLine[] {
    switch (entry.reason) {
      case 'KubeletStopping':
        return [describe(entry, 'kubeletStopping')]
      case 'FileAccepted':
        return [describe(entry, sentenceOfFile(entry.cause))]
      case 'FileRejected':
        return [describe(entry, 'fileRejected')]
      case 'FileGone':
        return [describe(entry, 'fileGone')]
      case 'PodAdded':
        return this.#accepted.has(`${entry.node}/${entry.pod?.uid}`) ? [] : [describe(entry, 'podAdded')]
      case 'PodRemoved':
        return [describe(entry, 'podRemoved')]
      case 'PodGone':
        return [describe(entry, 'podGone')]
      case 'PhaseChanged':
        return tellPhase(entry)
      case 'SandboxStarted':
        return [describe(entry, 'sandboxStarted', { address: textOf(entry, 'podIP') ?? '' })]
      case 'SandboxDied':
        return [describe(entry, 'sandboxDied')]
      case 'SandboxChanged':
        return [describe(entry, 'sandboxChanged')]
      case 'Pulling':
        return this.#pulled.has(imageKey(entry)) ? [] : [describe(entry, 'imagePulling')]
      case 'Unhealthy':
        return this.#lastInRow.has(entry) ? [tellProbe(entry)] : []
      case 'Killing':
        return [
          describe(entry, 'stopping', {
            ...causeOfEnd(entry),
            ...numbers(entry, { graceSeconds: 'gracePeriodSeconds' }),
          }),
        ]
      case 'Pulled':
      case 'Created':
      case 'ContainerRemoved':
        // What follows says it: the container is started, or why it is not.
        return []
      case 'Started':
        return this.#tellStart(entry)
      case 'ContainerDied':
        return [this.#tellEnd(entry)]
      case 'BackOff':
        return this.#tellWait(entry)
      default:
        return [describe(entry, 'other')]
    }
  }

  #tellStart(entry: TimelineEntry): StoryLine[] {
    const restart = numberOf(entry, 'restartCount') ?? 0
    if (restart === 0) return [describe(entry, 'started')]
    const before = lifeKey(entry, restart - 1)
    const isToldWithEnd = this.#ends.has(before) && !this.#waits.has(before)
    return isToldWithEnd ? [] : [describe(entry, 'startedAgain', { restart })]
  }

  #tellEnd(entry: TimelineEntry): StoryLine {
    const restarts = numberOf(entry, 'restartCount') ?? 0
    const started = this.#starts.get(lifeKey(entry))
    const terminationReason = textOf(entry, 'terminationReason')
    const values: StoryValues = {
      ...numbers(entry, { exitCode: 'exitCode', signal: 'signal' }),
      ...(terminationReason !== undefined && { terminationReason }),
      // A clock that was set back in between tells nothing.
      ...(started !== undefined && started.time <= entry.time && { ranMs: span(started, entry) }),
    }
    const wait = this.#waits.get(lifeKey(entry))
    const restart = restarts + 1
    if (wait !== undefined)
      return describe(entry, 'endedWaiting', { ...values, restart, ...numbers(wait, { delaySeconds: 'delaySeconds' }) })
    const isStartedAgain = this.#starts.has(lifeKey(entry, restart))
    return isStartedAgain ? describe(entry, 'endedAtOnce', { ...values, restart }) : describe(entry, 'ended', values)
  }

  #tellWait(entry: TimelineEntry): StoryLine[] {
    if (this.#ends.has(lifeKey(entry)) || this.#waits.get(lifeKey(entry)) !== entry) return []
    const restart = (numberOf(entry, 'restartCount') ?? 0) + 1
    return [describe(entry, 'waiting', { restart, ...numbers(entry, { delaySeconds: 'delaySeconds' }) })]
  }
}

function describe(
  entry: TimelineEntry,
  sentence: StorySentence,
  more: StoryValues = {},
  subject = subjectOf(entry),
): StoryLine {
  const { node, pod, file, container, cause, reason } = entry
  const image = textOf(entry, 'image')
  return {
    id: `${entryKey(entry)}/${sentence}`,
    time: entry.time,
    isWarning: entry.type === 'Warning',
    sentence,
    subject,
    values: {
      ...{ node, reason, message: entry.message.trim().replaceAll(/\s*\n\s*/g, ' ') },
      ...(pod !== undefined && { pod: `${pod.namespace}/${pod.name}` }),
      ...(file !== undefined && { file }),
      ...(container !== undefined && { container }),
      ...(image !== undefined && { image }),
      ...(cause !== undefined && { cause }),
      ...more,
    },
  }
}

/** Of a probe only the message tells (facts 3.4): `Container app failed liveness probe, will be restarted`. */
function causeOfEnd({ cause, message }: TimelineEntry): StoryValues {
  return cause === undefined && /failed \w+ probe/.test(message) ? { cause: 'ProbeFailed' } : {}
}

function sentenceOfFile(cause: TimelineCause | undefined): StorySentence {
  if (cause === 'FileAdded') return 'fileAdded'
  return cause === 'FileChanged' ? 'fileChanged' : 'fileFound'
}

/** That a pod is pending, and then running, its containers tell. */
function tellPhase(entry: TimelineEntry): StoryLine[] {
  const phase = textOf(entry, 'phase') ?? ''
  return phase === 'Pending' || phase === 'Running' ? [] : [describe(entry, 'phase', { phase })]
}

function tellProbe(entry: TimelineEntry): StoryLine {
  const count = numberOf(entry, 'count') ?? 1
  return describe(entry, count === 1 ? 'probeFailed' : 'probeFailedOften', { count })
}

function subjectOf({ node, pod, container }: TimelineEntry): string {
  return `${node}/${pod?.uid ?? ''}/${container ?? ''}`
}

/** One life of a container. */
function lifeKey(entry: TimelineEntry, restartCount = numberOf(entry, 'restartCount') ?? 0): string {
  return `${subjectOf(entry)}/${restartCount}`
}

function imageKey(entry: TimelineEntry): string {
  return `${subjectOf(entry)}/${textOf(entry, 'image') ?? ''}`
}

function span(from: TimelineEntry, to: TimelineEntry): number {
  return Date.parse(to.time) - Date.parse(from.time)
}

function numberOf({ details }: TimelineEntry, name: string): number | undefined {
  const value = details?.[name]
  return typeof value === 'number' ? value : undefined
}

function textOf({ details }: TimelineEntry, name: string): string | undefined {
  const value = details?.[name]
  return typeof value === 'string' ? value : undefined
}

/** Those of the details that are there, under their names in the story. */
function numbers(entry: TimelineEntry, names: Partial<Record<keyof StoryValues, string>>): StoryValues {
  const found = Object.entries(names).flatMap(([name, detail]) => {
    const value = numberOf(entry, detail)
    return value === undefined ? [] : [[name, value] as const]
  })
  return Object.fromEntries(found)
}
