/**
 * What a lab is made of, as far as it has to last, and what of it is not as before. Looks are taken through the command
 * line and the engine; the comparison is pure.
 */
import type { Pod } from '../../../src-main/common/api/core.ts'
import type { TimelineEntry } from '../../../src-main/common/lab/timeline-entry.ts'

/** What a pod has come to, once it has settled. */
export type PodStanding = 'running and ready' | 'crashing' | 'succeeded' | 'unsettled'

export interface LastingPod {
  uid: string
  standing: PodStanding
  restartCount: number
}

export interface LastingSnapshot {
  /** State by `NODE/FILE`, with the content's digest. */
  files: Record<string, string>
  pods: Record<string, LastingPod>
  /** Digest of what pods have written, by `NODE PATH`. */
  volumes: Record<string, string>
  /** Oldest first, by node: `BOOT:SEQUENCE` of every entry. */
  timelines: Record<string, string[]>
  /** How many objects of the lab the engine has: networks, volumes, nodes, runtime services, helpers, running sandboxes. */
  objects: Record<string, number>
  /** What the board shows: the lab's state, then each node's, its runtime service's and its kubelet's. */
  board: Record<string, string>
}

/** What a fault may have done to containers; the rest has to be as if nothing had been. */
export interface Harm {
  /** How often those that ran were ended. */
  ended: 'never' | 'once' | 'at least once'
  /** Whether the dead were removed from the engine: then only logs tell that there was something before (facts 2.5.1). */
  forgotten?: boolean
}

export function computeStanding({ status }: Pod): PodStanding {
  const containers = status?.containerStatuses ?? []
  if (status?.phase === 'Succeeded') return 'succeeded'
  const isCrashing = containers.some(
    ({ state, lastState }) =>
      state.waiting?.reason === 'CrashLoopBackOff' || (lastState.terminated?.exitCode ?? 0) === CRASH_EXIT_CODE,
  )
  if (isCrashing) return 'crashing'
  const isReady = status?.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True') === true
  return status?.phase === 'Running' && isReady ? 'running and ready' : 'unsettled'
}

/** Of the pods that crash for ever, and of nothing else. */
export const CRASH_EXIT_CODE = 7

/** Each difference as a sentence; empty: as before. */
export function findDifferences(before: LastingSnapshot, after: LastingSnapshot, harm: Harm): string[] {
  return [
    ...compareRecords('file', before.files, after.files),
    ...compareRecords('volume', before.volumes, after.volumes),
    ...compareRecords('objects: ', before.objects, after.objects),
    ...compareRecords('board: ', before.board, after.board),
    ...comparePods(before.pods, after.pods, harm),
    ...compareTimelines(before.timelines, after.timelines),
  ]
}

function compareRecords<Value>(what: string, before: Record<string, Value>, after: Record<string, Value>): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted().flatMap((key) => {
    const [was, is] = [before[key], after[key]]
    if (was === is) return []
    return [`${what} ${key} was ${String(was ?? 'not there')} and is ${String(is ?? 'not there')}`]
  })
}

function comparePods(before: Record<string, LastingPod>, after: Record<string, LastingPod>, harm: Harm): string[] {
  const standings = (pods: Record<string, LastingPod>): Record<string, string> =>
    Object.fromEntries(Object.entries(pods).map(([name, { uid, standing }]) => [name, `${standing} (${uid})`]))
  const counts = Object.entries(before).flatMap(([name, { restartCount: was, standing }]) => {
    const is = after[name]?.restartCount
    return is === undefined || isExplained(standing, was, is, harm)
      ? []
      : [`pod ${name} had ${was} restarts and has ${is}, which ${JSON.stringify(harm)} does not explain`]
  })
  return [...compareRecords('pod', standings(before), standings(after)), ...counts]
}

function isExplained(standing: PodStanding, was: number, is: number, harm: Harm): boolean {
  switch (standing) {
    case 'crashing':
      return is >= was
    case 'succeeded':
      return harm.forgotten === true ? is >= was : is === was
    case 'running and ready':
    case 'unsettled':
      if (harm.ended === 'at least once') return is > was
      return is === (harm.ended === 'never' ? was : was + 1)
  }
}

/** Old entries may be forgotten from the front on; nothing is missing after that, nothing is there twice. */
function compareTimelines(before: Record<string, string[]>, after: Record<string, string[]>): string[] {
  return Object.keys(before).flatMap((node) => {
    const now = after[node] ?? []
    const faults = findTimelineFaults(now).map((fault) => `the timeline of ${node} ${fault}`)
    const kept = (before[node] ?? []).slice(-1)
    const lost = kept.filter((entry) => !now.includes(entry))
    return [...faults, ...lost.map((entry) => `the timeline of ${node} has lost ${entry}`)]
  })
}

/** What is wrong with identities that ought to count up by one. */
export function findTimelineFaults(entries: readonly string[]): string[] {
  const sequences = entries.map((entry) => Number(entry.split(':').at(-1)))
  return sequences.flatMap((sequence, index) => {
    const previous = sequences[index - 1]
    if (previous === undefined || sequence === previous + 1) return []
    return [
      sequence <= previous ? `tells ${sequence} after ${previous}` : `has a hole between ${previous} and ${sequence}`,
    ]
  })
}

export function timelineIdentities(entries: readonly TimelineEntry[], node: string): string[] {
  return entries.filter((entry) => entry.node === node).map(({ boot, sequence }) => `${boot}:${sequence}`)
}
