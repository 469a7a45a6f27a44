/**
 * Every namespace has the ConfigMap `kube-root-ca.crt`, which pods' token volumes bring to the containers
 * (pkg/controller/certificates/rootcacertpublisher).
 */
import { DisposableStore, type Disposable } from '../../base/disposable.ts'
import { WorkQueue } from '../../base/work-queue.ts'
import type { ConfigMap } from '../../common/api/config-map.ts'
import type { Namespace } from '../../common/api/namespace.ts'
import { hasReason } from '../../kube/status-error.ts'
import type { ControllerContext } from '../controller.ts'
import { CONFIG_MAPS, NAMESPACES } from '../../kube/resources.ts'

const NAME = 'kube-root-ca.crt'
const DESCRIPTION = 'The certificate authority by which pods know the API server.'

export function startRootCaCertPublisher(context: ControllerContext): Disposable {
  const { client, clock, logger, informers, rootAuthority } = context
  const owned = new DisposableStore()
  if (rootAuthority === '') return owned
  const namespaces = informers.of<Namespace>(NAMESPACES)
  const configMaps = informers.of<ConfigMap>(CONFIG_MAPS)
  const data = { 'ca.crt': rootAuthority }
  const queue = owned.add(
    new WorkQueue({
      clock,
      workers: 1,
      onFailure: (namespace, error) => logger.error('Cannot sync root CA configmap', { namespace, err: error }),
      async sync(name) {
        if (!namespaces.hasSynced || !configMaps.hasSynced) return
        const namespace = namespaces.get(undefined, name)
        if (namespace === undefined || namespace.status?.phase === 'Terminating') return
        const present = configMaps.get(name, NAME)
        if (present?.data?.['ca.crt'] === rootAuthority && Object.keys(present.data).length === 1) return
        try {
          if (present !== undefined) await client.update(CONFIG_MAPS, { ...present, data })
          else await client.create(CONFIG_MAPS, makeConfigMap(name, data))
        } catch (error) {
          if (!hasReason(error, 'AlreadyExists') && !hasReason(error, 'NotFound')) throw error
        }
      },
    }),
  )
  const addAll = (): void => namespaces.list().forEach(({ metadata }) => queue.add(metadata.name ?? ''))
  owned.add(namespaces.follow({ onAdd: ({ metadata }) => queue.add(metadata.name ?? ''), onSynced: addAll }))
  const changed = ({ metadata }: ConfigMap): void => {
    if (metadata.name === NAME) queue.add(metadata.namespace ?? '')
  }
  owned.add(configMaps.follow({ onUpdate: changed, onDelete: changed, onSynced: addAll }))
  return owned
}

function makeConfigMap(namespace: string, data: Record<string, string>): ConfigMap {
  const annotations = { 'kubernetes.io/description': DESCRIPTION }
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace, name: NAME, annotations }, data }
}
