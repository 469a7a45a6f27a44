/**
 * Timeline entries as lanes: one for each node's kubelet, one for each pod that ever was on it. Grows with what is added, so
 * that a new entry costs its own lane only. Pure but for the memory that it keeps.
 */
import type { TimelineEntry } from '@common/lab/timeline-entry.ts'
import { ContainerSegmentTracker, type ContainerSegment } from './container-segments.ts'
import { computePodSegments, type PodSegment } from './pod-segments.ts'
import { entryKey } from './timeline-fold.ts'

/** What the kubelet of a node was in; a kubelet that was killed says nothing of its end. */
export interface KubeletSegment {
  state: 'running' | 'stopped'
  startMs: number
  endMs?: number
  entry: TimelineEntry
}

export interface NodeLane {
  kind: 'node'
  key: string
  node: string
  /** About the kubelet and about files, oldest first. */
  entries: readonly TimelineEntry[]
  kubelet: readonly KubeletSegment[]
  startMs: number
}

export interface PodLane {
  kind: 'pod'
  key: string
  node: string
  namespace: string
  name: string
  /** Of every pod that had this name, oldest first. */
  entries: readonly TimelineEntry[]
  containers: readonly string[]
  /** File that it came from last. */
  file?: string
  startMs: number
  /** When the kubelet had done away with it; absent for a pod that is (again). */
  goneMs?: number
  /** The most that any of its containers had. */
  restarts: number
  segments: readonly PodSegment[]
  containerSegments: readonly ContainerSegment[]
}

export type Lane = NodeLane | PodLane

export interface Lanes {
  /** By name. */
  nodes: readonly NodeLane[]
  /** By node, then name, then namespace. */
  pods: readonly PodLane[]
  /** Of the oldest entry; absent without any. */
  startMs?: number
  entryCount: number
}

interface GrowingPod {
  lane: Omit<PodLane, 'segments' | 'containerSegments'> & { entries: TimelineEntry[]; containers: string[] }
  tracker: ContainerSegmentTracker
  /** What is handed out, until the next entry. */
  told?: PodLane
}

interface GrowingNode {
  lane: NodeLane & { entries: TimelineEntry[]; kubelet: KubeletSegment[] }
  told?: NodeLane
}

export function podLaneKey(node: string, namespace: string, name: string): string {
  return `pod:${node}/${namespace}/${name}`
}

export function nodeLaneKey(node: string): string {
  return `node:${node}`
}

/** Remembers what it has seen: a list that goes on where the last one ended is read from there. */
export class LaneComputer {
  #seen: readonly TimelineEntry[] = []
  #nodes = new Map<string, GrowingNode>()
  #pods = new Map<string, GrowingPod>()
  #podsOfNode = new Map<string, GrowingPod[]>()

