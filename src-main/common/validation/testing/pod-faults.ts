/** One healthy pod, and what is wrong with it once something is changed, in the API's words. */
import type { Container, Pod, PodSpec } from '../../api/core.ts'
import { applyPodDefaults } from '../../defaults/pod-defaults.ts'
import { formatFieldError } from '../field-error.ts'
import { validatePod } from '../validate-pod.ts'

export const CONTAINER: Container = { name: 'c', image: 'nginx' }

/** What the API says of a name that is no label. */
export const LABEL =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"

export function makePod(spec: Partial<PodSpec> = {}, metadata: Pod['metadata'] = {}): Pod {
  return applyPodDefaults({
    metadata: { name: 'web', namespace: 'default', ...metadata },
    spec: { containers: [CONTAINER], ...spec },
  })
}

export function faultsOf(pod: Pod): string[] {
  return validatePod(pod).map(formatFieldError)
}

/** `spec` may be as wrong as a test wants it. */
export function faultsOfSpec(spec: object): string[] {
  return faultsOf(makePod(spec as Partial<PodSpec>))
}
