/** One entry of the manifest folder → its verdict and, perhaps, its pod. */
import { join } from 'node:path'
import { showFileName } from '../../base/file-name-bytes.ts'
import type { FileVerdict } from '../../common/lab/file-verdict.ts'
import { ACCEPTED_EXPLANATION, acceptedWarnings } from '../../common/manifest/accepted-warnings.ts'
import type { ManifestFault } from '../../common/manifest/decode-manifest.ts'
import { readStaticPod, type StaticPodAllowances } from '../../common/manifest/read-static-pod.ts'
import { podReference } from '../pod-identity.ts'
import type { ManifestReading } from './manifest-set.ts'
import { inspectEntry, readEntry } from './read-entry.ts'
import type { EntryFacts } from './read-entry.ts'

export interface ReadManifestContext {
  folder: string
  name: string
  nodeName: string
  nowMs: number
  allowances: StaticPodAllowances
  /** When a pod of this UID was first seen, if it was. */
  seenAt: (uid: string) => string | undefined
}

/** `undefined`: there is no such entry. Never throws for what lies in the file. */
export function readManifest(context: ReadManifestContext): ManifestReading | undefined {
  const { folder, name, nodeName, nowMs, allowances } = context
  const path = join(folder, name)
  const now = new Date(nowMs).toISOString()
  if (name.startsWith('.')) return readDotFile(path, name, now)
  const entry = readEntry(path)
  if (entry.kind === 'gone') return undefined
  const base = baseVerdict(path, name, now, entry.facts)
  if (entry.kind === 'fault') {
    const { state, reason, message, explanation } = entry
    return { facts: entry.facts, verdict: { ...base, state, reason, message, explanation } }
  }
  const result = readStaticPod(entry.bytes, { nodeName, path: base.path, seen: now, allowances })
  if (!result.ok) return { facts: entry.facts, verdict: faultVerdict(base, result) }
  const { pod } = result
  const firstSeen = context.seenAt(pod.metadata.uid ?? '')
  if (firstSeen !== undefined)
    pod.metadata.annotations = { ...pod.metadata.annotations, 'kubernetes.io/config.seen': firstSeen }
  const verdict: FileVerdict = {
    ...base,
    state: 'accepted',
    reason: 'Pod',
    explanation: ACCEPTED_EXPLANATION,
    kind: 'Pod',
    manifestAPIVersion: 'v1',
    pod: podReference(pod),
    warnings: acceptedWarnings(result),
  }
  return { facts: entry.facts, verdict, pod }
}

function readDotFile(path: string, name: string, now: string): ManifestReading | undefined {
  const facts = inspectEntry(path)
  if (facts === undefined) return undefined
  const explanation = 'The name begins with a dot: the kubelet does not look at such files.'
  return {
    facts,
    verdict: { ...baseVerdict(path, name, now, facts), state: 'ignored', reason: 'DotFile', explanation },
  }
}

function baseVerdict(
  path: string,
  name: string,
  now: string,
  facts: EntryFacts,
): Omit<FileVerdict, 'state' | 'reason' | 'explanation'> {
  return {
    name: showFileName(name),
    path: showFileName(path),
    message: '',
    warnings: [],
    sizeBytes: facts.sizeBytes,
    modifiedAt: new Date(facts.modifiedMs).toISOString(),
    observedAt: now,
  }
}

function faultVerdict(base: Omit<FileVerdict, 'state' | 'reason' | 'explanation'>, fault: ManifestFault): FileVerdict {
  return {
    ...base,
    state: 'rejected',
    reason: fault.reason,
    message: fault.message,
    explanation: fault.explanation,
    warnings: fault.warnings,
    ...(fault.field === undefined ? {} : { field: fault.field }),
    ...(fault.line === undefined ? {} : { line: fault.line }),
    ...(fault.column === undefined ? {} : { column: fault.column }),
    ...(fault.kind === undefined ? {} : { kind: fault.kind }),
    ...(fault.apiVersion === undefined ? {} : { manifestAPIVersion: fault.apiVersion }),
  }
}
