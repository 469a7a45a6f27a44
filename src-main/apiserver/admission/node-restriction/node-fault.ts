/** Nodes: a kubelet makes and changes its own Node, without taints afterwards, and with few labels of Kubernetes' own. */
import type { UnknownObject } from '../../../common/api/api-object.ts'
import type { AdmissionAttributes } from '../admission-plugin.ts'

interface Node {
  spec?: { taints?: readonly unknown[]; configSource?: unknown }
}

const RESTRICTED_DOMAINS = ['kubernetes.io', 'k8s.io']
const RESTRICTED_PREFIX_DOMAIN = 'node-restriction.kubernetes.io'

/** Labels of those domains that a kubelet sets on its own Node (pkg/apis/core/types: well known kubelet labels). */
const KUBELET_LABELS: ReadonlySet<string> = new Set([
  'kubernetes.io/hostname',
  'topology.kubernetes.io/zone',
  'topology.kubernetes.io/region',
  'failure-domain.beta.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/region',
  'node.kubernetes.io/instance-type',
  'beta.kubernetes.io/instance-type',
  'kubernetes.io/os',
  'beta.kubernetes.io/os',
  'kubernetes.io/arch',
  'beta.kubernetes.io/arch',
])
const KUBELET_DOMAINS = ['kubelet.kubernetes.io', 'node.kubernetes.io']

export function findNodeFault(
  node: string,
  { operation, subresource, name, object, oldObject }: AdmissionAttributes,
): string | undefined {
  const quoted = JSON.stringify(node)
  const requested = name === '' ? (object?.metadata.name ?? '') : name
  if (requested !== node) return `node ${quoted} is not allowed to modify node ${JSON.stringify(requested)}`
  if (operation === 'DELETE') return `node ${quoted} is not allowed to delete itself`
  if (object === undefined) return undefined
  if (operation === 'CREATE') return findLabelFault(Object.keys(object.metadata.labels ?? {}), 'set')
  if (operation !== 'UPDATE' || oldObject === undefined) return undefined
  const ownersFault = findOwnersFault(node, object, oldObject)
  if (ownersFault !== undefined) return ownersFault
  const [taints, oldTaints] = [taintsOf(object), taintsOf(oldObject)]
  if (subresource === '' && taints !== oldTaints) return `node ${quoted} is not allowed to modify taints`
  return findLabelFault(changedLabels(object, oldObject), 'modify')
}

function taintsOf(object: UnknownObject): string {
  return JSON.stringify((object as unknown as Node).spec?.taints ?? [])
}

function findOwnersFault(node: string, object: UnknownObject, old: UnknownObject): string | undefined {
  const text = ({ metadata }: UnknownObject): string => JSON.stringify(metadata.ownerReferences ?? [])
  return text(object) === text(old)
    ? undefined
    : `node ${JSON.stringify(node)} is not allowed to modify ownerReferences`
}

function changedLabels({ metadata }: UnknownObject, { metadata: old }: UnknownObject): string[] {
  const names = new Set([...Object.keys(metadata.labels ?? {}), ...Object.keys(old.labels ?? {})])
  return [...names].filter((name) => metadata.labels?.[name] !== old.labels?.[name])
}

function findLabelFault(labels: readonly string[], verb: 'set' | 'modify'): string | undefined {
  const refused = labels.filter(isRefused).toSorted()
  if (refused.length === 0) return undefined
  const list = refused.join(', ')
  return verb === 'set'
    ? `is not allowed to set the following labels: ${list}`
    : `is not allowed to modify labels: ${list}`
}

function isRefused(label: string): boolean {
  const domain = domainOf(label)
  if (isWithin(domain, RESTRICTED_PREFIX_DOMAIN)) return true
  if (!RESTRICTED_DOMAINS.some((one) => isWithin(domain, one))) return false
  return !KUBELET_LABELS.has(label) && !KUBELET_DOMAINS.some((one) => isWithin(domain, one))
}

function domainOf(label: string): string {
  const slash = label.indexOf('/')
  return slash === -1 ? '' : label.slice(0, slash)
}

function isWithin(domain: string, of: string): boolean {
  return domain === of || domain.endsWith(`.${of}`)
}
