/** What can be done with the API server's pods. */
import type { Reflection } from '../model/reflections.ts'
import { useExplainedActions } from './use-explained-actions.ts'

export interface ClusterActions {
  /** As `kubectl delete pod`: explained before, and watched afterwards. */
  deletePod(lab: string, reflection: Reflection): Promise<boolean>
}

export function useClusterActions(): ClusterActions {
  const explained = useExplainedActions()

  function deletePod(lab: string, { kind, node, owner, pod }: Reflection): Promise<boolean> {
    const { namespace = 'default', name = '', uid = '' } = pod.metadata
    const origin = kind === 'mirror' ? 'mirror' : owner === undefined ? 'bare' : 'owned'
    return explained.ask({ kind: 'ApiPodDeleted', lab, node, pod: { namespace, name }, origin, uid })
  }

  return { deletePod }
}
