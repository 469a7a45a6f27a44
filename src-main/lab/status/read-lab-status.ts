/** What a lab is: read from the engine and its nodes' channels at the moment of asking. */
import { englishText, labStep, type LabText } from '../../common/lab/lab-texts.ts'
import { isLabError, LabError, toLabErrorData } from '../../common/lab-error.ts'
import { LAB_LABEL, NODE_LABEL, ROLE_LABEL } from '../../common/engine-labels.ts'
import type { NodeTarget } from '../../common/ipc/calls.ts'
import type { LabSpec, NodeSpec } from '../../common/lab/lab-spec.ts'
import type {
  KubeletInfo,
  KubeletState,
  LabState,
  LabStatus,
  NodeContainerState,
  NodeStatus,
} from '../../common/lab/lab-status.ts'
import { listSimulatedNodes, SIMULATED_GROUP } from '../../common/lab/simulated-nodes.ts'
import { MANIFESTS_PATH } from '../../common/node-channel.ts'
import { nodeContainerName } from '../../common/node-layout.ts'
import type { Engine, EngineContainer } from '../engine/engine.ts'
import type { LabContext } from '../lab-context.ts'
import { ManifestFolder } from '../manifests/manifest-folder.ts'
import { withoutTrailingSlash } from '../manifests/manifest-place.ts'
import { findControlPlane } from '../store/compute-lab-spec.ts'
import { readLockTask } from '../lifecycle/lab-lock.ts'
import type { TaskName } from './task-tracker.ts'
import { withTimeLimit } from './time-limit.ts'

/** A kubelet that is there answers in milliseconds; a connection takes a quarter of a second, or seconds under load. */
const KUBELET_ANSWER_MS = 8000

/** A node that was started this short a while ago and whose kubelet does not answer is still starting. */
const START_GRACE_MS = 20_000

export async function readLabStatus(context: LabContext, engine: Engine, spec: LabSpec): Promise<LabStatus> {
  const containers = await engine.listContainers({ [LAB_LABEL]: spec.name })
  const readings = await Promise.all(spec.nodes.map((node) => readNodeStatus(context, engine, spec, node, containers)))
  const nodes = readings.map(({ status: node }) => node)
  const task = context.tasks.runningTask(spec.name) ?? (await readLockTask(context, spec.name))
  const status: LabStatus = {
    name: spec.name,
    state: computeLabState(readings, task),
    folder: context.store.layout.labFolder(spec.name),
    subnet: spec.subnet,
    ...apiServerOf(context, spec),
    nodes,
    ...simulatedNodesOf(context, spec, containers),
  }
  const troubled = nodes.find((node) => node.messageText !== undefined)
  // While something is being done, what does not run yet or any more is no news.
  if (troubled?.messageText !== undefined && task === undefined) {
    const { message, text } = labStep('of-node', { node: troubled.name, text: troubled.messageText })
    return { ...status, message, messageText: text }
  }
  return status
}

/** A lab of which only `lab.yaml` is known, with the reason. */
export function offlineLabStatus(context: LabContext, spec: LabSpec, message: string): LabStatus {
  const { layout } = context.store
  return {
    name: spec.name,
    state: 'stopped',
    folder: layout.labFolder(spec.name),
    subnet: spec.subnet,
    ...apiServerOf(context, spec),
    ...simulatedNodesOf(context, spec, []),
    message,
    nodes: spec.nodes.map((node) => ({
      name: node.name,
      role: node.role,
      address: node.address,
      state: 'absent',
      kubelet: 'stopped',
      runtimeService: 'absent',
      manifestsPath: layout.manifests(spec.name, node.name),
      watchesMountedFolder: true,
    })),
  }
}

function apiServerOf(context: LabContext, spec: LabSpec): Pick<LabStatus, 'apiServer'> {
  const controlPlane = findControlPlane(spec)
  if (controlPlane === undefined) return {}
  const endpoint = `https://127.0.0.1:${controlPlane.apiServerPort}`
  return {
    apiServer: { node: controlPlane.name, endpoint, kubeconfig: context.store.layout.kubeconfig(spec.name) },
  }
}

