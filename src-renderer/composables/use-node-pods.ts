/** The API server's pods of one node, read anew whenever the node's counts change. */
import { onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue'
import type { Pod } from '@common/api/core.ts'
import type { ClusterNode } from '@common/lab/cluster-view.ts'
import { toLabErrorData } from '@common/lab-error.ts'
import { call } from '../bridge/client.ts'

export interface NodePods {
  pods: Readonly<ShallowRef<readonly Pod[]>>
  /** Why they could not be read; empty when they were. */
  problem: Readonly<Ref<string>>
}

export function useNodePods(lab: Readonly<Ref<string>>, node: Readonly<Ref<ClusterNode>>): NodePods {
  const pods = shallowRef<readonly Pod[]>([])
  const problem = ref('')
  let latest = 0

  watch(
    [lab, node],
    async ([ofLab, { name }], before) => {
      if (before[1]?.name !== name) pods.value = []
      const turn = ++latest
      try {
        const read = await call('cluster/node-pods', { lab: ofLab, node: name })
        if (turn !== latest) return
        pods.value = read
        problem.value = ''
      } catch (error) {
        if (turn === latest) problem.value = toLabErrorData(error).message
      }
    },
    { immediate: true },
  )
  onScopeDispose(() => (latest += 1))

  return { pods, problem }
}
