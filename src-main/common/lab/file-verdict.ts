/**
 * What the kubelet decided about one entry of its manifest folder (facts 1.2, 1.3), or that it could not be asked.
 * Written beside the file in every view.
 */
import type { Time } from '../api/meta.ts'

/** Identity of a pod, never its name alone. */
export interface PodReference {
  namespace: string
  name: string
  uid: string
}

/**
 * `accepted`: a pod came from it; `rejected`: the kubelet refuses it; `ignored`: the kubelet does not read it
 * (dot file, folder); `shadowed`: another file defines the same pod and wins; `stale`: the file cannot be
 * processed any more but its last good pod runs on until the next listing (facts 1.2.8); `unread`: no kubelet's word at
 * all: the node or its kubelet does not run or does not answer, and the lab manager found the entry in the mounted folder.
 */
export type FileVerdictState = 'accepted' | 'rejected' | 'ignored' | 'shadowed' | 'stale' | 'unread'

/** Closed set of causes; the app translates each into plain words in its language. */
export type FileVerdictReason =
  | 'Pod'
  | 'NotAPod'
  | 'UnknownKind'
  | 'MissingKind'
  | 'MissingAPIVersion'
  | 'InvalidYAML'
  | 'WrongType'
  | 'InvalidPod'
  | 'APIReference'
  | 'Empty'
  | 'TooLarge'
  | 'Directory'
  | 'NotRegularFile'
  | 'DanglingLink'
  | 'Unreadable'
  | 'DotFile'
  /** The path that the kubelet reads manifests from is not there. */
  | 'PathMissing'
  /** The address that the kubelet reads manifests from does not answer, or not with one. */
  | 'URLUnreachable'
  | 'DuplicatePod'
  /** `unread` only: it reads the file when it starts. */
  | 'KubeletNotRunning'
  /** `unread` only: it may well have read the file, but does not say so. */
  | 'KubeletUnreachable'

export type FileWarningReason =
  | 'UnknownField'
  /** A field of the API that this kubelet does not carry out. */
  | 'FieldNotHonoured'
  /** A field that the lab's safety policy refuses: the container, or the pod, will not start. */
  | 'NotAllowed'
  | 'DuplicateKey'
  | 'FurtherDocumentsIgnored'
  | 'NodeNameOverwritten'
  | 'StatusIgnored'
  /** The pod is there, and is never started. */
  | 'NotStarted'

/** Something that a real kubelet passes over in silence and a learner should know. */
export interface FileWarning {
  reason: FileWarningReason
  /** One English sentence with the particulars. */
  message: string
  /** Field path such as `spec.containers[0].imagee`, where there is one. */
  field?: string
  /** 1-based. */
  line?: number
  column?: number
}

export interface FileVerdict {
  /** File name inside the manifest folder; an address, of a list with the place of the Pod in it; or `path`, when that is not there. */
  name: string
  /** Full path on the node, or the address. */
  path: string
  /** Absent: a file of the node. `url`: what the kubelet's `staticPodURL` answered, which nobody can edit or remove here. */
  origin?: 'url'
  state: FileVerdictState
  reason: FileVerdictReason
  /** The kubelet's own words, as its log has them (facts 1.3); empty when accepted or unread. */
  message: string
  /** One plain English sentence: what it means and what to do. */
  explanation: string
  /** Path of the field that is at fault, where it is one. */
  field?: string
  /** 1-based position of the fault, where there is one. */
  line?: number
  column?: number
  /** What the file says it is, when that much could be read. */
  kind?: string
  manifestAPIVersion?: string
  /** The pod that the file defines (accepted, shadowed, stale). */
  pod?: PodReference
  warnings: FileWarning[]
  sizeBytes: number
  modifiedAt: Time
  observedAt: Time
}
