/** What a kubelet adds to a static pod: identity, node, annotations, and to those of its file source a toleration (facts 1.4). */
import type { Container, Pod, ResourceRequirements } from '../api/core.ts'
import { CONFIG_HASH_ANNOTATION, CONFIG_SEEN_ANNOTATION, CONFIG_SOURCE_ANNOTATION } from '../api/kubelet-labels.ts'
import { canonicalQuantity } from '../api/quantity.ts'
import { cloneData } from '../defaults/clone.ts'
import { canonicalJSON } from './canonical-json.ts'
import { fnv1a128Hex } from './fnv1a128.ts'

/** Where static pods come from. */
export type StaticPodSource = 'file' | 'http'

export interface StaticPodContext {
  nodeName: string
  /** `file` unless said otherwise. */
  source?: StaticPodSource
  /** Full path of the file on the node, or the address. */
  path: string
  /** RFC 3339 time of first sight, with whatever precision the clock has. */
  seen: string
}

/**
 * The UID of a static pod: a hash of the pod after API defaulting, the node and the file's path; of a pod from an address, the
 * address alone. Comments, white space, key
 * order and written-out defaults do not change it; everything else does. A `metadata.uid` of the manifest is kept (facts 1.4.3).
 */
function staticPodUID(defaulted: Pod, context: StaticPodContext): string {
  const { apiVersion: _apiVersion, kind: _kind, ...content } = defaulted
  const origin = context.source === 'http' ? `url:${context.path}` : `host:${context.nodeName}file:${context.path}`
  return defaulted.metadata.uid ?? fnv1a128Hex(`${canonicalJSON(content)}${origin}`)
}

/** A copy of the defaulted pod as the kubelet's source hands it on. Quantities come out in canonical form. */
export function applyStaticPodDefaults(defaulted: Pod, context: StaticPodContext): Pod {
  const uid = staticPodUID(defaulted, context)
  const { apiVersion: _apiVersion, kind: _kind, ...pod } = cloneData(defaulted)
  const { metadata, spec } = pod
  metadata.uid = uid
  metadata.name = `${metadata.name ?? ''}-${context.nodeName.toLowerCase()}`
  metadata.namespace ??= 'default'
  metadata.annotations = {
    ...metadata.annotations,
    [CONFIG_HASH_ANNOTATION]: uid,
    [CONFIG_SEEN_ANNOTATION]: context.seen,
    [CONFIG_SOURCE_ANNOTATION]: context.source ?? 'file',
  }
  spec.nodeName = context.nodeName
  // Upstream leaves pods of an address without (facts 1.4.6).
  if (context.source !== 'http') spec.tolerations = withNoExecuteToleration(spec.tolerations ?? [])
  for (const container of [...(spec.initContainers ?? []), ...spec.containers]) canonicaliseContainer(container)
  if (spec.resources !== undefined) canonicaliseResources(spec.resources)
  return { ...pod, status: { phase: 'Pending' } }
}

type Tolerations = NonNullable<Pod['spec']['tolerations']>

/** Upstream does not add a toleration that is there already. */
function withNoExecuteToleration(tolerations: Tolerations): Tolerations {
  const added = { operator: 'Exists', effect: 'NoExecute' } as const
  const present = tolerations.some(
    ({ key, operator, value, effect, tolerationSeconds }) =>
      key === undefined &&
      operator === added.operator &&
      value === undefined &&
      effect === added.effect &&
      tolerationSeconds === undefined,
  )
  return present ? tolerations : [...tolerations, added]
}

function canonicaliseContainer(container: Container): void {
  if (container.resources !== undefined) canonicaliseResources(container.resources)
}

function canonicaliseResources(resources: ResourceRequirements): void {
  for (const list of [resources.limits, resources.requests]) {
    for (const [name, quantity] of Object.entries(list ?? {})) {
      if (list !== undefined) list[name] = canonicalQuantity(quantity)
    }
  }
}
