/** Labels and names of nodes that a pod insists on, or prefers (plugins/nodeaffinity). */
import type { NodeSelectorTerm, Pod } from '../../common/api/core.ts'
import { matchesNode, matchesTerm } from '../../common/scheduling/node-affinity.ts'
import { normalize, type FilterPlugin, type Refusal, type ScorePlugin } from '../framework/plugin.ts'

const NAME = 'NodeAffinity'
const MISMATCH: Refusal = {
  plugin: NAME,
  reasons: ["node(s) didn't match Pod's node affinity/selector"],
  isResolvable: false,
}
const CONFLICT: Refusal = { plugin: NAME, reasons: ['pod affinity terms conflict'], isResolvable: false }

export const nodeAffinity: FilterPlugin = {
  name: NAME,
  prepare({ pod }) {
    const required = requiredTerms(pod)
    if (pod.spec.nodeSelector === undefined && required === undefined) return undefined
    const onlyNodes = namedNodes(pod)
    if (onlyNodes?.size === 0) return CONFLICT
    return {
      plugin: NAME,
      ...(onlyNodes === undefined ? {} : { onlyNodes }),
      judge: (node) => (matchesNode(pod, node) ? undefined : MISMATCH),
    }
  },
}

export const nodeAffinityScore: ScorePlugin = {
  name: NAME,
  weight: 2,
  score({ pod }, nodes) {
    const preferred = pod.spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []
    if (preferred.length === 0) return undefined
    return normalize(
      nodes.map((node) =>
        preferred.reduce((sum, { weight, preference }) => sum + (matchesTerm(preference, node) ? weight : 0), 0),
      ),
    )
  },
}

/** The nodes that the pod names, as one of a DaemonSet does; undefined: it names none, or not in every term. */
export function namedNodes(pod: Pod): ReadonlySet<string> | undefined {
  const terms = requiredTerms(pod) ?? []
  if (terms.length === 0) return undefined
  const nodes = new Set<string>()
  for (const term of terms) {
    const names = namesOf(term)
    if (names === undefined) return undefined
    for (const name of names) nodes.add(name)
  }
  return nodes
}

/** All of a term's requirements hold at the same time. */
function namesOf({ matchFields = [] }: NodeSelectorTerm): readonly string[] | undefined {
  let names: readonly string[] | undefined
  for (const { key, operator, values = [] } of matchFields)
    if (key === 'metadata.name' && operator === 'In') names = names?.filter((name) => values.includes(name)) ?? values
  return names
}

function requiredTerms({ spec }: Pod): NodeSelectorTerm[] | undefined {
  return spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms
}
