/** Empties a namespace that is being deleted, and lets it go when nothing is left (pkg/controller/namespace). */
import { DisposableStore, type Disposable } from '../../base/disposable.ts'
import { WorkQueue } from '../../base/work-queue.ts'
import type { ApiObject, GroupVersionResource } from '../../common/api/api-object.ts'
import type { Namespace } from '../../common/api/namespace.ts'
import type { ApiClient } from '../../kube/api-client.ts'
import { hasReason } from '../../kube/status-error.ts'
import { discoverResources } from '../control/discover-resources.ts'
import type { ControllerContext } from '../controller.ts'
import { NAMESPACES } from '../../kube/resources.ts'

const FINALIZER = 'kubernetes'
/** How soon a namespace is looked at again in which something takes its time to go. */
const LOOK_AGAIN_MS = 1000

export function startNamespaces({ client, clock, logger, informers }: ControllerContext): Disposable {
  const owned = new DisposableStore()
  const namespaces = informers.of<Namespace>(NAMESPACES)
  const queue = owned.add(
    new WorkQueue({
      clock,
      workers: 2,
      onFailure: (namespace, error) => logger.error('Deletion of namespace failed', { namespace, err: error }),
      async sync(name) {
        const namespace = namespaces.get(undefined, name)
        if (namespace?.metadata.deletionTimestamp === undefined) return
        if (!(namespace.spec?.finalizers ?? []).includes(FINALIZER)) return
        if (await empty(client, name)) await finalize(client, namespace)
        else queue.addAfter(name, LOOK_AGAIN_MS)
      },
    }),
  )
  const look = ({ metadata }: Namespace): void => queue.add(metadata.name ?? '')
  owned.add(namespaces.follow({ onAdd: look, onUpdate: look }))
  return owned
}

/** Deletes what is in it. @returns whether nothing is left */
async function empty(client: ApiClient, namespace: string): Promise<boolean> {
  let isEmpty = true
  for (const { namespaced, verbs, ...resource } of await discoverResources(client)) {
    if (!namespaced || !verbs.includes('list') || !verbs.includes('delete')) continue
    for (const { metadata } of (await client.list<ApiObject>(resource, { namespace })).items) {
      isEmpty = false
      if (metadata.deletionTimestamp === undefined) await remove(client, resource, namespace, metadata.name ?? '')
    }
  }
  return isEmpty
}

async function remove(
  client: ApiClient,
  resource: GroupVersionResource,
  namespace: string,
  name: string,
): Promise<void> {
  try {
    await client.delete(resource, { namespace, name }, { propagationPolicy: 'Background' })
  } catch (error) {
    if (!hasReason(error, 'NotFound')) throw error
  }
}

async function finalize(client: ApiClient, namespace: Namespace): Promise<void> {
  const finalizers = (namespace.spec?.finalizers ?? []).filter((finalizer) => finalizer !== FINALIZER)
  try {
    await client.update(NAMESPACES, { ...namespace, spec: { ...namespace.spec, finalizers } }, 'finalize')
  } catch (error) {
    if (!hasReason(error, 'NotFound')) throw error
  }
}
