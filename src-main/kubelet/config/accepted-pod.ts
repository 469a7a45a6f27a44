/** What is told of a manifest whose pod the kubelet takes, wherever it came from. */
import type { FileWarning } from '../../common/lab/file-verdict.ts'
import type { StaticPodResult } from '../../common/manifest/read-static-pod.ts'
import { computeUnsupportedFields, unsupportedFieldWords } from '../unsupported-fields.ts'

/** It may still be refused, or have ended: the verdict is on the manifest alone. */
export const ACCEPTED_EXPLANATION = 'A pod follows from this manifest; its status says what became of it.'

/** What was passed over while it was read, and what the pod asks for in vain, each with its place. */
export function acceptedWarnings({ pod, warnings, locate }: StaticPodResult & { ok: true }): FileWarning[] {
  const notHonoured = computeUnsupportedFields(pod).map((unsupported) => ({
    reason: 'FieldNotHonoured' as const,
    message: unsupportedFieldWords(unsupported),
    field: unsupported.field,
    ...locate(unsupported.field),
  }))
  return [...warnings, ...notHonoured]
}
