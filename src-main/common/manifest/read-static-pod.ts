/** A manifest file → the static pod that a kubelet runs, or the verdict on the file: the whole of upstream's file source path. */
import type { Pod } from '../api/core.ts'
import { applyPodDefaults } from '../defaults/pod-defaults.ts'
import type { FileVerdictReason, FileWarning } from '../lab/file-verdict.ts'
import { apiReferenceMessage, findAPIReference } from '../validation/api-references.ts'
import { explainFieldError, type FieldError, formatFieldErrors } from '../validation/field-error.ts'
import { validatePod } from '../validation/validate-pod.ts'
import { applyStaticPodDefaults, type StaticPodContext } from './apply-static-pod-defaults.ts'
import { decodeManifest, type DecodedManifest, type ManifestFault } from './decode-manifest.ts'

export type StaticPodResult =
  | {
      ok: true
      pod: Pod
      warnings: FileWarning[]
      /** Place of a field path in the file. */
      locate: (field: string) => { line: number; column: number }
    }
  | ManifestFault

/**
 * Decodes, defaults, names, validates and checks for references, in upstream's order (facts 1.3, 1.4). The pod comes out
 * with node suffix, UID, annotations, toleration and `status: {phase: Pending}`. Never throws.
 */
export function readStaticPod(bytes: Uint8Array, context: StaticPodContext): StaticPodResult {
  const decoded = decodeManifest(bytes, context)
  if (!decoded.ok) return decoded
  if ((decoded.pod.metadata.name ?? '') === '') {
    const explanation = 'The Pod has no metadata.name: a static pod needs one; metadata.generateName does not help.'
    return refuse(decoded, 'InvalidPod', 'invalid pod: name is needed for the pod', explanation, 'metadata')
  }
  const pod = applyStaticPodDefaults(applyPodDefaults(decoded.pod), context)
  const errors = validatePod(pod)
  const [first] = errors
  if (first !== undefined) {
    const explanation = explainErrors(errors)
    return refuse(decoded, 'InvalidPod', `invalid pod: ${formatFieldErrors(errors)}`, explanation, first.field)
  }
  const resource = findAPIReference(pod)
  if (resource !== undefined) {
    const explanation = `A static pod has to run without an API server, so it may not refer to anything that lives there: ${resource}. Put the values or files into the manifest, or onto the node as a hostPath.`
    return refuse(decoded, 'APIReference', apiReferenceMessage(resource), explanation, 'spec')
  }
  return { ok: true, pod, warnings: decoded.warnings, locate: (field) => decoded.locate(field) }
}

function refuse(
  decoded: DecodedManifest & { ok: true },
  reason: FileVerdictReason,
  message: string,
  explanation: string,
  field: string,
): ManifestFault {
  const { warnings } = decoded
  return { ok: false, reason, message, explanation, ...decoded.locate(field), kind: 'Pod', apiVersion: 'v1', warnings }
}

function explainErrors(errors: readonly FieldError[]): string {
  return `The Pod is not valid: ${errors.map(explainFieldError).join('; ')}.`
}
