/** Every namespace has its service account `default` (pkg/controller/serviceaccount/serviceaccounts_controller.go). */
import { DisposableStore, type Disposable } from '../../base/disposable.ts'
import { WorkQueue } from '../../base/work-queue.ts'
import type { Namespace } from '../../common/api/namespace.ts'
import type { ServiceAccount } from '../../common/api/service-account.ts'
import { hasReason } from '../../kube/status-error.ts'
import type { ControllerContext } from '../controller.ts'
import { NAMESPACES, SERVICE_ACCOUNTS } from '../../kube/resources.ts'

const NAME = 'default'

export function startServiceAccounts({ client, clock, logger, informers }: ControllerContext): Disposable {
  const owned = new DisposableStore()
  const namespaces = informers.of<Namespace>(NAMESPACES)
  const accounts = informers.of<ServiceAccount>(SERVICE_ACCOUNTS)
  const queue = owned.add(
    new WorkQueue({
      clock,
      workers: 1,
      onFailure: (namespace, error) => logger.error('Cannot sync service account', { namespace, err: error }),
      async sync(name) {
        if (!namespaces.hasSynced || !accounts.hasSynced) return
        const namespace = namespaces.get(undefined, name)
        const isGoing = namespace === undefined || namespace.status?.phase === 'Terminating'
        if (isGoing || accounts.get(name, NAME) !== undefined) return
        const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { namespace: name, name: NAME } }
        await client.create(SERVICE_ACCOUNTS, account).catch((error: unknown) => {
          // The watch may be behind; or the namespace went meanwhile.
          if (!hasReason(error, 'AlreadyExists') && !hasReason(error, 'NotFound')) throw error
        })
      },
    }),
  )
  const addAll = (): void => namespaces.list().forEach(({ metadata }) => queue.add(metadata.name ?? ''))
  owned.add(
    namespaces.follow({
      onAdd: ({ metadata }) => queue.add(metadata.name ?? ''),
      onUpdate: ({ metadata }) => queue.add(metadata.name ?? ''),
      onSynced: addAll,
    }),
  )
  owned.add(accounts.follow({ onDelete: ({ metadata }) => queue.add(metadata.namespace ?? ''), onSynced: addAll }))
  return owned
}
