/** A lab's API server as the window shows it: whether it can be believed, and its pods with where they came from. */
import { computed, type ComputedRef, type Ref } from 'vue'
import type { ClusterNode } from '@common/lab/cluster-view.ts'
import type { WorkloadTally } from '@common/lab/pod-tally.ts'
import type { LabStatus } from '@common/lab/lab-status.ts'
import { readApiServer, type ApiServerReading } from '../model/api-server.ts'
import { computeReflections, type Reflection } from '../model/reflections.ts'
import { useClusterStore } from '../stores/cluster-store.ts'
import { useTimelineStore } from '../stores/timeline-store.ts'
import { useViewsStore } from '../stores/views-store.ts'

export interface Cluster {
  /** `undefined`: the lab has no control plane. */
  server: ComputedRef<ApiServerReading | undefined>
  reflections: ComputedRef<Reflection[]>
  /** What the last connection ended with, in the client's words. */
  message: ComputedRef<string>
  nodeOf(name: string): ClusterNode | undefined
  simulatedNodes: ComputedRef<ClusterNode[]>
  /** Who owns the pods of simulated nodes. */
  simulatedWorkloads: ComputedRef<readonly WorkloadTally[]>
}

export function useCluster(lab: Readonly<Ref<LabStatus | undefined>>): Cluster {
  const clusters = useClusterStore()
  const timeline = useTimelineStore()
  const views = useViewsStore()

  const view = computed(() => (lab.value?.apiServer === undefined ? undefined : clusters.viewOf(lab.value.name)))
  const server = computed(() => {
    if (lab.value === undefined) return undefined
    const { name, apiServer } = lab.value
    return readApiServer(lab.value, view.value, views.viewOf(name, apiServer?.node ?? ''))
  })
  const reflections = computed(() => {
    if (view.value === undefined) return []
    const { lab: name } = view.value
    return computeReflections(
      view.value,
      [...views.views.values()].filter((one) => one.lab === name),
      (node, uid) =>
        timeline.entriesOfNode(name, node).findLast(({ reason, pod }) => reason === 'FileAccepted' && pod?.uid === uid)
          ?.file,
    )
  })
  const message = computed(() => view.value?.message ?? '')

  return {
    server,
    reflections,
    message,
    simulatedNodes: computed(() => (view.value?.nodes ?? []).filter(({ simulated }) => simulated !== undefined)),
    simulatedWorkloads: computed(() => view.value?.simulatedWorkloads ?? []),
    nodeOf: (name) => view.value?.nodes.find((node) => node.name === name),
  }
}
