/** Decides what has to be done so that the engine has what the lab should be. Pure: a plain list comes out. */
import { SPEC_HASH_LABEL } from '../../common/engine-labels.ts'
import { SIMULATED_GROUP } from '../../common/lab/simulated-nodes.ts'
import { nodeVolumeName } from '../../common/node-layout.ts'
import type { EngineContainerSpec } from '../engine/engine.ts'
import type { NetworkSpec } from './container-specs.ts'
import type { ObservedContainer, ObservedLab } from './observe-lab.ts'

/** What a lab's nodes should be, ready to be compared. */
export interface DesiredLab {
  lab: string
  network: NetworkSpec
  /** All nodes of the lab; those that are not `wanted` are left as they are. */
  nodes: DesiredNode[]
  /** The container of the simulated nodes, for a lab that has any. */
  simulated?: { wanted: boolean; container: EngineContainerSpec }
}

/** Of the containers that make up a lab; in actions, that of the simulated nodes has `SIMULATED_GROUP` for a node. */
export type MachineRole = 'node' | 'runtime' | 'simulated'

export interface DesiredNode {
  name: string
  /** Whether this node should exist and run now. */
  wanted: boolean
  node: EngineContainerSpec
  runtime: EngineContainerSpec
}

export type LabAction =
  | { kind: 'remove-container'; node: string; container: string; why: RemovalReason }
  | { kind: 'remove-network'; network: string }
  | { kind: 'create-network' }
  | { kind: 'remove-volume'; node: string; volume: string }
  | { kind: 'make-manifests-folder'; node: string }
  | { kind: 'create-volume'; node: string; volume: string }
  | { kind: 'seed-volume'; node: string }
  | { kind: 'create-container'; node: string; role: MachineRole }
  | { kind: 'set-restart-policy'; node: string; role: MachineRole }
  | { kind: 'stop-container'; node: string; role: MachineRole }
  | { kind: 'start-container'; node: string; role: MachineRole }

export type RemovalReason = 'leftover' | 'no-such-node' | 'spec-changed' | 'network-gone' | 'broken'

/**
 * Actions in an order in which they can be carried out one by one. `folders` are the nodes whose manifest folder exists.
 * What is right already gives no action, so a lab that is as it should be gives an empty list.
 */
export function computeLabActions(
  desired: DesiredLab,
  observed: ObservedLab,
  folders: ReadonlySet<string>,
): LabAction[] {
  const network = computeNetworkActions(desired, observed)
  const removed = new Set(network.flatMap((action) => (action.kind === 'remove-container' ? action.container : [])))
  const remaining = observed.containers.filter((container) => !removed.has(container.id))
  return [
    ...computeStrayActions(desired, observed),
    ...network,
    ...desired.nodes
      .filter((node) => node.wanted)
      .flatMap((node) => computeNodeActions(desired.lab, node, { ...observed, containers: remaining }, folders)),
    ...computeSimulatedActions(desired, remaining, folders),
  ]
}

/** Helpers that a killed command left, and whatever belongs to nodes that the lab does not have (any more). */
function computeStrayActions(desired: DesiredLab, observed: ObservedLab): LabAction[] {
  const known = knownNodes(desired)
  const actions: LabAction[] = []
  for (const container of inRemovalOrder(observed.containers)) {
    const { id, node, role } = container
    if (role === 'helper') actions.push({ kind: 'remove-container', node, container: id, why: 'leftover' })
    else if (!known.has(node)) actions.push({ kind: 'remove-container', node, container: id, why: 'no-such-node' })
  }
  for (const { name, node } of observed.volumes) {
    if (!known.has(node)) actions.push({ kind: 'remove-volume', node, volume: name })
  }
  return actions
}

/**
 * A network cannot be changed, and a container does not find a network that was made anew under the same name: then
 * every container on it goes too. Their nodes' volumes stay.
 */
function computeNetworkActions(desired: DesiredLab, observed: ObservedLab): LabAction[] {
  const wantedHash = desired.network.labels[SPEC_HASH_LABEL]
  const [present, ...others] = observed.networks
  if (present?.specHash === wantedHash && others.length === 0) return []
  const known = knownNodes(desired)
  const attached = observed.containers.filter(
    ({ role, node }) => known.has(node) && role !== 'runtime' && role !== 'helper',
  )
  return [
    ...inRemovalOrder(attached).map(({ id, node }): LabAction => {
      return { kind: 'remove-container', node, container: id, why: 'network-gone' }
    }),
    ...observed.networks.map(({ id }): LabAction => ({ kind: 'remove-network', network: id })),
    { kind: 'create-network' },
  ]
}

