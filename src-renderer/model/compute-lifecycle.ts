/**
 * A pod's life as stretches of time: one list for its phases, one for each container. Read from the kubelet's timeline, and
 * from the pod's status where the timeline does not reach (it came late, or was cut). Pure; times are milliseconds since 1970.
 */
import type { Container, Pod } from '@common/api/core.ts'
import { isSidecar } from '@common/api/pod-helpers.ts'
import type { TimelineEntry } from '@common/lab/timeline-entry.ts'
import { observePresent } from './observe-present.ts'

/** What the picture of the state machine shows above: a pod's phases. */
export const PHASES = ['Pending', 'Running', 'Succeeded', 'Failed'] as const
export type PhaseStage = (typeof PHASES)[number]
/** And below: `back-off` is a `waiting` with an end. */
export const CONTAINER_STAGES = ['waiting', 'running', 'terminated', 'back-off'] as const
export type ContainerStage = (typeof CONTAINER_STAGES)[number]

/** A time during which one thing was so. */
export interface Stretch<Stage extends string = string> {
  stage: Stage
  from: number
  /** Absent: it is still so. */
  until?: number
  /** In Kubernetes' words, such as `ErrImagePull`. */
  reason: string
  /** Of the pod that it belongs to: an edited manifest makes another one of the same name. */
  uid: string
  /** What began it, where the timeline tells. */
  entry?: TimelineEntry
  /** Of `terminated`. */
  exitCode?: number
  /** Of `back-off`: when the next try is due, and how long the whole wait is. */
  dueAt?: number
  delaySeconds?: number
}

export type ContainerKind = 'init' | 'sidecar' | 'app'

export interface ContainerLife {
  name: string
  kind: ContainerKind
  stretches: Stretch<ContainerStage>[]
}

export interface Lifecycle {
  phases: Stretch<PhaseStage>[]
  /** In the order in which they start; those of earlier versions of the manifest last. */
  containers: ContainerLife[]
}

/**
 * @param entries of the pod's node, oldest first: those of the pod, and the kubelet's own (which tell a new boot)
 * @param pod as its kubelet knows it; absent when it is gone
 */
export function computeLifecycle(entries: readonly TimelineEntry[], pod?: Pod): Lifecycle {
  const reading = new LifeReading()
  for (const entry of entries) reading.read(entry)
  return reading.finish(pod)
}

class LifeReading {
  readonly #phases: Stretch<PhaseStage>[] = []
  readonly #containers = new Map<string, Stretch<ContainerStage>[]>()
  readonly #added = new Map<string, TimelineEntry>()
  #last: { boot: string; time: number } | undefined

  read(entry: TimelineEntry): void {
    const time = Date.parse(entry.time)
    if (Number.isNaN(time)) return
    // A node that starts anew has lost what ran on it; the last word of the boot before is when that was seen last.
    if (this.#last !== undefined && this.#last.boot !== entry.boot) this.#endAll(this.#last.time)
    this.#last = { boot: entry.boot, time }
    if (entry.pod === undefined) return
    if (entry.container === undefined) this.#readPod(entry, time, entry.pod.uid)
    else this.#readContainer(entry, time, entry.pod.uid, entry.container)
  }

  finish(pod: Pod | undefined): Lifecycle {
    if (pod !== undefined) this.#addPresent(pod)
    const specs = pod === undefined ? [] : containersOf(pod)
    const known = new Map(specs.map(({ container, kind }) => [container.name, kind]))
    const names = [...known.keys(), ...[...this.#containers.keys()].filter((name) => !known.has(name))]
    return {
      phases: this.#phases,
      containers: names.map((name) => ({
        name,
        kind: known.get(name) ?? 'app',
        stretches: this.#containers.get(name) ?? [],
      })),
    }
  }

  #readPod(entry: TimelineEntry, time: number, uid: string): void {
    switch (entry.reason) {
      case 'PodAdded':
        this.#added.set(uid, entry)
        return
      case 'PhaseChanged': {
        const stage = PHASES.find((phase) => phase === entry.details?.['phase'])
        if (stage !== undefined) this.#begin(this.#phases, { stage, from: time, reason: stage, uid, entry })
        return
      }
      case 'PodGone':
        for (const list of [this.#phases, ...this.#containers.values()]) {
          const open = list.at(-1)
          if (open?.uid === uid) open.until ??= time
        }
    }
  }

  #readContainer(entry: TimelineEntry, time: number, uid: string, name: string): void {
    const list = this.#listOf(name)
    const present = list.at(-1)
    const isKnown = present !== undefined && present.uid === uid && present.until === undefined
    if (!isKnown) this.#beginWaiting(list, uid, time, entry)
    const next = readStage(entry, isKnown ? present.stage : 'waiting')
    if (next !== undefined) this.#begin(list, { ...next, from: time, uid, entry })
  }

  /** A container waits from the moment in which its pod was taken up, though the first word about it comes later. */
  #beginWaiting(list: Stretch<ContainerStage>[], uid: string, time: number, entry: TimelineEntry): void {
    const added = this.#added.get(uid)
    const began = added === undefined ? entry : added
    const before = list.at(-1)
    const from = Math.max(Math.min(Date.parse(began.time), time), before?.until ?? 0)
    this.#begin(list, { stage: 'waiting', from, reason: 'ContainerCreating', uid, entry: began })
  }

  #begin<Stage extends string>(list: Stretch<Stage>[], next: Stretch<Stage>): void {
    const open = list.at(-1)
    if (open !== undefined) open.until ??= next.from
    list.push(next)
  }

