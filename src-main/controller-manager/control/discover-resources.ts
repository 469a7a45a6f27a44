/** What an API server serves, by its discovery: each group in the version that it prefers (facts 8.1). */
import { groupVersion, type GroupVersionResource } from '../../common/api/api-object.ts'
import type { ApiClient } from '../../kube/api-client.ts'

export interface DiscoveredResource extends GroupVersionResource {
  kind: string
  namespaced: boolean
  verbs: readonly string[]
}

interface ResourceList {
  resources: { name: string; kind: string; namespaced: boolean; verbs: string[] }[]
}

interface GroupList {
  groups: { name: string; preferredVersion: { version: string } }[]
}

/** Subresources, such as `pods/log`, are among them. */
export async function discoverResources(client: ApiClient): Promise<DiscoveredResource[]> {
  const { groups } = await client.getPath<GroupList>('/apis')
  const versions = [
    { group: '', version: 'v1' },
    ...groups.map(({ name, preferredVersion: { version } }) => ({ group: name, version })),
  ]
  const found: DiscoveredResource[] = []
  for (const { group, version } of versions) {
    const root = group === '' ? '/api' : '/apis'
    const { resources } = await client.getPath<ResourceList>(`${root}/${groupVersion({ group, version })}`)
    for (const { name, ...rest } of resources) found.push({ ...rest, group, version, resource: name })
  }
  return found
}
