/** Discovery: `/api`, `/apis` and below, in the plain and in the aggregated form (facts 8.1). */
import { groupVersion } from '../../../common/api/api-object.ts'
import type { DiscoveredResource, DiscoveredSubresource, DiscoveredVersion } from './api-groups.ts'

/** `GET /api`. `address` is where clients reach the server. */
export function apiVersions(address: string): object {
  return {
    kind: 'APIVersions',
    versions: ['v1'],
    serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: address }],
  }
}

/** `GET /apis`. */
export function apiGroupList(versions: readonly DiscoveredVersion[]): object {
  return { kind: 'APIGroupList', apiVersion: 'v1', groups: named(versions).map(describeGroup) }
}

/** `GET /apis/G`. */
export function apiGroup(version: DiscoveredVersion): object {
  return { kind: 'APIGroup', apiVersion: 'v1', ...describeGroup(version) }
}

/** `GET /api/v1`, `GET /apis/G/V`. */
export function apiResourceList(version: DiscoveredVersion): object {
  return {
    kind: 'APIResourceList',
    ...(version.group === '' ? {} : { apiVersion: 'v1' }),
    groupVersion: groupVersion(version),
    resources: version.resources.flatMap((resource) => [
      plainResource(resource),
      ...resource.subresources.map((subresource) => plainSubresource(resource, subresource)),
    ]),
  }
}

/** `APIGroupDiscoveryList` for `/api` (`core`) or `/apis`. */
export function aggregatedDiscovery(
  versions: readonly DiscoveredVersion[],
  core: boolean,
  apiVersion: 'v2' | 'v2beta1',
): object {
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: `apidiscovery.k8s.io/${apiVersion}`,
    metadata: {},
    items: versions.filter(({ group }) => (group === '') === core).map(aggregatedGroup),
  }
}

function named(versions: readonly DiscoveredVersion[]): DiscoveredVersion[] {
  return versions.filter(({ group }) => group !== '')
}

function describeGroup({ group, version }: DiscoveredVersion): object {
  const preferred = { groupVersion: groupVersion({ group, version }), version }
  return { name: group, versions: [preferred], preferredVersion: preferred }
}

function plainResource(resource: DiscoveredResource): object {
  const { singularName, namespaced, kind, verbs, shortNames, categories } = resource
  return {
    name: resource.resource,
    singularName,
    namespaced,
    kind: kind.kind,
    verbs,
    ...(shortNames.length === 0 ? {} : { shortNames }),
    ...(categories.length === 0 ? {} : { categories }),
  }
}

/** It names group and version where they are not its resource's. */
function plainSubresource({ resource, namespaced, kind }: DiscoveredResource, of: DiscoveredSubresource): object {
  const isForeign = of.kind.group !== kind.group || of.kind.version !== kind.version
  return {
    name: `${resource}/${of.name}`,
    singularName: '',
    namespaced,
    ...(isForeign ? { group: of.kind.group, version: of.kind.version } : {}),
    kind: of.kind.kind,
    verbs: of.verbs,
  }
}

function aggregatedGroup({ group, version, resources }: DiscoveredVersion): object {
  return {
    metadata: { ...(group === '' ? {} : { name: group }), creationTimestamp: null },
    versions: [{ version, resources: resources.map(aggregatedResource), freshness: 'Current' }],
  }
}

function aggregatedResource(resource: DiscoveredResource): object {
  const { kind, namespaced, singularName, verbs, shortNames, categories, subresources } = resource
  return {
    resource: resource.resource,
    responseKind: kind,
    scope: namespaced ? 'Namespaced' : 'Cluster',
    singularResource: singularName,
    verbs,
    ...(shortNames.length === 0 ? {} : { shortNames }),
    ...(categories.length === 0 ? {} : { categories }),
    ...(subresources.length === 0
      ? {}
      : {
          subresources: subresources.map(({ name, kind: responseKind, verbs: own }) => ({
            subresource: name,
            responseKind,
            verbs: own,
          })),
        }),
  }
}