  #endAll(time: number): void {
    for (const list of [this.#phases, ...this.#containers.values()]) {
      const open = list.at(-1)
      if (open !== undefined) open.until ??= Math.max(open.from, time)
    }
  }

  #addPresent(pod: Pod): void {
    const uid = pod.metadata.uid ?? ''
    const added = this.#added.get(uid)
    const startTime = Date.parse(added?.time ?? pod.status?.startTime ?? '')
    const phase = PHASES.find((one) => one === pod.status?.phase)
    const open = this.#phases.at(-1)
    if (phase !== undefined && (open?.stage !== phase || open.uid !== uid || open.until !== undefined)) {
      const from = open === undefined ? startTime : Math.max(startTime || 0, open.until ?? open.from)
      if (!Number.isNaN(from)) this.#begin(this.#phases, { stage: phase, from, reason: phase, uid })
    }
    const statuses = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])]
    for (const { container } of containersOf(pod)) {
      const list = this.#listOf(container.name)
      const status = statuses.find(({ name }) => name === container.name)
      for (const stretch of observePresent(list.at(-1), status, uid, startTime)) this.#begin(list, stretch)
    }
  }

  #listOf(name: string): Stretch<ContainerStage>[] {
    const list = this.#containers.get(name) ?? []
    this.#containers.set(name, list)
    return list
  }
}

type NextStage = Omit<Stretch<ContainerStage>, 'from' | 'uid' | 'entry' | 'until'>

/** What an entry makes of a container in `stage`; `undefined`: nothing. */
function readStage({ reason, message, details, subject }: TimelineEntry, stage: ContainerStage): NextStage | undefined {
  switch (reason) {
    case 'Started':
      return { stage: 'running', reason: 'Running' }
    case 'ContainerDied': {
      const exitCode = Number(details?.['exitCode'] ?? Number.NaN)
      const said = details?.['terminationReason']
      const word = typeof said === 'string' ? said : exitCode === 0 ? 'Completed' : 'Error'
      return { stage: 'terminated', reason: word, ...(Number.isFinite(exitCode) && { exitCode }) }
    }
    case 'BackOff': {
      const dueAt = Date.parse(String(details?.['until'] ?? ''))
      const delaySeconds = Number(details?.['delaySeconds'] ?? Number.NaN)
      const word = subject === 'image' ? 'ImagePullBackOff' : 'CrashLoopBackOff'
      return {
        stage: 'back-off',
        reason: word,
        ...(Number.isFinite(dueAt) && { dueAt }),
        ...(Number.isFinite(delaySeconds) && { delaySeconds }),
      }
    }
    case 'Pulling':
      return stage === 'back-off' ? { stage: 'waiting', reason: 'Pulling' } : undefined
    case 'Failed': {
      // A kubelet's sentence "Error: ErrImagePull" carries the waiting reason; the back-off has an entry of its own.
      const word = /^Error: (\w+)/.exec(message)?.[1]
      const isNews = subject === 'container' && word !== undefined && !word.endsWith('BackOff')
      return isNews ? { stage: 'waiting', reason: word } : undefined
    }
    default:
      return undefined
  }
}

/** Init containers (sidecars among them) come first, as they start. */
export function containersOf(pod: Pod): { container: Container; kind: ContainerKind }[] {
  return [
    ...(pod.spec.initContainers ?? []).map((container) => ({
      container,
      kind: isSidecar(container) ? ('sidecar' as const) : ('init' as const),
    })),
    ...pod.spec.containers.map((container) => ({ container, kind: 'app' as const })),
  ]
}
