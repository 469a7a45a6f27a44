/** What must not have been the case at any moment of a history, whatever happened in it. */
import type { ApiObject } from '../../src-main/common/api/api-object.ts'
import type { DaemonSet } from '../../src-main/common/api/daemon-set.ts'
import type { Node } from '../../src-main/common/api/node.ts'
import type { Change, ObservedHistory } from './observed-history.ts'
import { PastVersions } from './past-versions.ts'
import { mayBeGiven, podsOn } from './placement-rules.ts'
import { allowsSurge, isLive, isReady, isUpToDate, ownerUid, placeOf, type LivePod } from './workload-objects.ts'

/** @returns a sentence for each; none when all is well */
export function findViolations({ changes, deletedByController, deletedByPeople }: ObservedHistory): string[] {
  const replay = new Replay(new Set([...deletedByController].filter((uid) => !deletedByPeople.has(uid))))
  for (const change of changes) replay.take(change)
  return replay.violations
}

class Replay {
  readonly violations: string[] = []
  readonly #deletedByController: ReadonlySet<string>
  readonly #nodes = new Map<string, PastVersions<Node>>()
  readonly #sets = new Map<string, PastVersions<DaemonSet>>()
  readonly #pods = new Map<string, LivePod>()
  /** By uid, of those that work. */
  readonly #readySinceMs = new Map<string, number>()
  /** By DaemonSet: nodes whose working pod an update took away, until a pod works there again. */
  readonly #awaiting = new Map<string, Set<string>>()

  constructor(deletedByController: ReadonlySet<string>) {
    this.#deletedByController = deletedByController
  }

  take(change: Change): void {
    const { kind, type, atMs, object } = change
    const present = type === 'DELETED' ? undefined : object
    if (kind === 'nodes') return pastOf(this.#nodes, object.metadata.name).become(present as Node | undefined, atMs)
    const known = present as ApiObject | undefined as DaemonSet | undefined
    if (kind === 'daemonsets') return pastOf(this.#sets, object.metadata.uid).become(known, atMs)
    this.#takePod(change, object as ApiObject as LivePod)
  }

  #takePod(change: Change, pod: LivePod): void {
    const { uid = '' } = pod.metadata
    const before = this.#pods.get(uid)
    if (change.type === 'DELETED') this.#pods.delete(uid)
    else this.#pods.set(uid, pod)
    if (isReady(pod) && (before === undefined || !isReady(before))) this.#readySinceMs.set(uid, change.atMs)
    if (before?.spec.nodeName === undefined && pod.spec.nodeName !== undefined) this.#checkNode(change, pod)
    const sets = this.#sets.get(ownerUid(pod) ?? '')?.since(change.knownSinceMs) ?? []
    if (sets.length === 0) return
    if (change.type === 'ADDED') this.#checkPlace(change, pod, sets)
    this.#checkCount(change, pod, sets)
    this.#checkUpdate(change, before, pod, sets)
  }

  #checkNode({ knownSinceMs, atMs }: Change, pod: LivePod): void {
    const nodes = this.#nodes.get(pod.spec.nodeName ?? '')?.since(knownSinceMs) ?? []
    if (!nodes.some((node) => mayBeGiven(pod, node)))
      this.#say(atMs, `${nameOf(pod)} was bound to ${pod.spec.nodeName}, which it must not run on`)
  }

  #checkPlace({ knownSinceMs, atMs }: Change, pod: LivePod, sets: readonly DaemonSet[]): void {
    const nodes = this.#nodes.get(placeOf(pod))?.since(knownSinceMs) ?? []
    if (!nodes.some((node) => sets.some((set) => podsOn(set, node) === 'one')))
      this.#say(atMs, `${nameOf(pod)} was made for ${placeOf(pod)}, which must not get one`)
  }

  #checkCount({ atMs }: Change, pod: LivePod, sets: readonly DaemonSet[]): void {
    if (!isLive(pod)) return
    const [owner, place] = [ownerUid(pod), placeOf(pod)]
    const live = [...this.#pods.values()].filter(
      (each) => ownerUid(each) === owner && placeOf(each) === place && isLive(each),
    )
    if (live.length > (sets.some(allowsSurge) ? 2 : 1))
      this.#say(atMs, `${live.length} live pods on ${place}: ${live.map(nameOf).join(', ')}`)
  }

  #checkUpdate(
    { atMs, knownSinceMs }: Change,
    before: LivePod | undefined,
    pod: LivePod,
    sets: readonly DaemonSet[],
  ): void {
    const uid = ownerUid(pod) ?? ''
    const awaiting = this.#awaiting.get(uid) ?? new Set<string>()
    this.#awaiting.set(uid, awaiting)
    const [place, present] = [placeOf(pod), this.#sets.get(uid)?.present]
    const wanted = present === undefined ? [] : this.#wantedNodes(present)
    for (const node of awaiting) if (!wanted.includes(node)) awaiting.delete(node)
    if (isReady(pod)) awaiting.delete(place)
    const isTaken =
      before !== undefined && isReady(before) && !isReady(pod) && pod.metadata.deletionTimestamp !== undefined
    const isByController = this.#deletedByController.has(pod.metadata.uid ?? '')
    if (!isTaken || !isByController || present === undefined || !wanted.includes(place)) return
    // It was there too much, or in the wrong place a moment ago: that is no update.
    // What is not known to work may go at any time.
    const isKnownToWork = (this.#readySinceMs.get(pod.metadata.uid ?? '') ?? Infinity) < knownSinceMs
    const isOld = sets.some((set) => !isUpToDate(pod, set))
    const isUpdate = isKnownToWork && isOld && this.#wasWantedAllTheTime(place, sets, atMs)
    if (!isUpdate || sets.some(allowsSurge)) return
    awaiting.add(place)
    const limit = Math.max(...sets.map((set) => limitOf(set, this.#nodes.size)))
    if (awaiting.size > limit)
      this.#say(
        atMs,
        `${nameOf(pod)} was taken away, which makes ${awaiting.size} nodes without: ${[...awaiting].join(', ')}`,
      )
  }

  #wantedNodes(set: DaemonSet): string[] {
    return [...this.#nodes].flatMap(([name, { present }]) =>
      present !== undefined && podsOn(set, present) === 'one' ? [name] : [],
    )
  }

  #wasWantedAllTheTime(place: string, sets: readonly DaemonSet[], atMs: number): boolean {
    const nodes = this.#nodes.get(place)?.since(atMs - 100_000) ?? []
    return nodes.every((node) => sets.every((set) => podsOn(set, node) === 'one'))
  }

  #say(atMs: number, what: string): void {
    this.violations.push(`at ${new Date(atMs).toISOString().slice(11, 23)}: ${what}`)
  }
}

function pastOf<Kind>(all: Map<string, PastVersions<Kind>>, key = ''): PastVersions<Kind> {
  const past = all.get(key) ?? new PastVersions<Kind>()
  all.set(key, past)
  return past
}

/** Of pods that may be away at a time. `nodes`: all that there ever were. */
function limitOf({ spec }: DaemonSet, nodes: number): number {
  const { type, rollingUpdate } = spec.updateStrategy ?? {}
  if (type === 'OnDelete') return 0
  const { maxUnavailable = 1 } = rollingUpdate ?? {}
  return typeof maxUnavailable === 'number'
    ? maxUnavailable
    : Math.ceil((Number.parseInt(maxUnavailable) * nodes) / 100)
}

function nameOf({ metadata }: LivePod): string {
  return metadata.name ?? ''
}