function simulatedNodesOf(
  { store }: LabContext,
  { name, simulatedNodes: names = [] }: LabSpec,
  containers: readonly EngineContainer[],
): Pick<LabStatus, 'simulatedNodes'> {
  if (names.length === 0) return {}
  const container = containers.find(({ labels }) => labels[ROLE_LABEL] === 'simulated')
  return {
    simulatedNodes: {
      count: listSimulatedNodes(names).length,
      names,
      container: computeContainerState(container?.state),
      manifestsPath: store.layout.manifests(name, SIMULATED_GROUP),
    },
  }
}

export interface NodeReading {
  status: NodeStatus
  /** Somebody has switched it off (`node stop`, `down`), and the engine keeps it so. */
  isSwitchedOff: boolean
}

/** `degraded`: something that should run does not. What was switched off should not run. */
export function computeLabState(readings: readonly NodeReading[], task: TaskName | undefined): LabState {
  const nodes = readings.map(({ status }) => status)
  switch (task) {
    case 'lab-up':
      return nodes.length > 0 && nodes.every(isHealthy) ? 'running' : 'starting'
    case 'lab-down':
      return 'stopping'
    case 'lab-delete':
      return 'deleting'
    case 'node-add':
    case 'node-remove':
    case 'node-start':
    case 'node-stop':
      return nodes.some(isHealthy) ? 'running' : 'starting'
    case 'lab-rename':
    case 'lab-clone':
    case 'lab-export':
    case 'lab-import':
    case 'node-drain':
    case 'node-settings':
    case 'experiment':
    case undefined:
      if (nodes.some((node) => node.state === 'starting')) return nodes.some(isHealthy) ? 'running' : 'starting'
      if (nodes.every((node) => node.state === 'absent' || node.state === 'stopped')) return 'stopped'
      return readings.every(({ status, isSwitchedOff }) => isSwitchedOff || isHealthy(status)) ? 'running' : 'degraded'
  }
}

function isHealthy({ state, runtimeService, kubelet }: NodeStatus): boolean {
  return state === 'running' && runtimeService === 'running' && kubelet === 'running'
}

/** Docker's word for a container as ours; `undefined`: there is no container. */
export function computeContainerState(state: string | undefined): NodeContainerState {
  switch (state) {
    case undefined:
      return 'absent'
    case 'running':
      return 'running'
    case 'restarting':
      return 'starting'
    case 'removing':
      return 'stopping'
    case 'created':
    case 'exited':
      return 'stopped'
    default:
      return 'failed'
  }
}

async function readNodeStatus(
  context: LabContext,
  engine: Engine,
  spec: LabSpec,
  node: NodeSpec,
  containers: readonly EngineContainer[],
): Promise<NodeReading> {
  const find = (role: string): EngineContainer | undefined =>
    containers.find(({ labels }) => labels[NODE_LABEL] === node.name && labels[ROLE_LABEL] === role)
  const container = find('node')
  const containerState = computeContainerState(container?.state)
  const runtimeService = computeContainerState(find('runtime')?.state)
  const isSwitchedOff = containerState === 'stopped' && (await mayStayStopped(engine, container))
  const kubelet = await readKubelet(context, engine, spec.name, node.name, containerState)
  const isStarting = kubelet.state !== 'running' && (await hasJustStarted(context, engine, container))
  const state = isStarting ? 'starting' : containerState
  const status: NodeStatus = {
    name: node.name,
    role: node.role,
    address: node.address,
    state,
    kubelet: kubelet.state,
    runtimeService,
    manifestsPath: context.store.layout.manifests(spec.name, node.name),
    watchesMountedFolder: kubelet.info === undefined || watchesMountedFolder(kubelet.info),
  }
  if (kubelet.info !== undefined) status.kubeletInfo = kubelet.info
  const unwatched = status.watchesMountedFolder ? [] : await listUnwatched(context, spec.name, node.name)
  if (unwatched.length > 0) status.unwatchedFiles = unwatched
  const hasEnded = container?.state === 'exited' && !isSwitchedOff
  const withoutPower: LabText = { text: 'without-power', values: { lab: spec.name, node: node.name } }
  const trouble = kubelet.trouble ?? (hasEnded ? withoutPower : describeContainers(spec.name, state, runtimeService))
  if (trouble !== undefined && !isStarting)
    Object.assign(status, { message: englishText(trouble), messageText: trouble })
  return { status, isSwitchedOff }
}

