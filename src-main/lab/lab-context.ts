/** What every part of the lab manager works with; made once, in `create-lab-manager.ts`. */
import type { Clock } from '../base/clock.ts'
import type { Logger } from '../base/logger.ts'
import type { ImageCatalogue } from '../common/images/catalogue.ts'
import { LabError } from '../common/lab-error.ts'
import type { LabSpec, NodeSpec } from '../common/lab/lab-spec.ts'
import type { NodeTarget } from '../common/ipc/calls.ts'
import { labNameFault, nodeNameFault } from '../common/lab/names.ts'
import type { ApiClient } from '../kube/api-client.ts'
import { listSimulatedNodes } from '../common/lab/simulated-nodes.ts'
import type { Engine } from './engine/engine.ts'
import type { ActionJournal } from './journal/action-journal.ts'
import type { OnProgress } from './lab-manager.ts'
import type { HostNetwork } from './network/host-network.ts'
import type { ChannelPool } from './nodes/channel-pool.ts'
import type { ManifestHistory } from './manifests/history/manifest-history.ts'
import type { EngineHolder } from './nodes/engine-holder.ts'
import type { LabStore } from './store/lab-store.ts'
import type { TaskTracker } from './status/task-tracker.ts'

/** `ImageSet` of lab/images. */
export interface LabImages {
  node: string
  pause: string
  catalogue: ImageCatalogue
}

export type EnsureImages = (
  engine: Engine,
  options: { onProgress: OnProgress; signal: AbortSignal },
) => Promise<LabImages>

/** @throws LabError Unavailable when the kubeconfig cannot be used */
export type OpenCluster = (kubeconfig: string, clock: Clock) => ApiClient & { dispose(): void }

export interface LabContext {
  clock: Clock
  logger: Logger
  store: LabStore
  history: ManifestHistory
  engines: EngineHolder
  channels: ChannelPool
  ensureImages: EnsureImages
  host: HostNetwork
  openCluster: OpenCluster
  tasks: TaskTracker
  journal: ActionJournal
}

export interface FoundNode {
  spec: LabSpec
  node: NodeSpec
}

/** @throws LabError BadRequest for a name that is none, NotFound */
export async function requireLab(context: Pick<LabContext, 'store'>, lab: string): Promise<LabSpec> {
  const fault = labNameFault(lab)
  if (fault !== undefined) throw new LabError({ kind: 'BadRequest', message: fault })
  const spec = await context.store.read(lab)
  if (spec !== undefined) return spec
  const others = await context.store.list()
  throw new LabError({
    kind: 'NotFound',
    message: `there is no lab "${lab}"${others.length === 0 ? '' : `; there is ${others.join(', ')}`}`,
    remedy: `Make it with: node-lab up${lab === 'default' ? '' : ` --lab ${lab}`}`,
  })
}

/** @throws LabError BadRequest for a name that is none, NotFound */
export async function requireNode(context: LabContext, target: NodeTarget): Promise<FoundNode> {
  const fault = nodeNameFault(target.node)
  if (fault !== undefined) throw new LabError({ kind: 'BadRequest', message: fault })
  const spec = await requireLab(context, target.lab)
  const node = spec.nodes.find((candidate) => candidate.name === target.node)
  if (node !== undefined) return { spec, node }
  if (listSimulatedNodes(spec.simulatedNodes).includes(target.node))
    throw new LabError({
      kind: 'Conflict',
      message: `${target.node} is a simulated node: it is no machine of its own, and nothing runs on it`,
      remedy: `See it with kubectl: node-lab kubectl describe node ${target.node}`,
    })
  const names = spec.nodes.map((candidate) => candidate.name)
  throw new LabError({
    kind: 'NotFound',
    message: `the lab "${target.lab}" has no node "${target.node}"`,
    remedy: names.length === 0 ? 'It has no nodes at all; add one.' : `Its nodes are ${names.join(', ')}.`,
  })
}
