/** What a pod says about other pods, ready to be asked of many (framework.AffinityTerm). */
import type { Affinity, Pod, PodAffinity, PodAffinityTerm } from '../../common/api/core.ts'
import { labelRequirements, type LabelSelectorObject } from '../../common/api/label-selector-object.ts'
import { matchesLabels, type LabelSelector } from '../../common/api/label-selector.ts'

/** Which pods are meant: those with these labels, in these namespaces. */
export interface AffinityTerm {
  topologyKey: string
  /** Undefined: no pod. */
  selector: LabelSelector | undefined
  namespaces: ReadonlySet<string>
  /** Undefined: only `namespaces`. Empty: all of them. */
  namespaceSelector: LabelSelector | undefined
}

export interface WeightedAffinityTerm extends AffinityTerm {
  /** Negative: they repel. */
  weight: number
}

export interface AffinityTerms {
  required: readonly AffinityTerm[]
  /** Anti-affinity. */
  requiredAnti: readonly AffinityTerm[]
  preferred: readonly WeightedAffinityTerm[]
}

/** The labels of a namespace; undefined when it is not known. */
export type NamespaceLabels = (name: string) => Readonly<Record<string, string>> | undefined

const NO_TERMS: AffinityTerms = { required: [], requiredAnti: [], preferred: [] }

/** Pure. */
export function computeAffinityTerms(pod: Pod): AffinityTerms {
  const { podAffinity, podAntiAffinity }: Affinity = pod.spec.affinity ?? {}
  if (podAffinity === undefined && podAntiAffinity === undefined) return NO_TERMS
  const parse = (term: PodAffinityTerm): AffinityTerm => parseTerm(term, pod)
  const weighted = (affinity: PodAffinity | undefined, sign: 1 | -1): WeightedAffinityTerm[] =>
    (affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(({ weight, podAffinityTerm }) => ({
      ...parse(podAffinityTerm),
      weight: sign * weight,
    }))
  return {
    required: (podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []).map(parse),
    requiredAnti: (podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []).map(parse),
    preferred: [...weighted(podAffinity, 1), ...weighted(podAntiAffinity, -1)],
  }
}

function parseTerm(
  { topologyKey, labelSelector, namespaces = [], namespaceSelector, ...keys }: PodAffinityTerm,
  pod: Pod,
): AffinityTerm {
  const own = namespaces.length === 0 && namespaceSelector === undefined ? [pod.metadata.namespace ?? ''] : namespaces
  const { labels = {} } = pod.metadata
  return {
    topologyKey,
    selector:
      labelSelector === undefined
        ? undefined
        : [
            ...selectorOf(labelSelector),
            ...sameValues(labels, keys.matchLabelKeys, 'in'),
            ...sameValues(labels, keys.mismatchLabelKeys, 'notin'),
          ],
    namespaces: new Set(own),
    namespaceSelector: namespaceSelector === undefined ? undefined : selectorOf(namespaceSelector),
  }
}

export function selectorOf(selector: LabelSelectorObject): LabelSelector {
  return labelRequirements(selector)
}

/** Requirements that ask for the pod's own values of these labels, or for others; labels that it lacks ask nothing. */
export function sameValues(
  labels: Readonly<Record<string, string>>,
  keys: readonly string[] = [],
  operator: 'in' | 'notin' = 'in',
): LabelSelector {
  return keys.flatMap((key) => {
    const value = labels[key]
    return value === undefined ? [] : [{ key, operator, values: [value] }]
  })
}

/** Whether the term means the pod, wherever it is. */
export function meansPod(term: AffinityTerm, { metadata }: Pod, labelsOf: NamespaceLabels): boolean {
  if (term.selector === undefined) return false
  const { namespace = '' } = metadata
  return (
    (term.namespaces.has(namespace) || meansNamespace(term, namespace, labelsOf)) &&
    matchesLabels(term.selector, metadata.labels)
  )
}

function meansNamespace({ namespaceSelector }: AffinityTerm, namespace: string, labelsOf: NamespaceLabels): boolean {
  if (namespaceSelector === undefined) return false
  if (namespaceSelector.length === 0) return true
  const labels = labelsOf(namespace)
  return labels !== undefined && matchesLabels(namespaceSelector, labels)
}
