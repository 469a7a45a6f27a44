/** Deletes through the API (facts 4.5, 6.4), and components of the control plane that stop and start (facts 9.7). */
import type { Pod } from '@common/api/core.ts'
import { findPodOwner } from '@common/lab/pod-tally.ts'
import type { ExplainedAction } from './explained-action.ts'
import type { Rule, Scene } from './expectation.ts'
import { findPod, traceRunning, viewOf, type Baseline, type ContainerTrace } from './live-state.ts'

type ClusterAction = Extract<ExplainedAction, { kind: 'ApiPodDeleted' | 'ComponentStopped' | 'ComponentStarted' }>
type DeleteAction = Extract<ClusterAction, { kind: 'ApiPodDeleted' }>
type ComponentAction = Exclude<ClusterAction, DeleteAction>

/** The grace of a pod is 30 s (facts 2.11), that of components too (facts 9.7). */
const GRACE_MS = 60_000
const START_MS = 180_000
/** As long as somebody may take to ask for a new pod. */
const NEW_POD_MS = 600_000
const API_SERVER = 'kube-apiserver'

export function clusterRules(action: ClusterAction, baseline: Baseline): Rule[] {
  switch (action.kind) {
    case 'ApiPodDeleted':
      return deleteRules(action, baseline)
    case 'ComponentStopped':
      return [
        componentGone(action),
        ...(action.component === API_SERVER ? [apiIs('apiAway', 'away')] : []),
        ...(action.component === 'kube-scheduler' ? [newPodsWait] : []),
        ...(workloadsOf(baseline.running).length > 0 ? [othersRun] : []),
      ]
    case 'ComponentStarted':
      return [componentRuns(action), ...(action.component === API_SERVER ? [apiIs('apiReady', 'ready')] : [])]
  }
}

function deleteRules(action: DeleteAction, { running }: Baseline): Rule[] {
  switch (action.origin) {
    case 'mirror': {
      const hadContainers = running.some((trace) => isOfPod(action, trace))
      return [oldGone(action), mirrorBack(action), ...(hadContainers ? [containersSame(action)] : [])]
    }
    case 'owned':
      return [oldGone(action), replaced(action)]
    case 'bare':
      return [oldGone(action)]
  }
}

function oldGone({ uid }: DeleteAction): Rule {
  return {
    id: 'oldGone',
    form: 'happens',
    limitMs: GRACE_MS,
    find: ({ live }) =>
      live.cluster?.state === 'ready' && !live.cluster.pods.some(({ metadata }) => metadata.uid === uid)
        ? { evidence: { uid } }
        : undefined,
  }
}

function mirrorBack({ uid, pod }: DeleteAction): Rule {
  return {
    id: 'mirrorBack',
    form: 'happens',
    limitMs: GRACE_MS,
    find: ({ live }) => {
      const fresh = live.cluster?.state === 'ready' ? findPod(live.cluster.pods, pod)?.metadata.uid : undefined
      return fresh === undefined || fresh === uid ? undefined : { evidence: { uid: fresh } }
    },
  }
}

function containersSame(action: DeleteAction): Rule {
  return {
    id: 'containersSame',
    form: 'holds',
    judge: ({ baseline, live }) => {
      const view = live.views.find(({ node }) => node === action.node)
      if (view === undefined || view.pods.length === 0) return undefined
      const before = baseline.running.filter((trace) => isOfPod(action, trace))
      const now = traceRunning(view).filter((trace) => isOfPod(action, trace))
      const isSo = before.every((trace) => now.some((one) => isSame(one, trace)))
      const words = now.map(({ container, id, restartCount }) => `${container} ${id.slice(0, 12)} (${restartCount})`)
      return { isSo, evidence: { count: before.length, containers: words.join(', ') } }
    },
  }
}

