/** What is served, group by group, as all forms of discovery tell it. */
import type { GroupVersionKind } from '../../../common/api/api-object.ts'
import { SCALE } from '../../../common/api/scale.ts'
import type { ApiServices } from '../api-services.ts'

export interface DiscoveredSubresource {
  name: string
  kind: GroupVersionKind
  verbs: readonly string[]
}

export interface DiscoveredResource {
  resource: string
  singularName: string
  kind: GroupVersionKind
  namespaced: boolean
  verbs: readonly string[]
  shortNames: readonly string[]
  categories: readonly string[]
  subresources: readonly DiscoveredSubresource[]
}

export interface DiscoveredVersion {
  group: string
  version: string
  resources: DiscoveredResource[]
}

/** What discovery tells of. */
export type ServedResources = Pick<ApiServices, 'registry' | 'subresources' | 'virtualResources'>

/** Sorted as upstream lists them. */
const STORED_VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch']
/** Of the status, and of the scale. */
const STATUS_VERBS = ['get', 'patch', 'update']
const PART_VERBS = ['update']

/** One version is served of each group; the core group comes first. */
export function discoverVersions(services: ServedResources): DiscoveredVersion[] {
  const versions = new Map<string, DiscoveredVersion>()
  const add = (resource: DiscoveredResource, group: string, version: string): void => {
    const key = `${group}/${version}`
    const known = versions.get(key) ?? { group, version, resources: [] }
    known.resources.push(resource)
    versions.set(key, known)
  }
  for (const resource of [...storedResources(services), ...virtualResources(services)])
    add(resource, resource.kind.group, resource.kind.version)
  for (const { resources } of versions.values()) resources.sort((one, other) => compare(one.resource, other.resource))
  return [...versions.values()].sort((one, other) => compare(one.group, other.group))
}

function storedResources({ registry, subresources }: ServedResources): DiscoveredResource[] {
  return registry.all.map(({ definition }): DiscoveredResource => {
    const { group, version, kind, resource, singularName, namespaced, shortNames, categories } = definition
    const own = subresources
      .filter((candidate) => candidate.group === group && candidate.resource === resource)
      .map(({ name, kind: subKind, verbs }) => ({
        name,
        kind: subKind,
        verbs: [...new Set(Object.values(verbs))].sort(compare),
      }))
    const parts = Object.keys(definition.parts ?? {}).map((name) => ({
      name,
      kind: { group, version, kind },
      verbs: PART_VERBS,
    }))
    const scale = { name: 'scale', kind: SCALE, verbs: STATUS_VERBS }
    const status = { name: 'status', kind: { group, version, kind }, verbs: STATUS_VERBS }
    return {
      resource,
      singularName,
      kind: { group, version, kind },
      namespaced,
      verbs: STORED_VERBS,
      shortNames,
      categories,
      subresources: [
        ...own,
        ...parts,
        ...(definition.isScalable === true ? [scale] : []),
        ...(definition.statusStrategy === undefined ? [] : [status]),
      ].sort((one, other) => compare(one.name, other.name)),
    }
  })
}

function virtualResources(services: ServedResources): DiscoveredResource[] {
  return services.virtualResources.map(({ gvk, resource, singularName, namespaced, shortNames, ...verbs }) => ({
    resource,
    singularName,
    kind: gvk,
    namespaced,
    verbs: (['create', 'get', 'list'] as const).filter((verb) => verbs[verb] !== undefined),
    shortNames,
    categories: [],
    subresources: [],
  }))
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}
