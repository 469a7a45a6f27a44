/** A kubelet or a node that goes and comes back: what runs on, what dies, and what the node controller makes of the silence (facts 2.12, 7.4 to 7.11). */
import type { Pod } from '@common/api/core.ts'
import { isPodReady } from '@common/api/pod-helpers.ts'
import type { ExplainedAction, NodeActionKind } from './explained-action.ts'
import type { Rule, Scene } from './expectation.ts'
import { keyOf, statusOf, viewOf, type Baseline } from './live-state.ts'
import { happens, holdsForContainers, nodeInCluster, runningOn } from './node-scene.ts'

type NodeAction = Extract<ExplainedAction, { kind: NodeActionKind }>

const SOON_MS = 60_000
/** A node's start waits for its kubelet. */
const START_MS = 180_000
/** Grace 50 s, a look every 5 s (facts 7.4), and patience. */
const SILENCE_MS = 120_000
const UNREACHABLE = 'node.kubernetes.io/unreachable'

export function nodeRules(action: NodeAction, baseline: Baseline): Rule[] {
  const hadContainers = runningOn(action, baseline).length > 0
  switch (action.kind) {
    case 'KubeletStopped':
      return [kubeletAway, ...(hadContainers ? [containersRun] : []), ...silenceRules(baseline)]
    case 'KubeletStarted':
      return [kubeletBack, ...(hadContainers ? [containersKept] : []), ...(baseline.isInCluster ? [ready] : [])]
    case 'KubeletRestarted':
      return [kubeletBack, ...(hadContainers ? [containersKept] : [])]
    case 'NodeStopped':
    case 'NodePoweredOff':
      return [nodeOff, ...(hadContainers ? [containersDead] : []), ...silenceRules(baseline)]
    case 'NodeStarted':
      return [
        nodeOn,
        kubeletBack,
        ...(baseline.fileCount > 0 ? [podsRun] : []),
        ...(baseline.isInCluster ? [ready] : []),
      ]
  }
}

/** Whether the node, or its kubelet, that went runs again or is about to. */
export function isNodeBack({ action, live }: Scene, what: 'node' | 'kubelet'): boolean {
  const status = statusOf(action, live)
  if (what === 'node') return status?.state === 'running' || status?.state === 'starting'
  return status?.state === 'running' && status.kubelet === 'running'
}

/** Of a node that stops reporting; without an API server nobody notices. */
function silenceRules({ isInCluster, evictable, tolerationSeconds }: Baseline): Rule[] {
  if (!isInCluster) return []
  return [notReady, tainted, podsNotReady, ...(evictable.length > 0 ? [evicted(tolerationSeconds)] : [])]
}

const kubeletAway = happens('kubeletAway', SOON_MS, ({ action, live }) => {
  const status = statusOf(action, live)
  return status?.state === 'running' && status.kubelet !== 'running' ? { node: action.node } : undefined
})

/** A restart is too quick to be seen going: another process is the proof. */
const kubeletBack = happens('kubeletBack', START_MS, ({ action, baseline, live }) => {
  const status = statusOf(action, live)
  const pid = status?.kubeletInfo?.pid
  if (status?.state !== 'running' || status.kubelet !== 'running') return undefined
  const startedMs = Date.parse(status.kubeletInfo?.startedAt ?? '')
  const isSameProcess = baseline.isKubeletRunning && pid === baseline.kubeletPid && !(startedMs >= baseline.askedMs)
  return isSameProcess && pid !== undefined ? undefined : { pid: pid ?? 0 }
})

const nodeOff = happens('nodeOff', SOON_MS, ({ action, live }) =>
  statusOf(action, live)?.state === 'stopped' ? { node: action.node } : undefined,
)

const nodeOn = happens('nodeOn', START_MS, ({ action, live }) =>
  statusOf(action, live)?.state === 'running' ? { node: action.node } : undefined,
)

const containersRun = holdsForContainers('containersRun')
const containersKept = holdsForContainers('containersKept')

const containersDead = happens('containersDead', SOON_MS, ({ action, baseline, live }) => {
  if (live.containers === undefined) return undefined
  const alive = new Set(live.containers.filter(({ isRunning }) => isRunning).map(({ id }) => id))
  const own = runningOn(action, baseline)
  return own.some(({ id }) => alive.has(id)) ? undefined : { count: own.length }
})

const podsRun = happens('podsRun', START_MS, ({ action, live }) => {
  const { files = [], pods = [] } = viewOf(action, live) ?? {}
  const wanted = files.flatMap(({ state, pod }) => (state === 'accepted' && pod !== undefined ? [pod.uid] : []))
  const running = new Set(pods.filter(isRunningPod).map(({ metadata }) => metadata.uid))
  const isSo =
    wanted.length > 0 && files.every(({ state }) => state !== 'unread') && wanted.every((uid) => running.has(uid))
  return isSo ? { count: wanted.length } : undefined
})

const notReady = happens('notReady', SILENCE_MS, (scene) => {
  const node = nodeInCluster(scene)
  return node !== undefined && node.ready !== 'True' ? { ready: node.ready } : undefined
})

const ready = happens('ready', START_MS, (scene) => (nodeInCluster(scene)?.ready === 'True' ? {} : undefined))

const tainted = happens('tainted', SILENCE_MS, (scene) => {
  const taints = nodeInCluster(scene)?.taints.filter((taint) => taint.startsWith(UNREACHABLE)) ?? []
  return taints.length > 0 ? { taints: taints.join(', ') } : undefined
})

const podsNotReady = happens('podsNotReady', SILENCE_MS, (scene) => {
  const pods = podsInCluster(scene)
  const isSo = pods.length > 0 && pods.every((pod) => !isPodReady(pod))
  return isSo ? { count: pods.length } : undefined
})

/** Facts 7.8; not while every node is away (facts 7.7). */
function evicted(tolerationSeconds: number): Rule {
  return happens('evicted', SILENCE_MS + tolerationSeconds * 1000 + SOON_MS, ({ baseline, live }) => {
    if (live.cluster?.state !== 'ready') return undefined
    const staying = live.cluster.pods.filter((pod) => pod.metadata.deletionTimestamp === undefined).map(keyOf)
    return baseline.evictable.some((key) => staying.includes(key))
      ? undefined
      : { pods: baseline.evictable.map((key) => key.slice(key.indexOf('/') + 1)).join(', ') }
  })
}

function podsInCluster({ action, live }: Scene): Pod[] {
  if (live.cluster?.state !== 'ready') return []
  return live.cluster.pods.filter(({ spec, status }) => spec.nodeName === action.node && status?.phase === 'Running')
}

function isRunningPod({ status }: Pod): boolean {
  return status?.phase === 'Running' || status?.phase === 'Succeeded'
}
