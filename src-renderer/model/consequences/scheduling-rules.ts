/** A node that takes no new pods, takes them again, or is emptied (facts 7.14, 8.5.10). */
import { findPodOwner } from '@common/lab/pod-tally.ts'
import type { ExplainedAction, SchedulingActionKind } from './explained-action.ts'
import type { Rule, Scene } from './expectation.ts'
import { keyOf, viewOf, type Baseline, type ContainerTrace } from './live-state.ts'
import { happens, holdsForContainers, nodeInCluster, runningOn } from './node-scene.ts'

type SchedulingAction = Extract<ExplainedAction, { kind: SchedulingActionKind }>

const SOON_MS = 60_000
/** As long as budgets are asked again, and then the grace of pods (facts 2.11). */
const DRAIN_MS = 150_000

export function schedulingRules(action: SchedulingAction, baseline: Baseline): Rule[] {
  const running = runningOn(action, baseline)
  switch (action.kind) {
    case 'NodeCordoned':
      return [cordoned, ...(running.length > 0 ? [containersRun] : [])]
    case 'NodeUncordoned':
      return [uncordoned, ...(running.length > 0 ? [containersRun] : [])]
    case 'NodeDrained':
      return [
        cordoned,
        ...(baseline.evictable.length > 0 ? [drained, budgetBlocks] : []),
        ...(baseline.evictableOwners.length > 0 ? [elsewhere] : []),
        ...(running.some((trace) => stays(trace, baseline)) ? [othersStay] : []),
      ]
  }
}

const cordoned = happens('cordoned', SOON_MS, (scene) => {
  const node = nodeInCluster(scene)
  return node?.unschedulable === true ? { status: `${readyOf(node)},SchedulingDisabled` } : undefined
})

const uncordoned = happens('uncordoned', SOON_MS, (scene) => {
  const node = nodeInCluster(scene)
  return node?.unschedulable === false ? { status: readyOf(node) } : undefined
})

const containersRun = holdsForContainers('containersRun')

/** Pods, not containers: one that crashes meanwhile does so by itself, and is restarted. */
const othersStay: Rule = {
  id: 'othersStay',
  form: 'holds',
  judge: ({ action, baseline, live }) => {
    const { pods = [] } = viewOf(action, live) ?? {}
    if (pods.length === 0) return undefined
    const before = new Set(
      runningOn(action, baseline)
        .filter((trace) => stays(trace, baseline))
        .map(({ namespace, name }) => `${namespace}/${name}`),
    )
    const count = pods.filter((pod) => before.has(keyOf(pod))).length
    return { isSo: count === before.size, evidence: { count, of: before.size } }
  },
}

/** Pods of the same names may be elsewhere. */
const drained: Rule = {
  ...happens('drained', DRAIN_MS, ({ action, baseline, live }) => {
    if (live.cluster?.state !== 'ready') return undefined
    const left = live.cluster.pods.filter(({ spec }) => spec.nodeName === action.node).map(keyOf)
    return baseline.evictable.some((key) => left.includes(key)) ? undefined : { pods: namesOf(baseline.evictable) }
  }),
  isHopeless: isGivenUp,
}

const elsewhere: Rule = {
  ...happens('elsewhere', DRAIN_MS, ({ action, baseline, live }) => {
    if (live.cluster?.state !== 'ready') return undefined
    const fresh = live.cluster.pods.filter(
      (pod) =>
        !baseline.podUids.includes(pod.metadata.uid ?? '') &&
        pod.spec.nodeName !== action.node &&
        baseline.evictableOwners.includes(ownerOf(pod)),
    )
    if (fresh.length === 0) return undefined
    return { pods: fresh.map(({ metadata, spec }) => `${metadata.name} → ${spec.nodeName ?? 'Pending'}`).join(', ') }
  }),
  isHopeless: isGivenUp,
}

const budgetBlocks: Rule = {
  ...happens('budgetBlocks', DRAIN_MS, ({ outcome }: Scene) => {
    const [first] = outcome?.blocked ?? []
    if (first === undefined) return undefined
    return { pods: namesOf((outcome?.blocked ?? []).map(({ pod }) => pod)), message: first.message }
  }),
  isOptional: true,
}

/** The budgets have been asked for long enough. */
function isGivenUp({ outcome }: Scene): boolean {
  return outcome !== undefined && outcome.blocked.length > 0
}

function stays({ namespace, name }: ContainerTrace, { evictable }: Baseline): boolean {
  return !evictable.includes(`${namespace}/${name}`)
}

function ownerOf(pod: Parameters<typeof findPodOwner>[0]): string {
  const { kind, name } = findPodOwner(pod) ?? { kind: '', name: '' }
  return `${kind} ${name}`
}

function namesOf(keys: readonly string[]): string {
  return keys.map((key) => key.slice(key.indexOf('/') + 1)).join(', ')
}

/** As `kubectl get nodes` prints it. */
function readyOf({ ready }: { ready: string }): string {
  return ready === 'True' ? 'Ready' : 'NotReady'
}