  /** Lanes in which nothing happened since the last call are the very same objects. */
  compute(entries: readonly TimelineEntry[]): Lanes {
    if (!goesOn(this.#seen, entries)) this.#forget()
    for (let index = this.#seen.length; index < entries.length; index += 1) {
      const entry = entries[index]
      if (entry !== undefined) this.#add(entry)
    }
    this.#seen = entries
    const [first] = entries
    return {
      nodes: [...this.#nodes.values()].map(tellNode).toSorted((one, other) => compareText(one.node, other.node)),
      pods: [...this.#pods.values()].map(tellPod).toSorted(comparePods),
      ...(first !== undefined && { startMs: Date.parse(first.time) }),
      entryCount: entries.length,
    }
  }

  #forget(): void {
    this.#seen = []
    this.#nodes = new Map()
    this.#pods = new Map()
    this.#podsOfNode = new Map()
  }

  #add(entry: TimelineEntry): void {
    const node = this.#nodeOf(entry)
    if (entry.pod !== undefined && entry.subject !== 'file') return this.#addToPod(entry, entry.pod)
    delete node.told
    node.lane.entries.push(entry)
    if (entry.subject !== 'kubelet') return
    addToKubelet(node.lane.kubelet, entry)
    for (const pod of this.#podsOfNode.get(entry.node) ?? []) {
      pod.tracker.add(entry)
      delete pod.told
    }
  }

  #nodeOf(entry: TimelineEntry): GrowingNode {
    const known = this.#nodes.get(entry.node)
    if (known !== undefined) return known
    const { node } = entry
    const startMs = Date.parse(entry.time)
    const made: GrowingNode = {
      lane: { kind: 'node', key: nodeLaneKey(node), node, entries: [], kubelet: [], startMs },
    }
    this.#nodes.set(node, made)
    return made
  }

  #addToPod(entry: TimelineEntry, { namespace, name }: { namespace: string; name: string }): void {
    const key = podLaneKey(entry.node, namespace, name)
    const pod = this.#pods.get(key) ?? this.#makePod(key, entry, namespace, name)
    const { lane } = pod
    delete pod.told
    pod.tracker.add(entry)
    lane.entries.push(entry)
    if (entry.container !== undefined && !lane.containers.includes(entry.container))
      lane.containers.push(entry.container)
    if (entry.file !== undefined) lane.file = entry.file
    const restarts = entry.details?.['restartCount']
    if (typeof restarts === 'number') lane.restarts = Math.max(lane.restarts, restarts)
    // An edited manifest's pod is there before the one that it replaces has gone.
    if (entry.reason === 'PodGone' && !this.#isReplaced(lane, entry)) lane.goneMs = Date.parse(entry.time)
    else if (entry.reason === 'PodAdded') delete lane.goneMs
  }

  #isReplaced({ entries }: { entries: readonly TimelineEntry[] }, gone: TimelineEntry): boolean {
    const news = entries.findLast(({ reason }) => reason === 'PodAdded' || reason === 'PodRemoved')
    return news?.reason === 'PodAdded' && news.pod?.uid !== gone.pod?.uid
  }

  #makePod(key: string, entry: TimelineEntry, namespace: string, name: string): GrowingPod {
    const { node } = entry
    const startMs = Date.parse(entry.time)
    const made: GrowingPod = {
      lane: { kind: 'pod', key, node, namespace, name, entries: [], containers: [], startMs, restarts: 0 },
      tracker: new ContainerSegmentTracker(),
    }
    this.#pods.set(key, made)
    const ofNode = this.#podsOfNode.get(node) ?? []
    ofNode.push(made)
    this.#podsOfNode.set(node, ofNode)
    return made
  }
}

function goesOn(seen: readonly TimelineEntry[], entries: readonly TimelineEntry[]): boolean {
  if (seen.length > entries.length) return false
  return isSame(seen[0], entries[0]) && isSame(seen.at(-1), entries[seen.length - 1])
}

function isSame(one: TimelineEntry | undefined, other: TimelineEntry | undefined): boolean {
  return one === undefined || one === other || (other !== undefined && entryKey(one) === entryKey(other))
}

function addToKubelet(segments: KubeletSegment[], entry: TimelineEntry): void {
  const state = { KubeletStarted: 'running', KubeletStopping: 'stopped' } as const
  const begun = entry.reason in state ? state[entry.reason as keyof typeof state] : undefined
  if (begun === undefined) return
  const startMs = Date.parse(entry.time)
  const last = segments.pop()
  if (last !== undefined) segments.push({ ...last, endMs: Math.max(last.startMs, startMs) })
  segments.push({ state: begun, startMs, entry })
}

function tellNode(node: GrowingNode): NodeLane {
  node.told ??= { ...node.lane, entries: [...node.lane.entries], kubelet: [...node.lane.kubelet] }
  return node.told
}

function tellPod(pod: GrowingPod): PodLane {
  if (pod.told !== undefined) return pod.told
  const containerSegments = [...pod.tracker.segments]
  const entries = [...pod.lane.entries]
  pod.told = { ...pod.lane, entries, containers: [...pod.lane.containers], containerSegments, segments: [] }
  pod.told.segments = computePodSegments(containerSegments)
  return pod.told
}

function comparePods(one: PodLane, other: PodLane): number {
  return (
    compareText(one.node, other.node) ||
    compareText(one.name, other.name) ||
    compareText(one.namespace, other.namespace)
  )
}

function compareText(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}
