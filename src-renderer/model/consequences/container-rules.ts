/** A crashed container: its pod and sandbox stay, the kubelet starts it again as restartPolicy says (facts 2.2.1, 2.2.5, 2.4). */
import type { NodeContainer } from '@common/lab/node-container.ts'
import type { ContainerStatus } from '@common/api/pod-status.ts'
import type { ExplainedAction } from './explained-action.ts'
import type { Rule, Scene } from './expectation.ts'
import { findPod, viewOf, type Baseline, type ContainerTrace } from './live-state.ts'

type CrashAction = Extract<ExplainedAction, { kind: 'ContainerCrashed' }>

const SOON_MS = 30_000
/** The longest back-off, and a little (facts 2.2.1). */
const RESTART_MS = 330_000
/** Clocks of kubelet and window are one, but times of containers are whole seconds. */
const ROUNDING_MS = 1_000

export function containerRules(action: CrashAction, baseline: Baseline): Rule[] {
  if (!baseline.isKubeletRunning) return [endedByEngine(action), nobodyRestarts(action)]
  if (baseline.pod?.spec.restartPolicy === 'Never') return [ended(action), phaseFailed(action), samePod(action)]
  return [ended(action), backsOff(action), restarted(action), samePod(action)]
}

function ended(action: CrashAction): Rule {
  return {
    id: 'ended',
    form: 'happens',
    limitMs: SOON_MS,
    find: (scene) => {
      const status = statusNow(action, scene)
      const end = status?.state?.terminated ?? status?.lastState?.terminated
      const atMs = Date.parse(end?.finishedAt ?? '')
      if (end === undefined || !(atMs >= scene.baseline.askedMs - ROUNDING_MS)) return undefined
      return { evidence: { exitCode: end.exitCode } }
    },
  }
}

function restarted(action: CrashAction): Rule {
  return {
    id: 'restarted',
    form: 'happens',
    limitMs: RESTART_MS,
    find: (scene) => {
      const before = traceBefore(action, scene.baseline)
      const status = statusNow(action, scene)
      if (before === undefined || status?.state?.running === undefined) return undefined
      if (status.restartCount <= before.restartCount) return undefined
      return { evidence: { from: before.restartCount, to: status.restartCount } }
    },
  }
}

function backsOff(action: CrashAction): Rule {
  return {
    id: 'backsOff',
    form: 'happens',
    limitMs: RESTART_MS,
    isOptional: true,
    find: (scene) => {
      const waiting = statusNow(action, scene)?.state?.waiting
      const delay = /^back-off (\S+) /.exec(waiting?.message ?? '')?.[1]
      return waiting?.reason === 'CrashLoopBackOff' && delay !== undefined ? { evidence: { delay } } : undefined
    },
  }
}

function phaseFailed(action: CrashAction): Rule {
  return {
    id: 'phaseFailed',
    form: 'happens',
    limitMs: SOON_MS,
    find: (scene) => (podNow(action, scene)?.status?.phase === 'Failed' ? { evidence: {} } : undefined),
  }
}

function samePod(action: CrashAction): Rule {
  return {
    id: 'samePod',
    form: 'holds',
    judge: (scene) => {
      const before = scene.baseline.pod
      const now = podNow(action, scene)
      if (before === undefined || now === undefined) return undefined
      const [oldIp = '', ip = ''] = [before.status?.podIP, now.status?.podIP]
      const isSo = before.metadata.uid === now.metadata.uid && (oldIp === ip || ip === '')
      return { isSo, evidence: { ip: ip === '' ? oldIp : ip } }
    },
  }
}

/** Without a kubelet only the engine knows of containers. */
function endedByEngine(action: CrashAction): Rule {
  return {
    id: 'ended',
    form: 'happens',
    limitMs: SOON_MS,
    find: ({ live }) => {
      const own = containersOfAction(action, live.containers ?? [])
      return own.length > 0 && own.every(({ isRunning }) => !isRunning) ? { evidence: { exitCode: 137 } } : undefined
    },
  }
}

function nobodyRestarts(action: CrashAction): Rule {
  return {
    id: 'nobodyRestarts',
    form: 'holds',
    judge: ({ live }) => (live.containers === undefined ? undefined : { isSo: true, evidence: { node: action.node } }),
  }
}

function containersOfAction({ pod, container }: CrashAction, containers: readonly NodeContainer[]): NodeContainer[] {
  return containers.filter(
    (one) =>
      one.pod === pod.name &&
      one.namespace === pod.namespace &&
      (container === undefined || one.container === container),
  )
}

function podNow(action: CrashAction, { live }: Scene): ReturnType<typeof findPod> {
  return findPod(viewOf(action, live)?.pods ?? [], action.pod)
}

function statusNow(action: CrashAction, scene: Scene): ContainerStatus | undefined {
  const name = nameOfContainer(action, scene.baseline)
  return podNow(action, scene)?.status?.containerStatuses?.find((status) => status.name === name)
}

function traceBefore(action: CrashAction, baseline: Baseline): ContainerTrace | undefined {
  const name = nameOfContainer(action, baseline)
  return baseline.running.find((trace) => isOfAction(action, trace) && trace.container === name)
}

function nameOfContainer(action: CrashAction, baseline: Baseline): string | undefined {
  return action.container ?? baseline.running.find((trace) => isOfAction(action, trace))?.container
}

function isOfAction({ node, pod }: CrashAction, trace: ContainerTrace): boolean {
  return trace.node === node && trace.namespace === pod.namespace && trace.name === pod.name
}
