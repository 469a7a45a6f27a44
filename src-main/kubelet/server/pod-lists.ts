/** `/pods` and `/runningpods/` (facts 5.3). */
import type { Pod } from '../../common/api/core.ts'
import type { RuntimePod } from '../runtime/runtime-pod.ts'
import { runningContainers } from '../runtime/runtime-pod.ts'
import { isRunning } from './find-target.ts'

/** As upstream's encoder writes it: items without kind, and `null` instead of an empty list (golden REPORT, `/pods`). */
export function encodePodList(pods: readonly Pod[]): string {
  const items = pods.map((pod) => ({ metadata: pod.metadata, spec: pod.spec, status: pod.status ?? {} }))
  const list = { kind: 'PodList', apiVersion: 'v1', metadata: {}, items: items.length === 0 ? null : items }
  return `${JSON.stringify(list)}\n`
}

/** What the runtime itself knows of the pods that run, wanted or not. */
export function listRunningPods(pods: readonly RuntimePod[]): Pod[] {
  return pods.filter(isRunning).map((pod) => ({
    metadata: { name: pod.name, namespace: pod.namespace, uid: pod.uid },
    spec: {
      containers: runningContainers(pod).map(({ metadata, image }) => ({
        name: metadata.name,
        image: image.userSpecifiedImage || image.image,
        resources: {},
      })),
    },
  }))
}
