/** What a namespace may contain: every namespaced resource of the server that can be listed and deleted. */
import type { GroupVersionResource } from '../../common/api/api-object.ts'
import type { ApiClient } from '../../kube/api-client.ts'

interface ResourceList {
  resources: { name: string; namespaced: boolean; verbs: string[] }[]
}

interface GroupList {
  groups: { name: string; preferredVersion: { version: string } }[]
}

export async function listNamespacedResources(client: ApiClient): Promise<GroupVersionResource[]> {
  const { groups } = await client.getPath<GroupList>('/apis')
  const places = [
    { group: '', version: 'v1', path: '/api/v1' },
    ...groups.map(({ name, preferredVersion: { version } }) => ({
      group: name,
      version,
      path: `/apis/${name}/${version}`,
    })),
  ]
  const found: GroupVersionResource[] = []
  for (const { group, version, path } of places) {
    const { resources } = await client.getPath<ResourceList>(path)
    for (const { name, namespaced, verbs } of resources)
      if (namespaced && verbs.includes('list') && verbs.includes('delete'))
        found.push({ group, version, resource: name })
  }
  return found
}
