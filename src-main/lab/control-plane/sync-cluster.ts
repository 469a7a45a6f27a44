/** Brings the nodes of a lab into its cluster, or out of it when the lab has no control plane (any more). */
import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { labStep } from '../../common/lab/lab-texts.ts'
import type { LabSpec, NodeSpec } from '../../common/lab/lab-spec.ts'
import { SIMULATED_GROUP } from '../../common/lab/simulated-nodes.ts'
import type { Engine } from '../engine/engine.ts'
import { requireLab, type LabContext } from '../lab-context.ts'
import type { OnProgress } from '../lab-manager.ts'
import { ensureAuthorities } from '../pki/cluster-authorities.ts'
import { joinSimulatedNodes } from '../simulated/join-simulated-nodes.ts'
import { findControlPlane } from '../store/compute-lab-spec.ts'
import { inParallel } from '../store/in-parallel.ts'
import { joinNode, leaveCluster } from './join-node.ts'
import type { ClusterPlace } from './node-files.ts'
import { ensureKubeconfig } from './user-kubeconfig.ts'

const PARALLEL_NODES = 4

export interface SyncClusterOptions {
  engine: Engine
  lab: string
  /** Running nodes that are to be looked at, `SIMULATED_GROUP` for the simulated ones. */
  isWanted(node: string): boolean
  onProgress: OnProgress
}

/**
 * Only while holding the lab's lock. Answers the spec that it went by: the lab may have changed since it was brought up.
 * @throws NotFound when the lab was deleted meanwhile, Conflict when a node refuses what it is told
 */
export async function syncCluster(
  context: Pick<LabContext, 'store' | 'clock'>,
  { engine, lab, isWanted, onProgress }: SyncClusterOptions,
): Promise<LabSpec> {
  const spec = await requireLab(context, lab)
  const nodes = spec.nodes.filter(({ name }) => isWanted(name))
  await bringIntoCluster(context, { engine, spec, nodes, onProgress, isWanted })
  return spec
}

async function bringIntoCluster(
  context: Pick<LabContext, 'store' | 'clock'>,
  options: Omit<SyncClusterOptions, 'lab'> & { spec: LabSpec; nodes: readonly NodeSpec[] },
): Promise<void> {
  const { engine, spec, nodes, onProgress, isWanted } = options
  const controlPlane = findControlPlane(spec)
  if (controlPlane === undefined) {
    if (!existsSync(context.store.layout.pki(spec.name))) return
    await inParallel(PARALLEL_NODES, nodes, async (node) => {
      if (await leaveCluster(engine, spec.name, node))
        onProgress(labStep('of-node', { node: node.name, text: { text: 'cluster-left' } }))
    })
    await rm(context.store.layout.kubeconfig(spec.name), { force: true })
    // As long as it is there, nodes are asked whether they are members still: those that do not run now will be.
    if (nodes.length === spec.nodes.length)
      await rm(context.store.layout.pki(spec.name), { recursive: true, force: true })
    return
  }
  const now = context.clock.now()
  const authorities = await ensureAuthorities(context.store.layout.pki(spec.name), now)
  const place: ClusterPlace = {
    controlPlane: { node: controlPlane.name, address: controlPlane.address },
    authorities,
    now,
  }
  await inParallel(PARALLEL_NODES, nodes, async (node) => {
    if (await joinNode({ engine, store: context.store, spec, place }, node))
      onProgress(labStep('of-node', { node: node.name, text: { text: 'cluster-joined' } }))
  })
  if (isWanted(SIMULATED_GROUP) && (spec.simulatedNodes ?? []).length > 0)
    await joinSimulatedNodes({ engine, spec, place, onProgress })
  await ensureKubeconfig(context, spec.name, place, controlPlane.apiServerPort)
}
