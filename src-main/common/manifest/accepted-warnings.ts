/** What is told of a manifest whose pod the kubelet takes, wherever it came from. */
import type { FileWarning } from '../lab/file-verdict.ts'
import { computeRefusedFields, refusedFieldWords } from '../lab/pod-policy.ts'
import type { StaticPodResult } from './read-static-pod.ts'
import { computeUnsupportedFields, unsupportedFieldWords } from '../lab/unsupported-fields.ts'

/** It may still be refused, or have ended: the verdict is on the manifest alone. */
export const ACCEPTED_EXPLANATION = 'A pod follows from this manifest; its status says what became of it.'

/** What was passed over while it was read, and what the pod asks for in vain or must not have, each with its place. */
export function acceptedWarnings({ pod, warnings, locate }: StaticPodResult & { ok: true }): FileWarning[] {
  const notHonoured = computeUnsupportedFields(pod).map((unsupported) => ({
    reason: 'FieldNotHonoured' as const,
    message: unsupportedFieldWords(unsupported),
    field: unsupported.field,
    ...locate(unsupported.field),
  }))
  const refused = computeRefusedFields(pod).map((field) => ({
    reason: 'NotAllowed' as const,
    message: refusedFieldWords(field),
    field: field.field,
    ...locate(field.field),
  }))
  return [...warnings, ...notHonoured, ...refused]
}