function computeNodeActions(
  lab: string,
  desired: DesiredNode,
  observed: ObservedLab,
  folders: ReadonlySet<string>,
): LabAction[] {
  const { name } = desired
  const volume = nodeVolumeName(lab, name)
  const hasVolume = observed.volumes.some((candidate) => candidate.name === volume)
  const actions: LabAction[] = []
  const hasFolder = folders.has(name)
  if (!hasFolder) actions.push({ kind: 'make-manifests-folder', node: name })
  const plans = (['node', 'runtime'] as const).map((role) => {
    const container = observed.containers.find((candidate) => candidate.node === name && candidate.role === role)
    // A node whose manifest folder was removed has the removed one mounted, and would never see the new one.
    const hasMounts = hasVolume && (hasFolder || role === 'runtime')
    return { role, container, why: replacementReason(container, desired[role], hasMounts) }
  })
  for (const { container, why } of plans) {
    if (container !== undefined && why !== undefined) {
      actions.push({ kind: 'remove-container', node: name, container: container.id, why })
    }
  }
  const missing = plans.filter(({ container, why }) => container === undefined || why !== undefined)
  if (!hasVolume) actions.push({ kind: 'create-volume', node: name, volume })
  // Seeding again is cheap and does nothing where all is there; a node container that exists proves that it was done.
  if (missing.some(({ role }) => role === 'node')) actions.push({ kind: 'seed-volume', node: name })
  for (const { role } of missing) actions.push({ kind: 'create-container', node: name, role })
  for (const { role, container, why } of plans) {
    actions.push(...computeRunActions(name, role, why === undefined ? container : undefined))
  }
  return actions
}

/** The name of a group stands for the nodes of it. */
function knownNodes({ nodes, simulated }: DesiredLab): ReadonlySet<string> {
  return new Set([...nodes.map(({ name }) => name), ...(simulated === undefined ? [] : [SIMULATED_GROUP])])
}

/** It has no volume: what its kubelets write is worth nothing without the containers that they made up. */
function computeSimulatedActions(
  { simulated }: DesiredLab,
  containers: readonly ObservedContainer[],
  folders: ReadonlySet<string>,
): LabAction[] {
  if (simulated?.wanted !== true) return []
  const about = { node: SIMULATED_GROUP, role: 'simulated' } as const
  const hasFolder = folders.has(SIMULATED_GROUP)
  const container = containers.find(({ role }) => role === 'simulated')
  const why = replacementReason(container, simulated.container, hasFolder)
  const isThere = container !== undefined && why === undefined
  const actions: LabAction[] = []
  if (!hasFolder) actions.push({ kind: 'make-manifests-folder', node: SIMULATED_GROUP })
  if (container !== undefined && why !== undefined)
    actions.push({ kind: 'remove-container', node: SIMULATED_GROUP, container: container.id, why })
  if (!isThere) actions.push({ kind: 'create-container', ...about })
  return [...actions, ...computeRunActions(SIMULATED_GROUP, 'simulated', isThere ? container : undefined)]
}

function replacementReason(
  container: ObservedContainer | undefined,
  spec: EngineContainerSpec,
  hasMounts: boolean,
): RemovalReason | undefined {
  if (container === undefined) return undefined
  if (!hasMounts || container.state === 'dead' || container.state === 'removing') return 'broken'
  return container.specHash === spec.labels[SPEC_HASH_LABEL] ? undefined : 'spec-changed'
}

/** `container` is undefined when it is made anew: then it has the right policy and is stopped. */
function computeRunActions(node: string, role: MachineRole, container: ObservedContainer | undefined): LabAction[] {
  const start: LabAction = { kind: 'start-container', node, role }
  if (container === undefined) return [start]
  // The policy first: whoever runs without it would not come back after a restart of the engine.
  const policy: LabAction[] = container.restartPolicy === 'always' ? [] : [{ kind: 'set-restart-policy', node, role }]
  if (container.state === 'running' || container.state === 'restarting') return policy
  if (container.state === 'paused') return [...policy, { kind: 'stop-container', node, role }, start]
  return [...policy, start]
}

/** Nodes and runtime services first, so that nothing new is made; a pod's containers before its sandbox. */
export function inRemovalOrder<T extends { role: string }>(containers: readonly T[]): T[] {
  const order = ['helper', 'runtime', 'simulated', 'node', 'container', 'sandbox']
  const rank = ({ role }: T): number => order.indexOf(role)
  return containers.toSorted((one, other) => rank(one) - rank(other))
}
