/** The address of a pod's page. Pure. */
import type { RouteLocationRaw } from 'vue-router'
import type { RowReference } from '../../model/board-rows.ts'
import type { InspectorTab } from '../../stores/selection-store.ts'
import type { Place } from '../../router.ts'

const POD_PLACE: Place = 'pod'

/** `undefined` for a file without a pod, and for a pod without a node: neither has a page. */
export function placeOfPod(lab: string, { node, pod }: RowReference, tab: InspectorTab): RouteLocationRaw | undefined {
  if (lab === '' || node === '' || pod === undefined || pod.name === '') return undefined
  return { name: POD_PLACE, params: { lab, node, namespace: pod.namespace, pod: pod.name, tab } }
}