async function hasJustStarted(
  { clock }: LabContext,
  engine: Engine,
  container: EngineContainer | undefined,
): Promise<boolean> {
  if (container?.state !== 'running') return false
  const details = await engine.inspectContainer(container.id)
  return details !== undefined && clock.now() - Date.parse(details.startedAt) < START_GRACE_MS
}

/** Stopping a node takes its restart policy away first; a node that should run has one. */
async function mayStayStopped(engine: Engine, container: EngineContainer | undefined): Promise<boolean> {
  const details = container === undefined ? undefined : await engine.inspectContainer(container.id)
  return details?.restartPolicy === 'no'
}

interface KubeletReading {
  state: KubeletState
  info?: KubeletInfo
  trouble?: LabText
}

async function readKubelet(
  context: LabContext,
  engine: Engine,
  lab: string,
  node: string,
  state: NodeContainerState,
): Promise<KubeletReading> {
  if (state !== 'running') return { state: 'stopped' }
  try {
    const answer = context.channels.get(engine, lab, node).kubelet()
    const info = await withTimeLimit(context.clock, KUBELET_ANSWER_MS, `the kubelet of ${node}`, answer)
    if (info.runtimeReady) return { state: 'running', info }
    const { runtimeMessage: reason = '' } = info
    return { state: 'running', info, trouble: { text: 'runtime-not-ready', values: { reason } } }
  } catch (error) {
    if (!isLabError(error)) throw error
    const stopped = error.details?.['reason'] === 'KubeletStopped'
    if (stopped) return { state: 'stopped', trouble: { text: 'kubelet-stopped' } }
    const { message: reason } = toLabErrorData(error)
    return { state: 'unreachable', trouble: { text: 'kubelet-silent', values: { reason } } }
  }
}

function describeContainers(lab: string, state: NodeContainerState, runtime: NodeContainerState): LabText | undefined {
  if (state === 'failed') return { text: 'container-broken', values: { lab } }
  if (state === 'running' && runtime !== 'running') return { text: 'runtime-service-off', values: { lab } }
  return undefined
}

/** Whether the kubelet reads the folder of this machine that is mounted at `/etc/kubernetes/manifests`. */
export function watchesMountedFolder(info: KubeletInfo): boolean {
  return info.staticPodPath !== null && withoutTrailingSlash(info.staticPodPath) === MANIFESTS_PATH
}

/** What a kubelet would read if it read the mounted folder. */
async function listUnwatched({ store, logger }: LabContext, lab: string, node: string): Promise<string[]> {
  try {
    const entries = await new ManifestFolder(store.layout.manifests(lab, node)).list()
    return entries.filter(({ name, stats }) => !name.startsWith('.') && !stats.isDirectory()).map(({ name }) => name)
  } catch (error) {
    if (!isLabError(error)) throw error
    logger.info('the mounted folder cannot be listed', { lab, node, error })
    return []
  }
}

/** The error for something that only a running kubelet can answer. */
export function kubeletAway({ lab, node }: NodeTarget, cause: unknown): LabError {
  // Connections know containers only, and their words have a subject of their own.
  const reason = toLabErrorData(cause)
    .message.replaceAll(nodeContainerName(lab, node), node)
    .replace(`the kubelet of ${node} `, 'it ')
  return new LabError(
    {
      kind: 'Conflict',
      message: `the kubelet of ${node} cannot be asked: ${reason}`,
      remedy: `Look with: node-lab status --lab ${lab}; start its kubelet with: node-lab node restart-kubelet ${node} --lab ${lab}`,
    },
    { cause },
  )
}
