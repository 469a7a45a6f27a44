/** Brings a lab, or some of its nodes, to where its `LabSpec` says: compares, acts, and looks again. */
import { isLabError, LabError } from '../../common/lab-error.ts'
import type { LabSpec } from '../../common/lab/lab-spec.ts'
import { SIMULATED_GROUP } from '../../common/lab/simulated-nodes.ts'
import { packFiles } from '../control-plane/files-on-node.ts'
import type { Engine } from '../engine/engine.ts'
import type { LabContext, LabImages } from '../lab-context.ts'
import type { OnProgress } from '../lab-manager.ts'
import { findClashes } from '../network/choose-subnet.ts'
import { choosePort } from '../network/host-network.ts'
import { isPortTaken } from '../network/port-taken.ts'
import { ensureLabKeys } from '../node-shell/lab-keys.ts'
import { computeNodeShellFiles } from '../node-shell/node-shell-files.ts'
import { tellRunningNodes } from '../node-shell/tell-running-nodes.ts'
import { computeLabActions, type DesiredLab } from '../reconcile/compute-lab-actions.ts'
import {
  networkSpec,
  nodeContainerSpec,
  runtimeContainerSpec,
  simulatedContainerSpec,
  type SpecContext,
} from '../reconcile/container-specs.ts'
import { engineSubnets, observeLab, refuseOtherHomes, type ObservedLab } from '../reconcile/observe-lab.ts'
import { syncLab } from '../reconcile/sync-lab.ts'
import { findControlPlane, withNewPort, withNewSubnet, type AddressChoices } from '../store/compute-lab-spec.ts'

/** Others may change the engine at the same time; whoever has not come to an end by then never will. */
const MAX_ROUNDS = 5
/** Ports and subnets that turn out to be taken; on an engine elsewhere all of its other labs' are found one by one. */
const MAX_MOVES = 40

export interface BringUpOptions {
  engine: Engine
  images: LabImages
  /** Stored already. It may come back with other addresses. */
  spec: LabSpec
  /** Nodes that have to run, `SIMULATED_GROUP` for all simulated ones; the others are left as they are. */
  isWanted(node: string): boolean
  onProgress: OnProgress
  signal?: AbortSignal
}

/**
 * Only while holding the lab's lock. Answers the spec as it is now: addresses and ports that somebody else has taken in
 * the meantime are chosen, and stored, anew.
 */
export async function bringUp(context: LabContext, options: BringUpOptions): Promise<LabSpec> {
  const { engine, onProgress, signal } = options
  const { store } = context
  const specs: SpecContext = { layout: store.layout, images: options.images, engineSocket: engine.socketPath }
  const keys = await ensureLabKeys(store.layout.ssh(options.spec.name))
  const started = new Set<string>()
  let { spec } = options
  const refusedPorts = new Set<number>()
  let moves = 0
  for (let round = 1; ; round++) {
    const observed = await observeLab(engine, spec.name, store.layout.home)
    refuseOtherHomes(spec.name, observed)
    if (observed.networks.length === 0) spec = await withFreeSubnet(context, engine, spec)
    const desired = computeDesiredLab(specs, spec, options.isWanted)
    const actions = computeLabActions(desired, observed, await store.listManifestsFolders(spec))
    // A container that does not stay up is told of by whoever waits for its kubelet.
    const files = computeNodeShellFiles(spec, keys)
    if (actions.length === 0 || round > MAX_ROUNDS + moves) {
      const told = listRunningNodes(spec, observed.containers).filter(({ node }) => !started.has(node))
      await tellRunningNodes({ engine, logger: context.logger }, told, files)
      return spec
    }
    try {
      const nodeFiles = await packFiles(files)
      const sync = { engine, store, specs, nodeFiles, onProgress, ...(signal !== undefined && { signal }) }
      await syncLab(sync, desired, actions)
      for (const action of actions)
        if (action.kind === 'start-container' && action.role === 'node') started.add(action.node)
    } catch (error) {
      const moved = moves < MAX_MOVES ? await withOtherAddresses(context, engine, spec, error, refusedPorts) : undefined
      if (moved === undefined && (round >= MAX_ROUNDS + moves || !isWorthAnotherLook(error))) throw error
      if (moved !== undefined) moves++
      spec = moved ?? spec
    }
  }
}

/** The nodes of the lab whose container runs. */
export function listRunningNodes(
  spec: LabSpec,
  containers: ObservedLab['containers'],
): { node: string; container: string }[] {
  const names = new Set(spec.nodes.map(({ name }) => name))
  return containers
    .filter(({ role, state, node }) => role === 'node' && state === 'running' && names.has(node))
    .map(({ node, id }) => ({ node, container: id }))
}

