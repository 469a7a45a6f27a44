/** Removes simulated nodes: from the lab's file, then from their container, which goes with the last one, then from the API server. */
import { labStep } from '../../common/lab/lab-texts.ts'
import type { LabSpec } from '../../common/lab/lab-spec.ts'
import { formatSimulatedNodes, listSimulatedNodes, SIMULATED_GROUP } from '../../common/lab/simulated-nodes.ts'
import { whyNotServing } from '../control-plane/await-control-plane.ts'
import { syncCluster } from '../control-plane/sync-cluster.ts'
import type { Engine } from '../engine/engine.ts'
import { requireLab, type LabContext } from '../lab-context.ts'
import type { OnProgress } from '../lab-manager.ts'
import { removeFolder } from '../lifecycle/delete-lab.ts'
import { removeContainers, takeDown } from '../lifecycle/take-down.ts'
import { observeLab } from '../reconcile/observe-lab.ts'
import { findControlPlane } from '../store/compute-lab-spec.ts'
import { syncSimulatedObjects } from './sync-simulated-objects.ts'

export interface RemoveSimulatedOptions {
  engine: Engine
  lab: string
  isMeant(name: string): boolean
  onProgress: OnProgress
  /** The lab's file says so now: whatever fails after it, the next `up` goes on with. */
  onBegun?: () => void
}

/**
 * Only while holding the lab's lock. A removal that is cut short, or whose API server does not serve, is finished by the
 * next `up`. Answers the lab as it is then.
 */
export async function removeSimulatedNodes(context: LabContext, options: RemoveSimulatedOptions): Promise<LabSpec> {
  const { engine, lab, isMeant, onProgress } = options
  const { store } = context
  const found = await requireLab(context, lab)
  if (found.simulatedNodes === undefined) return found
  const left = listSimulatedNodes(found.simulatedNodes).filter((name) => !isMeant(name))
  const rest = { ...found, simulatedNodes: formatSimulatedNodes(left) }
  await store.write(rest)
  options.onBegun?.()
  // Then their manifests: if the rest is cut short, later simulated nodes must not run them.
  if (left.length === 0) await store.emptyManifestsFolder(lab, SIMULATED_GROUP)
  const observed = await observeLab(engine, lab, store.layout.home)
  const container = observed.containers.find(({ role }) => role === 'simulated')
  if (left.length === 0) {
    await takeDown(context, engine, lab, (name) => name === SIMULATED_GROUP)
    if (container !== undefined) await removeContainers(engine, [container])
  } else if (container?.state === 'running')
    await syncCluster(context, { engine, lab, isWanted: (name) => name === SIMULATED_GROUP, onProgress })
  return forget(context, rest, options)
}

/** The API server's Nodes. */
async function forget(context: LabContext, spec: LabSpec, options: RemoveSimulatedOptions): Promise<LabSpec> {
  const { engine, onProgress } = options
  const controlPlane = findControlPlane(spec)
  const reason =
    controlPlane === undefined
      ? labStep('no-control-plane').text
      : await whyNotServing(context, engine, spec, controlPlane.name)
  if (reason !== undefined) {
    onProgress(labStep('simulated-objects-stay', { reason }))
    return spec
  }
  await syncSimulatedObjects(context, { spec, onProgress, awaitsReady: false })
  return finishRemoval(context, engine, spec.name)
}

/**
 * An empty list says that the API server had to be asked still, which it has been now. Only while holding the lab's lock.
 * @returns the lab as it is then
 */
export async function finishRemoval(context: LabContext, engine: Engine, lab: string): Promise<LabSpec> {
  const spec = await requireLab(context, lab)
  const { simulatedNodes, ...rest } = spec
  if (simulatedNodes?.length !== 0) return spec
  await removeFolder(context, engine, lab, context.store.layout.nodeFolder(lab, SIMULATED_GROUP))
  await context.store.write(rest)
  return rest
}
