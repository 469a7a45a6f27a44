/** What there is to see of one side in one moment, from what nodes, the API server and the engine tell. Pure. */
import type { ApiObject } from '../../common/api/api-object.ts'
import type { Pod } from '../../common/api/core.ts'
import type { DaemonSet } from '../../common/api/daemon-set.ts'
import type { Deployment } from '../../common/api/deployment.ts'
import type { Time } from '../../common/api/meta.ts'
import { isMirrorPod, isStaticPod, staticPodHash } from '../../common/api/static-pod.ts'
import type { SideName } from '../../common/experiments/experiment.ts'
import type { PodLook, SideLook } from '../../common/experiments/side-record.ts'
import type { NodeView } from '../../common/lab/lab-status.ts'
import type { NodeContainer } from '../../common/lab/node-container.ts'
import { AGENT_NAMES, sideOfPod } from '../../common/experiments/agent-names.ts'
import { computeDefinitionLook } from './compute-definition-look.ts'
import { computeForgottenPodLook, computePodLook, type SeenPod } from './compute-pod-look.ts'

/** What is known of a worker. */
export interface NodeFacts {
  node: string
  /** Absent while its kubelet does not answer. */
  view?: NodeView
  /** All that the engine has of it. */
  containers: readonly NodeContainer[]
  /** Content of the agent's manifest file, if it is there. */
  file?: string
}

export interface LookFacts {
  now: Time
  apiServer: SideLook['apiServer']
  /** While the API server is away, these and the following are what was known last. */
  apiPods: readonly Pod[]
  daemonSet?: DaemonSet
  controllerRevisions: readonly ApiObject[]
  deployment?: Deployment
  replicaSets: readonly ApiObject[]
  nodes: readonly NodeFacts[]
}

export function computeSideLook(side: SideName, facts: LookFacts): SideLook {
  const seen = pairPods(side, facts)
  const pods = seen.map((pod) => computePodLook(pod, containersOf(pod, seen, facts), facts.now))
  return {
    time: facts.now,
    apiServer: facts.apiServer,
    definition: computeDefinitionLook(side, facts),
    pods: [...pods, ...forgottenPods(side, pods, facts)].toSorted(byNodeAndName),
  }
}

/** What each way of making pods is used for in this lab besides: static pods of the control plane, other DaemonSets, other Deployments. */
export function computeUsedFor(
  side: SideName,
  others: { pods: readonly Pod[]; daemonSets: readonly ApiObject[]; deployments: readonly ApiObject[] },
): string[] {
  const staticPods = others.pods.filter((pod) => isMirrorPod(pod) || isStaticPod(pod))
  const objects = { static: staticPods, daemonSet: others.daemonSets, deployment: others.deployments }[side]
  const names = objects.flatMap(({ metadata: { namespace, name } }) =>
    namespace === AGENT_NAMES.namespace || name === undefined ? [] : [name],
  )
  return [...new Set(names)].toSorted()
}

/** Each pod once, whoever tells of it: a static pod and its mirror have their hash in common, other pods their uid. */
function pairPods(side: SideName, { apiPods, apiServer, nodes }: LookFacts): SeenPod[] {
  const seen = new Map<string, SeenPod>()
  for (const { node, view } of nodes) {
    for (const pod of view?.pods ?? [])
      if (isOfSide(pod, side)) seen.set(`${node}/${identity(pod)}`, { node, pod, inKubelet: true })
  }
  for (const pod of apiPods) {
    if (!isOfSide(pod, side)) continue
    const node = pod.spec.nodeName ?? ''
    const key = `${node}/${identity(pod)}`
    const isAnswered = nodes.some((one) => one.node === node && one.view !== undefined)
    // Nobody can take the mirror away from a server that is away: its kubelet knows better what it mirrored.
    if (apiServer === 'away' && isMirrorPod(pod) && isAnswered && !seen.has(key)) continue
    seen.set(key, { ...(seen.get(key) ?? { node, pod, inKubelet: false }), api: pod })
  }
  return [...seen.values()]
}

function isOfSide({ metadata: { namespace, name } }: Pod, side: SideName): boolean {
  return namespace === AGENT_NAMES.namespace && sideOfPod(name ?? '') === side
}

function identity(pod: Pod): string {
  const hash = isMirrorPod(pod) || isStaticPod(pod) ? staticPodHash(pod) : undefined
  return hash ?? pod.metadata.uid ?? pod.metadata.name ?? ''
}

/** Of a pod that shares its name with another one, as an edited static pod does for a moment, only those that its status names. */
function containersOf(
  { node, pod }: SeenPod,
  seen: readonly SeenPod[],
  { nodes }: LookFacts,
): readonly NodeContainer[] {
  const { name } = pod.metadata
  const all = nodes.find((one) => one.node === node)?.containers ?? []
  const containers = all.filter(({ namespace, pod: of }) => namespace === AGENT_NAMES.namespace && of === name)
  const sharesName = seen.some((other) => other.pod !== pod && other.node === node && other.pod.metadata.name === name)
  if (!sharesName) return containers
  const ids = pod.status?.containerStatuses?.map(({ containerID }) => containerID ?? '') ?? []
  return containers.filter(({ id }) => ids.some((told) => told.endsWith(`://${id}`)))
}

/** Pods that run where no kubelet answers, and that the API server knows no more. */
function forgottenPods(side: SideName, known: readonly PodLook[], { nodes, now }: LookFacts): PodLook[] {
  return nodes.flatMap(({ node, view, containers }) => {
    if (view !== undefined) return []
    return containers
      .filter(
        (container) =>
          container.isRunning &&
          container.namespace === AGENT_NAMES.namespace &&
          sideOfPod(container.pod) === side &&
          !known.some((pod) => pod.node === node && pod.name === container.pod),
      )
      .map((container) => computeForgottenPodLook(node, container, now))
  })
}

function byNodeAndName(one: PodLook, other: PodLook): number {
  const [first, second] = [`${one.node}/${one.name}`, `${other.node}/${other.name}`]
  return first === second ? 0 : first < second ? -1 : 1
}
