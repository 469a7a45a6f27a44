/** A manifest → the static pods that a kubelet runs, or the verdict on it: the whole path of upstream's file and HTTP sources. */
import type { Pod } from '../api/core.ts'
import { applyPodDefaults } from '../defaults/pod-defaults.ts'
import type { FileVerdictReason, FileWarning } from '../lab/file-verdict.ts'
import { apiReferenceMessage, findAPIReference } from '../validation/api-references.ts'
import { explainFieldError, type FieldError, formatFieldErrors } from '../validation/field-error.ts'
import { validatePod } from '../validation/validate-pod.ts'
import { validateWithoutRestartRules } from '../validation/validate-restart-policies.ts'
import { applyStaticPodDefaults, type StaticPodContext } from './apply-static-pod-defaults.ts'
import { decodeManifest, decodePods, type DecodedPod, type ManifestFault } from './decode-manifest.ts'

interface StaticPod {
  ok: true
  pod: Pod
  warnings: FileWarning[]
  /** Place of a field path in the file. */
  locate: (field: string) => { line: number; column: number }
}

export type StaticPodResult = StaticPod | ManifestFault

/** What feature gates of the kubelet decide about static pods. */
export interface StaticPodAllowances {
  /** Without the gate `PreventStaticPodAPIReferences`; a reference leads to nothing where there is no API server. */
  apiReferences: boolean
  /** The gate `ContainerRestartRules`. */
  containerRestartRules: boolean
}

const ALLOWANCES: StaticPodAllowances = { apiReferences: false, containerRestartRules: true }

export interface ReadStaticPodContext extends StaticPodContext {
  /** Those of Kubernetes 1.35 unless said otherwise. */
  allowances?: StaticPodAllowances
}

/**
 * Decodes, defaults, names, validates and checks for references, in upstream's order (facts 1.3, 1.4). The pod comes out
 * with node suffix, UID, annotations, toleration and `status: {phase: Pending}`. Never throws.
 */
export function readStaticPod(bytes: Uint8Array, context: ReadStaticPodContext): StaticPodResult {
  const decoded = decodeManifest(bytes, context)
  return decoded.ok ? completePod(decoded, context) : decoded
}

/** The same for a Pod or a PodList; a fault in one pod is the fault of all, as upstream's. */
export function readStaticPods(bytes: Uint8Array, context: ReadStaticPodContext): StaticPod[] | ManifestFault {
  const decoded = decodePods(bytes, context)
  if (!Array.isArray(decoded)) return decoded
  const pods: StaticPod[] = []
  for (const one of decoded) {
    const completed = completePod(one, context)
    if (!completed.ok) return completed
    pods.push(completed)
  }
  return pods
}

function completePod(decoded: DecodedPod, context: ReadStaticPodContext): StaticPodResult {
  if ((decoded.pod.metadata.name ?? '') === '') {
    const explanation = 'The Pod has no metadata.name: a static pod needs one; metadata.generateName does not help.'
    return refuse(decoded, 'InvalidPod', 'invalid pod: name is needed for the pod', explanation, 'metadata')
  }
  const pod = applyStaticPodDefaults(applyPodDefaults(decoded.pod), context)
  const { apiReferences, containerRestartRules } = context.allowances ?? ALLOWANCES
  const errors = [...validatePod(pod), ...(containerRestartRules ? [] : validateWithoutRestartRules(pod))]
  const [first] = errors
  if (first !== undefined) {
    const explanation = explainErrors(errors)
    const message = `invalid pod: ${formatFieldErrors(errors)}`
    return { ...refuse(decoded, 'InvalidPod', message, explanation, first.field), fieldErrors: errors }
  }
  const reference = apiReferences ? undefined : findAPIReference(pod)
  if (reference !== undefined) {
    const { resource, field } = reference
    const explanation = `${field}: a static pod has to run without an API server, so it may not refer to anything that lives there (${resource}). Put the values or files into the manifest, or onto the node as a hostPath.`
    return { ...refuse(decoded, 'APIReference', apiReferenceMessage(resource), explanation, field), field }
  }
  return { ok: true, pod, warnings: decoded.warnings, locate: (field) => decoded.locate(field) }
}

function refuse(
  decoded: DecodedPod,
  reason: FileVerdictReason,
  message: string,
  explanation: string,
  field: string,
): ManifestFault {
  const { warnings } = decoded
  return {
    ok: false,
    reason,
    message,
    problem: message,
    explanation,
    ...decoded.locate(field),
    kind: 'Pod',
    apiVersion: 'v1',
    warnings,
  }
}

function explainErrors(errors: readonly FieldError[]): string {
  return `The Pod is not valid: ${errors.map(explainFieldError).join('; ')}.`
}