/** The same owner's newest pod, which was not there before. */
function replaced({ uid }: DeleteAction): Rule {
  return {
    id: 'replaced',
    form: 'happens',
    limitMs: GRACE_MS,
    find: ({ baseline, live }) => {
      const owner = baseline.pod === undefined ? undefined : findPodOwner(baseline.pod)
      if (owner === undefined) return undefined
      const known = new Set([...baseline.podUids, uid])
      const fresh = live.cluster?.pods.find((pod) => isOwnedBy(pod, owner) && !known.has(pod.metadata.uid ?? ''))
      if (fresh === undefined) return undefined
      const { kind, name } = owner
      return { evidence: { pod: fresh.metadata.name ?? '', owner: `${kind} ${name}`, node: fresh.spec.nodeName ?? '' } }
    },
  }
}

function componentGone(action: ComponentAction): Rule {
  return {
    id: 'componentGone',
    form: 'happens',
    limitMs: GRACE_MS,
    find: (scene) => {
      const view = viewOf(action, scene.live)
      const isHeard = view !== undefined && view.pods.length + view.files.length > 0
      return isHeard && componentPod(action, scene) === undefined ? { evidence: { pod: podNameOf(action) } } : undefined
    },
  }
}

function componentRuns(action: ComponentAction): Rule {
  return {
    id: 'componentRuns',
    form: 'happens',
    limitMs: START_MS,
    find: (scene) => {
      const statuses = componentPod(action, scene)?.status?.containerStatuses ?? []
      const isSo = statuses.length > 0 && statuses.every(({ ready, state }) => ready && state?.running !== undefined)
      return isSo ? { evidence: { pod: podNameOf(action) } } : undefined
    },
  }
}

function apiIs(id: 'apiAway' | 'apiReady', state: 'away' | 'ready'): Rule {
  return {
    id,
    form: 'happens',
    limitMs: START_MS,
    find: ({ live }) =>
      live.cluster?.state === state ? { evidence: { message: live.cluster.message ?? '' } } : undefined,
  }
}

/** Pods that nobody gives a node. */
const newPodsWait: Rule = {
  id: 'newPodsWait',
  form: 'happens',
  limitMs: NEW_POD_MS,
  isOptional: true,
  find: ({ baseline, live }) => {
    const waiting = live.cluster?.pods.find(
      ({ metadata, spec }) => spec.nodeName === undefined && !baseline.podUids.includes(metadata.uid ?? ''),
    )
    return waiting === undefined ? undefined : { evidence: { pod: waiting.metadata.name ?? '' } }
  },
}

/** Whoever needs the API server may end with it: components are not counted. */
const othersRun: Rule = {
  id: 'othersRun',
  form: 'holds',
  judge: ({ baseline, live }) => {
    const before = workloadsOf(baseline.running)
    const now = live.views.flatMap(traceRunning)
    const heard = new Set(live.views.filter(({ pods }) => pods.length > 0).map(({ node }) => node))
    const known = before.filter(({ node }) => heard.has(node))
    if (known.length === 0) return undefined
    const same = known.filter((trace) => now.some((one) => isSame(one, trace)))
    return { isSo: same.length === known.length, evidence: { count: same.length, of: known.length } }
  },
}

function workloadsOf(traces: readonly ContainerTrace[]): ContainerTrace[] {
  return traces.filter(({ namespace }) => namespace !== 'kube-system')
}

function isOfPod({ node, pod }: DeleteAction, trace: ContainerTrace): boolean {
  return trace.node === node && trace.namespace === pod.namespace && trace.name === pod.name
}

function isSame(one: ContainerTrace, other: ContainerTrace): boolean {
  return one.node === other.node && one.id === other.id && one.restartCount === other.restartCount
}

function isOwnedBy(pod: Pod, { kind, name }: { kind: string; name: string }): boolean {
  const owner = findPodOwner(pod)
  return owner?.kind === kind && owner.name === name
}

function componentPod(action: ComponentAction, { live }: Scene): Pod | undefined {
  return findPod(viewOf(action, live)?.pods ?? [], { namespace: 'kube-system', name: podNameOf(action) })
}

function podNameOf({ component, node }: ComponentAction): string {
  return `${component}-${node}`
}
