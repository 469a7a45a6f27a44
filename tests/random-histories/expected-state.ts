/** What a cluster at rest has to look like: derived from the objects alone, by the facts and not by the controllers' code. */
import type { ApiObject } from '../../src-main/common/api/api-object.ts'
import type { DaemonSet } from '../../src-main/common/api/daemon-set.ts'
import type { Deployment } from '../../src-main/common/api/deployment.ts'
import type { Node } from '../../src-main/common/api/node.ts'
import type { ReplicaSet } from '../../src-main/common/api/replica-set.ts'
import type { ApiClient } from '../../src-main/kube/api-client.ts'
import { DAEMON_SETS, DEPLOYMENTS, NODES, PODS, REPLICA_SETS } from '../../src-main/kube/resources.ts'
import { mayBeGiven, mayStay, podsOn } from './placement-rules.ts'
import {
  allowsSurge,
  isLive,
  isReady,
  isUpToDate,
  ownerUid,
  placeOf,
  shownVersion,
  type LivePod,
} from './workload-objects.ts'

interface World {
  nodes: readonly Node[]
  pods: readonly LivePod[]
}

/** @returns a sentence for each thing that is not as it should be */
export async function findProblems(client: ApiClient): Promise<string[]> {
  const all = async <Kind extends ApiObject>(of: typeof PODS): Promise<Kind[]> => (await client.list<Kind>(of)).items
  const world: World = { nodes: await all<Node>(NODES), pods: await all<LivePod>(PODS) }
  const sets = await all<DaemonSet>(DAEMON_SETS)
  const deployments = await all<Deployment>(DEPLOYMENTS)
  const replicaSets = await all<ReplicaSet>(REPLICA_SETS)
  return [
    ...world.nodes.flatMap(problemsOfNode),
    ...world.pods.flatMap((pod) => problemsOfPod(pod, world, [...sets, ...replicaSets])),
    ...sets.flatMap((set) => problemsOfSet(set, world)),
    ...deployments.flatMap((deployment) => problemsOfDeployment(deployment, world, replicaSets)),
  ]
}

/** All nodes are well: what is left are the taints that people gave, and that of a cordon. */
function problemsOfNode({ metadata, spec, status }: Node): string[] {
  const ready = status?.conditions?.find(({ type }) => type === 'Ready')?.status
  const keys = (spec?.taints ?? []).map(({ key }) => key.replace('node.kubernetes.io/', ''))
  const others = keys.filter(
    (key) => key !== 'maintenance' && !(spec?.unschedulable === true && key === 'unschedulable'),
  )
  return [
    ...(ready === 'True' ? [] : [`${metadata.name} has Ready=${ready}`]),
    ...others.map((key) => `${metadata.name} has the taint ${key}`),
    ...(spec?.unschedulable === true && !keys.includes('unschedulable') ? [`${metadata.name} lacks its taint`] : []),
  ]
}

function problemsOfPod(pod: LivePod, { nodes }: World, owners: readonly ApiObject[]): string[] {
  const { name = '' } = pod.metadata
  const node = nodes.find(({ metadata }) => metadata.name === pod.spec.nodeName)
  const isMissing = pod.spec.nodeName !== undefined && node === undefined
  return [
    ...(owners.some(({ metadata }) => metadata.uid === ownerUid(pod)) ? [] : [`${name} has no owner`]),
    ...(node === undefined || mayStay(pod, node)
      ? []
      : [`${name} is on ${pod.spec.nodeName}, whose taints it does not tolerate`]),
    ...(isMissing ? [`${name} is on ${pod.spec.nodeName}, which is gone`] : []),
    ...(pod.metadata.deletionTimestamp === undefined ? [] : [`${name} does not go`]),
  ]
}

