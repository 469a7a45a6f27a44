/** What can be done with the API server's pods. */
import { useI18n } from 'vue-i18n'
import { call } from '../bridge/client.ts'
import { traceContainers } from '../model/mirror-deletion.ts'
import type { Reflection } from '../model/reflections.ts'
import { useMirrorDeletionsStore } from '../stores/mirror-deletions-store.ts'
import { useViewsStore } from '../stores/views-store.ts'
import { useNotify } from './use-notify.ts'

export interface ClusterActions {
  /** As `kubectl delete pod`; what comes of a mirror is written down in the store of deletions. */
  deletePod(lab: string, reflection: Reflection): Promise<boolean>
}

export function useClusterActions(): ClusterActions {
  const notify = useNotify()
  const views = useViewsStore()
  const deletions = useMirrorDeletionsStore()
  const { t } = useI18n()

  async function deletePod(lab: string, reflection: Reflection): Promise<boolean> {
    const { kind, pod, node } = reflection
    const { namespace = 'default', name = '' } = pod.metadata
    const failure = t('toast.failed.deletePod', { pod: name })
    if (kind === 'api')
      return notify.attempt(failure, async () => {
        await call('cluster/delete-pod', { lab, namespace, pod: name })
        notify.success(t('toast.podDeleted', { pod: name }))
      })
    const onNode = views
      .viewOf(lab, node)
      ?.pods.find(({ metadata }) => metadata.name === name && (metadata.namespace ?? 'default') === namespace)
    const containers = traceContainers(onNode)
    const askedAt = Date.now()
    deletions.begin({ lab, node, namespace, name, deleted: reflection, containers, askedAt, state: 'asked' })
    const isDone = await notify.attempt(failure, async () => {
      await call('cluster/delete-pod', { lab, namespace, pod: name })
    })
    if (!isDone) deletions.forget({ lab, namespace, name })
    return isDone
  }

  return { deletePod }
}
