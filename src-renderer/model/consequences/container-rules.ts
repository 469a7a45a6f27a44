/** A crashed container: its pod and sandbox stay, the kubelet starts it again as restartPolicy says (facts 2.2.1, 2.2.5, 2.4). */
import type { Container } from '@common/api/core.ts'
import { findContainer, findContainerStatus, isSidecar } from '@common/api/pod-helpers.ts'
import type { ContainerStatus } from '@common/api/pod-status.ts'
import type { NodeContainer } from '@common/lab/node-container.ts'
import type { ExplainedAction } from './explained-action.ts'
import type { Rule, Scene } from './expectation.ts'
import { findPod, viewOf, type Baseline, type ContainerTrace } from './live-state.ts'

type CrashAction = Extract<ExplainedAction, { kind: 'ContainerCrashed' }>

const SOON_MS = 30_000
/** The longest back-off, and a little (facts 2.2.1). */
const RESTART_MS = 330_000
/** Clocks of kubelet and window are one, but times of containers are whole seconds. */
const ROUNDING_MS = 1_000

/** Of SIGKILL. */
const KILLED = 137

/** What a crash comes to: a new container, none because the policy says so, or none because no kubelet is there to start it. */
export type CrashEnd = 'restarted' | 'staysEnded' | 'nobodyRestarts'

export function containerRules(action: CrashAction, baseline: Baseline): Rule[] {
  switch (crashEnd(action, baseline)) {
    case 'nobodyRestarts':
      return [endedByEngine(action), nobodyRestarts(action)]
    case 'staysEnded':
      return isWholePod(baseline)
        ? [ended(action), phaseFailed(action)]
        : [ended(action), staysEnded(action), samePod(action)]
    case 'restarted':
      return [ended(action), backsOff(action), restarted(action), samePod(action)]
  }
}

export function crashEnd(action: CrashAction, baseline: Baseline): CrashEnd {
  if (!baseline.isKubeletRunning) return 'nobodyRestarts'
  const { pod } = baseline
  const container = pod && findContainer(pod, nameOfContainer(action, baseline))
  const policy = container?.restartPolicy ?? pod?.spec.restartPolicy ?? 'Always'
  return policy === 'Never' && !isRestartedByRule(container) ? 'staysEnded' : 'restarted'
}

/** Facts 2.4.4. */
function isRestartedByRule(container: Container | undefined): boolean {
  return (container?.restartPolicyRules ?? []).some(
    ({ action, exitCodes }) =>
      action === 'Restart' &&
      exitCodes !== undefined &&
      (exitCodes.operator === 'In') === (exitCodes.values?.includes(KILLED) === true),
  )
}

/** With the container the pod ends: nothing runs beside it. */
function isWholePod({ pod }: Baseline): boolean {
  if (pod?.spec.restartPolicy !== 'Never') return false
  return pod.spec.containers.length === 1 && pod.spec.initContainers?.some(isSidecar) !== true
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
      const before = statusBefore(action, scene.baseline)
      const status = statusNow(action, scene)
      if (before === undefined || status?.state?.running === undefined) return undefined
      if (status.restartCount <= before.restartCount) return undefined
      return { evidence: { from: before.restartCount, to: status.restartCount } }
    },
  }
}

function staysEnded(action: CrashAction): Rule {
  return {
    id: 'staysEnded',
    form: 'holds',
    judge: (scene) => {
      const before = statusBefore(action, scene.baseline)
      const status = statusNow(action, scene)
      if (before === undefined || status === undefined) return undefined
      return { isSo: status.restartCount === before.restartCount, evidence: {} }
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
    find: ({ baseline, live }) => {
      if (live.containers === undefined) return undefined
      const known = idsBefore(action, baseline)
      const isEnded = !runningNow(action, baseline, live.containers).some(({ id }) => known.has(id))
      return known.size > 0 && isEnded ? { evidence: { exitCode: KILLED } } : undefined
    },
  }
}

function nobodyRestarts(action: CrashAction): Rule {
  return {
    id: 'nobodyRestarts',
    form: 'holds',
    judge: ({ baseline, live }) => {
      const known = idsBefore(action, baseline)
      if (live.containers === undefined || known.size === 0) return undefined
      const isSo = runningNow(action, baseline, live.containers).every(({ id }) => known.has(id))
      return { isSo, evidence: { node: action.node } }
    },
  }
}

function runningNow(
  action: CrashAction,
  baseline: Baseline,
  containers: readonly NodeContainer[],
): readonly NodeContainer[] {
  const { pod } = action
  const name = nameOfContainer(action, baseline)
  return containers.filter(
    (one) => one.isRunning && one.pod === pod.name && one.namespace === pod.namespace && one.container === name,
  )
}

function idsBefore(action: CrashAction, baseline: Baseline): ReadonlySet<string> {
  const name = nameOfContainer(action, baseline)
  const own = baseline.running.filter((trace) => isOfAction(action, trace) && trace.container === name)
  return new Set(own.map(({ id }) => id))
}

function podNow(action: CrashAction, { live }: Scene): ReturnType<typeof findPod> {
  return findPod(viewOf(action, live)?.pods ?? [], action.pod)
}

function statusNow(action: CrashAction, scene: Scene): ContainerStatus | undefined {
  const pod = podNow(action, scene)
  return pod && findContainerStatus(pod, nameOfContainer(action, scene.baseline) ?? '')
}

function statusBefore(action: CrashAction, baseline: Baseline): ContainerStatus | undefined {
  return baseline.pod && findContainerStatus(baseline.pod, nameOfContainer(action, baseline) ?? '')
}

function nameOfContainer(action: CrashAction, baseline: Baseline): string | undefined {
  return action.container ?? baseline.running.find((trace) => isOfAction(action, trace))?.container
}

function isOfAction({ node, pod }: CrashAction, trace: ContainerTrace): boolean {
  return trace.node === node && trace.namespace === pod.namespace && trace.name === pod.name
}