export function computeDesiredLab(specs: SpecContext, spec: LabSpec, isWanted: (node: string) => boolean): DesiredLab {
  const hasSimulated = (spec.simulatedNodes ?? []).length > 0 && findControlPlane(spec) !== undefined
  return {
    lab: spec.name,
    network: networkSpec(specs, spec),
    ...(hasSimulated && {
      simulated: { wanted: isWanted(SIMULATED_GROUP), container: simulatedContainerSpec(specs, spec) },
    }),
    nodes: spec.nodes.map((node) => ({
      name: node.name,
      wanted: isWanted(node.name),
      node: nodeContainerSpec(specs, spec, node),
      runtime: runtimeContainerSpec(specs, spec, node),
    })),
  }
}

/** What is in use on this machine and in its labs. */
export async function addressChoices(context: LabContext, engine: Engine): Promise<AddressChoices> {
  const promised = await promisedPorts(context)
  return {
    usedSubnets: [...(await usedSubnets(context, engine)), ...(await promisedSubnets(context))],
    async nextPort() {
      const port = await choosePort(context.host, promised)
      promised.add(port)
      return port
    },
  }
}

async function usedSubnets(context: LabContext, engine: Engine): Promise<string[]> {
  return [...(await context.host.usedSubnets()), ...(await engineSubnets(engine))]
}

/** A lab that is stopped keeps its addresses: its network exists, but one that was never made is only in its file. */
async function promisedSubnets(context: LabContext): Promise<string[]> {
  return (await readAllSpecs(context)).map((spec) => spec.subnet)
}

async function promisedPorts(context: LabContext): Promise<Set<number>> {
  return new Set((await readAllSpecs(context)).flatMap((spec) => spec.nodes.map((node) => node.apiServerPort)))
}

async function readAllSpecs(context: LabContext): Promise<LabSpec[]> {
  const specs: LabSpec[] = []
  for (const lab of await context.store.list()) {
    try {
      const spec = await context.store.read(lab)
      if (spec !== undefined) specs.push(spec)
    } catch (error) {
      // Another lab's broken file must not keep this one from starting; it is told of when that lab is asked for.
      if (!isLabError(error)) throw error
      context.logger.warn('passed over a lab whose lab.yaml cannot be read', { lab, error })
    }
  }
  return specs
}

/** Before the network is made: a stored subnet may have been taken by a VPN or another network since. */
async function withFreeSubnet(context: LabContext, engine: Engine, spec: LabSpec): Promise<LabSpec> {
  const used = await usedSubnets(context, engine)
  const clashes = findClashes(spec.subnet, used)
  if (clashes.length === 0) return spec
  const moved = withNewSubnet(spec, [...used, ...(await promisedSubnets(context))])
  context.logger.warn('the addresses of the lab are in use by something else; it gets new ones', {
    lab: spec.name,
    subnet: spec.subnet,
    usedBy: clashes.join(', '),
    newSubnet: moved.subnet,
  })
  await context.store.write(moved)
  return moved
}

/**
 * When the engine refused because of an address or port that is taken: the spec with another one, stored.
 * @param refusedPorts those that the engine has refused so far; where it is not on this machine, nothing else tells
 */
async function withOtherAddresses(
  context: LabContext,
  engine: Engine,
  spec: LabSpec,
  error: unknown,
  refusedPorts: Set<number>,
): Promise<LabSpec | undefined> {
  if (!isLabError(error)) return undefined
  const moved = await moveAddresses(context, engine, spec, error, refusedPorts)
  if (moved !== undefined) await context.store.write(moved)
  return moved
}

async function moveAddresses(
  context: LabContext,
  engine: Engine,
  spec: LabSpec,
  { message }: LabError,
  refusedPorts: Set<number>,
): Promise<LabSpec | undefined> {
  if (/pool overlaps|overlaps with other one|already used for interface/i.test(message)) {
    return withNewSubnet(spec, [...(await usedSubnets(context, engine)), ...(await promisedSubnets(context))])
  }
  if (!isPortTaken(message)) return undefined
  const node = spec.nodes.find(({ apiServerPort }) => message.includes(`:${apiServerPort}`))
  if (node === undefined) return undefined
  refusedPorts.add(node.apiServerPort)
  const taken = new Set([...(await promisedPorts(context)), ...refusedPorts])
  return withNewPort(spec, node.name, await choosePort(context.host, taken))
}

/** What the engine had was not what had been seen a moment before. */
function isWorthAnotherLook(error: unknown): boolean {
  return isLabError(error) && (error.kind === 'NotFound' || error.kind === 'AlreadyExists' || error.kind === 'Conflict')
}
