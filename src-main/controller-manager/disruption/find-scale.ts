/** How many pods the workload behind a controller wants (disruption.go getPodReplicaSet, getPodDeployment, getScaleController). */
import type { Deployment } from '../../common/api/deployment.ts'
import type { OwnerReference } from '../../common/api/meta.ts'
import type { ReplicaSet } from '../../common/api/replica-set.ts'
import type { Informer } from '../../kube/informer.ts'
import { controllerOf } from '../control/owner-reference.ts'
import { UnknownScaleError, type FindScale } from './compute-expected-pods.ts'

/** Kinds that are served and have no scale, by the names that messages give their resources. */
const WITHOUT_SCALE: Readonly<Record<string, string>> = {
  'apps/v1 DaemonSet': 'daemonsets.apps',
  'v1 Node': 'nodes',
}

/** @returns what throws UnknownScaleError for a controller that has no number of pods */
export function scaleFinder(
  namespace: string,
  sets: Informer<ReplicaSet>,
  deployments: Informer<Deployment>,
): FindScale {
  return (controller) => {
    const { apiVersion, kind, name } = controller
    if (kind !== 'ReplicaSet') throw new UnknownScaleError(withoutScale(controller))
    const set = sets.get(namespace, name)
    if (set?.metadata.uid !== controller.uid) return undefined
    const above = controllerOf(set)
    const deployment = above?.kind === 'Deployment' ? deployments.get(namespace, above.name) : undefined
    const counted = deployment !== undefined && deployment.metadata.uid === above?.uid ? deployment : set
    return { uid: counted.metadata.uid ?? `${apiVersion}/${name}`, replicas: counted.spec.replicas ?? 0 }
  }
}

function withoutScale({ apiVersion, kind }: OwnerReference): string {
  const resource = WITHOUT_SCALE[`${apiVersion} ${kind}`]
  return resource === undefined
    ? `no matches for kind ${JSON.stringify(kind)} in version ${JSON.stringify(apiVersion)}`
    : `${resource} does not implement the scale subresource`
}