function problemsOfSet(set: DaemonSet, { nodes, pods }: World): string[] {
  const own = pods.filter((pod) => ownerUid(pod) === set.metadata.uid)
  // One that can neither start nor be made anew counts as away, and an update waits for it, as upstream's does.
  const isBlocked = nodes.some((node) => {
    const isStuck = (pod: LivePod): boolean => placeOf(pod) === node.metadata.name && !isReady(pod)
    return podsOn(set, node) === 'as it is' && own.some(isStuck)
  })
  const mayBeOld = isBlocked || set.spec.updateStrategy?.type === 'OnDelete'
  const problems: string[] = []
  const counts = { wanted: 0, updated: 0, misplaced: 0 }
  for (const node of nodes) {
    const { name = '' } = node.metadata
    const here = own.filter((pod) => placeOf(pod) === name)
    const rule = podsOn(set, node)
    // Where no new pod may come, one of an update may wait beside the old one for as long as that lasts.
    const most = rule === 'none' ? 0 : rule === 'as it is' && allowsSurge(set) ? 2 : 1
    problems.push(...here.filter((pod) => !isLive(pod)).map((pod) => `${pod.metadata.name} is ${pod.status?.phase}`))
    if (here.length > most) problems.push(`${set.metadata.name} has ${here.length} pods on ${name}, not ${most}`)
    if (rule !== 'one') counts.misplaced += here.length > 0 ? 1 : 0
    else {
      counts.wanted += 1
      const [pod] = here
      if (pod === undefined || !isReady(pod)) problems.push(`${set.metadata.name} has no ready pod on ${name}`)
      else if (isUpToDate(pod, set)) counts.updated += 1
      else if (!mayBeOld) problems.push(`${pod.metadata.name} is not up to date`)
    }
  }
  return [
    ...problems,
    ...differences(`status of ${set.metadata.name}`, set.status, {
      desiredNumberScheduled: counts.wanted,
      currentNumberScheduled: counts.wanted,
      numberReady: counts.wanted,
      numberAvailable: counts.wanted,
      numberUnavailable: 0,
      updatedNumberScheduled: counts.updated,
      numberMisscheduled: counts.misplaced,
      observedGeneration: set.metadata.generation ?? 0,
    }),
  ]
}

/** Where no node takes its pods it can only wait, with as many pods as an update may have. */
function problemsOfDeployment(deployment: Deployment, { nodes, pods }: World, sets: readonly ReplicaSet[]): string[] {
  const { metadata, spec, status } = deployment
  const own = sets.filter(({ metadata: { ownerReferences = [] } }) =>
    ownerReferences.some(({ uid }) => uid === metadata.uid),
  )
  // Those that failed stay for who wants to look at them.
  const live = pods.filter((pod) => isLive(pod) && own.some((set) => set.metadata.uid === ownerUid(pod)))
  const replicas = spec.replicas ?? 1
  const name = `status of ${metadata.name}`
  const [sample] = live
  if (sample !== undefined && !nodes.some((node) => mayBeGiven(sample, node)))
    return differences(name, status, { observedGeneration: metadata.generation ?? 0 })
  const old = live.filter((pod) => shownVersion(pod) !== shownVersion(spec.template))
  return [
    ...(live.length === replicas ? [] : [`${metadata.name} has ${live.length} pods, not ${replicas}`]),
    ...old.map((pod) => `${pod.metadata.name} is not up to date`),
    ...differences(name, status, {
      replicas,
      updatedReplicas: replicas,
      readyReplicas: replicas,
      availableReplicas: replicas,
      unavailableReplicas: 0,
      observedGeneration: metadata.generation ?? 0,
    }),
  ]
}

/** What is zero may be left out. */
function differences(what: string, present: object | undefined, wanted: Readonly<Record<string, number>>): string[] {
  const numbers = new Map(Object.entries(present ?? {}) as [string, unknown][])
  return Object.entries(wanted).flatMap(([field, number]) => {
    const found = numbers.get(field) ?? 0
    return found === number ? [] : [`${what}: ${field} is ${String(found)}, not ${number}`]
  })
}
