/**
 * What will happen when a manifest is put into a node's folder, told before it is: the pod's name, a clash with what is
 * there, a refusal. Read as the kubelet reads it (decoded, defaulted, validated), though the kubelet's own verdict has the
 * last word. Pure.
 */
import type { Pod } from '@common/api/core.ts'
import type { FileVerdict, FileVerdictReason, FileWarning } from '@common/lab/file-verdict.ts'
import { computeRefusedFields } from '@common/lab/pod-policy.ts'
import { computeUnsupportedFields } from '@common/lab/unsupported-fields.ts'
import { acceptedWarnings } from '@common/manifest/accepted-warnings.ts'
import { MAX_MANIFEST_BYTES } from '@common/manifest/decode-manifest.ts'
import { readStaticPod } from '@common/manifest/read-static-pod.ts'

export interface PlacementRequest {
  /** File name that it will get. */
  name: string
  content: string
  node: string
  folder: string
  /** What the folder holds now. */
  files: readonly FileVerdict[]
}

/**
 * What becomes of the pod: `starts`; `starts-in-part`: the lab's policy refuses a container of it; `never-starts`: it is there, and
 * nothing of it runs; `unchanged`: the file that is replaced gives the very same pod; `pushed-aside`: another file counts.
 */
export type PodEffect = 'starts' | 'starts-in-part' | 'never-starts' | 'unchanged' | 'pushed-aside'

export type PlacementOutcome =
  | {
      kind: 'pod'
      effect: PodEffect
      podName: string
      namespace: string
      restartPolicy: string
      /** Names of its containers' images, each once. */
      images: string[]
    }
  | {
      kind: 'refused'
      reason: FileVerdictReason
      message: string
      manifestKind?: string
      line?: number
      column?: number
    }

export interface Placement {
  outcome: PlacementOutcome
  warnings: FileWarning[]
  /** A file of that name is there already. */
  replaces: boolean
  /** Another file that defines the same pod. It counts when the effect is `pushed-aside`; else it is pushed aside itself. */
  duplicateOf?: string
  /** Why the file's name cannot be used at all. */
  nameProblem?: FileNameProblem
}

export type FileNameProblem = 'empty' | 'slash' | 'dot' | 'long' | 'control'

const LONGEST_FILE_NAME_BYTES = 255
/** Time of first sight: it only becomes an annotation, which a preview does not show, so that any time will do. */
const ANY_TIME = '1970-01-01T00:00:00Z'

export function computePlacement({ name, content, node, folder, files }: PlacementRequest): Placement {
  const nameProblem = checkFileName(name)
  const replaced = files.find((file) => file.name === name)
  const common = { replaces: replaced !== undefined, ...(nameProblem && { nameProblem }) }
  const bytes = new TextEncoder().encode(content)
  if (bytes.length > MAX_MANIFEST_BYTES) {
    return { ...common, outcome: { kind: 'refused', reason: 'TooLarge', message: '' }, warnings: [] }
  }
  // The path is part of the pod's identity.
  const path = replaced?.path ?? `${folder}/${name}`
  const read = readStaticPod(bytes, { path, nodeName: node, seen: ANY_TIME })
  if (!read.ok) {
    const { warnings } = read
    const { reason, message, kind, line, column } = read
    const outcome: PlacementOutcome = {
      kind: 'refused',
      reason,
      message,
      ...(kind !== undefined && { manifestKind: kind }),
      ...(line !== undefined && { line }),
      ...(column !== undefined && { column }),
    }
    return { ...common, outcome, warnings }
  }
  const { metadata, spec } = read.pod
  const podName = metadata.name ?? ''
  const namespace = metadata.namespace ?? 'default'
  const containers = [...(spec.initContainers ?? []), ...spec.containers]
  const images = [...new Set(containers.flatMap(({ image }) => (image === undefined || image === '' ? [] : [image])))]
  const duplicateOf = files
    .filter((file) => file.name !== name && file.pod?.name === podName && file.pod.namespace === namespace)
    .map((file) => file.name)
    .toSorted(compareBytes)
    .at(-1)
  const effect =
    duplicateOf !== undefined && compareBytes(duplicateOf, name) > 0
      ? 'pushed-aside'
      : replaced?.state === 'accepted' && replaced.pod?.uid === metadata.uid
        ? 'unchanged'
        : startOf(read.pod)
  return {
    ...common,
    outcome: { kind: 'pod', effect, podName, namespace, restartPolicy: spec.restartPolicy ?? 'Always', images },
    warnings: acceptedWarnings(read),
    ...(duplicateOf !== undefined && { duplicateOf }),
  }
}

/** What the kubelet carries out of an accepted pod, and the lab's policy lets it. */
function startOf(pod: Pod): PodEffect {
  const refused = computeRefusedFields(pod)
  const isStopped =
    pod.metadata.deletionTimestamp !== undefined ||
    computeUnsupportedFields(pod).some(({ preventsStart }) => preventsStart === true) ||
    refused.some(({ refuses, field }) => refuses === 'pod' || field.startsWith('spec.initContainers'))
  if (isStopped) return 'never-starts'
  if (refused.length === 0) return 'starts'
  const refusedContainers = new Set(refused.map(({ field }) => /^spec\.containers\[\d+\]/.exec(field)?.[0]))
  // A profile of the whole pod is one of each container.
  const isWhole = refusedContainers.has(undefined) || refusedContainers.size === pod.spec.containers.length
  return isWhole ? 'never-starts' : 'starts-in-part'
}

/** As a glob sorts, so that the last one is the one that counts (facts 1.2.2, 1.2.10). */
function compareBytes(one: string, other: string): number {
  const [left, right] = [one, other].map((name) => new TextEncoder().encode(name))
  const at = left?.findIndex((byte, index) => byte !== right?.[index]) ?? -1
  if (at < 0) return one.length - other.length
  return (left?.[at] ?? 0) - (right?.[at] ?? -1)
}

/** Whether somebody has to be asked before it is done: it would overwrite or push aside what is there. */
export function needsConfirmation(placement: Placement): boolean {
  return placement.replaces || placement.duplicateOf !== undefined || placement.nameProblem !== undefined
}

export function checkFileName(name: string): FileNameProblem | undefined {
  if (name.trim() === '') return 'empty'
  if (/[/\\]/.test(name)) return 'slash'
  if (name.startsWith('.')) return 'dot'
  if (new TextEncoder().encode(name).length > LONGEST_FILE_NAME_BYTES) return 'long'
  return /\p{Cc}/u.test(name) ? 'control' : undefined
}

/** `web.yaml` → `web-2.yaml`, the first number that is free. */
export function freeFileName(name: string, files: readonly Pick<FileVerdict, 'name'>[]): string {
  const taken = new Set(files.map((file) => file.name))
  if (!taken.has(name)) return name
  const dot = name.lastIndexOf('.')
  const [stem, ending] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, '']
  let number = 2
  while (taken.has(`${stem}-${number}${ending}`)) number += 1
  return `${stem}-${number}${ending}`
}

const NAME_LINE = /^\s{1,8}name:\s*["']?([a-z0-9][a-z0-9.-]*)["']?\s*(?:#.*)?$/m

/** A file name for pasted text: after `metadata.name` where that can be seen. */
export function suggestFileName(content: string): string {
  const name = NAME_LINE.exec(content)?.[1]
  return name === undefined ? 'manifest.yaml' : `${name}.yaml`
}
