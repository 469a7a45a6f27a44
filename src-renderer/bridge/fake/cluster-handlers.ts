/** Calls of the in-memory bridge about the control plane and what its API server has. */
import { CONTROL_PLANE_COMPONENTS } from '@common/lab/control-plane-components.ts'
import { LabError } from '@common/lab-error.ts'
import { CONTROL_PLANE_FILES, CONTROL_PLANE_NODE, isApiServerFile, schedulingManifest } from './fake-cluster.ts'
import type { FakeLab } from './fake-lab.ts'
import type { HandlersOf } from './handlers.ts'

export function clusterHandlers(fake: FakeLab): HandlersOf<'cluster' | 'control-plane' | 'component'> {
  return {
    'cluster/view': async () => fake.cluster?.view() ?? null,
    'cluster/delete-pod': async ({ namespace, pod }) => {
      if (fake.cluster === undefined) throw new LabError({ kind: 'NotFound', message: 'There is no control plane.' })
      fake.cluster.deletePod(namespace, pod)
      return null
    },
    'cluster/node-pods': async ({ node }) => fake.cluster?.podsOf(node) ?? [],
    'cluster/pod-events': async ({ pod }) => fake.cluster?.eventsOf(pod) ?? [],
    'control-plane/set': async ({ scheduleDaemonSetPods }) => {
      const node = fake.need(CONTROL_PLANE_NODE)
      const name = 'kube-controller-manager.yaml'
      node.apply(name, schedulingManifest(scheduleDaemonSetPods), true)
      return { manifest: 'written' }
    },
    'component/list': async () => {
      const files = fake.need(CONTROL_PLANE_NODE)
      return CONTROL_PLANE_COMPONENTS.map((component) => {
        const file = `${component}.yaml`
        const isPlaced = files.has(file)
        const folder = `/home/learner/.local/share/node-lab/labs/default/nodes/${CONTROL_PLANE_NODE}`
        const path = `${folder}/${isPlaced ? 'manifests' : 'stopped'}/${file}`
        return { component, file, state: isPlaced ? ('placed' as const) : ('aside' as const), path }
      })
    },
    'component/start': async ({ component }) => {
      const file = `${component}.yaml`
      fake.need(CONTROL_PLANE_NODE).apply(file, CONTROL_PLANE_FILES[file] ?? '', true)
      if (isApiServerFile(CONTROL_PLANE_NODE, file)) fake.cluster?.become('ready')
      return null
    },
    'component/stop': async ({ component }) => {
      const file = `${component}.yaml`
      if (isApiServerFile(CONTROL_PLANE_NODE, file)) fake.cluster?.become('away')
      fake.need(CONTROL_PLANE_NODE).remove(file)
      return null
    },
  }
}
