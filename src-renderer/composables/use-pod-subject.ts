/** All that is known of one pod or file: what its kubelet says, what the API server has, what happened. It outlives the pod. */
import { computed, shallowRef, watch, type ComputedRef, type Ref } from 'vue'
import type { Pod } from '@common/api/core.ts'
import type { FileVerdict } from '@common/lab/file-verdict.ts'
import type { TimelineEntry } from '@common/lab/timeline-entry.ts'
import type { UserAction } from '@common/lab/user-action.ts'
import { actionsAbout } from '../model/actions-about.ts'
import { computeRows, findRow, type RowReference } from '../model/board-rows.ts'
import { nodePresence } from '../model/node-presence.ts'
import { findReflection, type Reflection } from '../model/reflections.ts'
import { entriesAbout } from '../model/timeline-filter.ts'
import { useActionsStore } from '../stores/actions-store.ts'
import { useLabsStore } from '../stores/labs-store.ts'
import { useConsequencesStore } from '../stores/consequences-store.ts'
import { useTimelineStore } from '../stores/timeline-store.ts'
import { useViewsStore } from '../stores/views-store.ts'
import { useCluster } from './use-cluster.ts'

/**
 * `there`: a file or a pod of that name is on the node, or an object in the API server; `gone`: neither is; `node-off`: its node
 * does not run, so that nobody can say; `node-removed`: it went with its node.
 */
export type Presence = 'there' | 'gone' | 'node-off' | 'node-removed'

export interface PodSubject {
  lab: string
  reference: RowReference
  title: string
  presence: Presence
  file: FileVerdict | undefined
  /** As its kubelet knows it now. */
  podOnNode: Pod | undefined
  /** The best that there is: on the node, else in the API server, else as it was seen last. */
  pod: Pod | undefined
  /** Of the pod and its file, and of the node's kubelet; oldest first. */
  entries: readonly TimelineEntry[]
  /** What people did to it, its file and its node. */
  actions: readonly UserAction[]
  reflection: Reflection | undefined
  hasServer: boolean
  isServerReady: boolean
}

export function usePodSubject(
  lab: Readonly<Ref<string>>,
  wanted: Readonly<Ref<RowReference>>,
): ComputedRef<PodSubject> {
  const actions = useActionsStore()
  const consequences = useConsequencesStore()
  const labs = useLabsStore()
  const timeline = useTimelineStore()
  const views = useViewsStore()

  const row = computed(() => {
    const view = views.viewOf(lab.value, wanted.value.node)
    return view === undefined ? undefined : findRow(computeRows(view), wanted.value)
  })
  /** A file that is put back finds its pod's past again, since both go by name. */
  const reference = computed((): RowReference => {
    const pod = row.value?.pod?.metadata ?? row.value?.file?.pod
    if (pod?.name === undefined) return wanted.value
    return { ...wanted.value, pod: { namespace: pod.namespace ?? 'default', name: pod.name } }
  })
  const { server, reflections } = useCluster(computed(() => labs.labs.get(lab.value)))
  /** A mirror that was deleted here stays in sight until the new one has come. */
  const reflection = computed((): Reflection | undefined => {
    const { pod } = reference.value
    const present = findReflection(reflections.value, reference.value)
    if (present !== undefined || pod === undefined) return present
    const deletion = consequences.deletionOf(lab.value, pod.namespace, pod.name)
    if (deletion?.isConcluded !== false || deletion.baseline.pod === undefined) return undefined
    const { node } = deletion.action
    const file = row.value?.file?.name
    return {
      key: `${pod.namespace}/${pod.name}`,
      kind: 'mirror',
      pod: deletion.baseline.pod,
      node,
      ...(file !== undefined && { file }),
    }
  })
  const key = computed(() => JSON.stringify([lab.value, reference.value]))
  const lastSeen = shallowRef<Pod>()
  watch(key, () => (lastSeen.value = undefined))
  watch(
    () => row.value?.pod,
    (pod) => (lastSeen.value = pod ?? lastSeen.value),
    { immediate: true },
  )
  const presence = computed((): Presence => {
    if (row.value?.pod !== undefined || reflection.value !== undefined) return 'there'
    const { node } = wanted.value
    const ofNode = nodePresence(labs.labs.get(lab.value), node)
    if (ofNode !== 'there') return `node-${ofNode}`
    return row.value === undefined ? 'gone' : 'there'
  })

  return computed(() => ({
    lab: lab.value,
    reference: reference.value,
    title: reference.value.pod?.name ?? reference.value.file ?? '',
    presence: presence.value,
    file: row.value?.file,
    podOnNode: row.value?.pod,
    pod: row.value?.pod ?? reflection.value?.pod ?? lastSeen.value,
    entries: entriesAbout(timeline.entriesOf(lab.value), reference.value, row.value?.file?.name),
    actions: actionsAbout(actions.actionsOf(lab.value), reference.value, row.value?.file?.name),
    reflection: reflection.value,
    hasServer: server.value !== undefined,
    isServerReady: server.value?.state === 'ready',
  }))
}
