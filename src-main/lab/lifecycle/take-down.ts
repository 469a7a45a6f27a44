/** Stopping nodes, as a power cut does: nothing of their pods runs on, and its remains are there at the next boot. */
import { isLabError } from '../../common/lab-error.ts'
import type { Engine } from '../engine/engine.ts'
import type { LabContext } from '../lab-context.ts'
import { inRemovalOrder } from '../reconcile/compute-lab-actions.ts'
import { observeLab, refuseOtherHomes, type ObservedContainer, type ObservedLab } from '../reconcile/observe-lab.ts'
import { inParallel } from '../store/in-parallel.ts'

const PARALLEL = 8
/** The node's init passes TERM on; what has not ended by then is killed. */
const NODE_STOP_SECONDS = 8
const RUNTIME_STOP_SECONDS = 2

/**
 * Stops the nodes and their runtime services, which then stay stopped, and kills their pods' containers. Idempotent.
 * Only while holding the lab's lock.
 */
export async function takeDown(
  context: LabContext,
  engine: Engine,
  lab: string,
  isMeant: (node: string) => boolean,
): Promise<void> {
  const observed = await observe(context, engine, lab)
  const machines = observed.containers.filter(({ role, node }) => isMachine(role) && isMeant(node))
  for (const { node } of machines) context.channels.close(lab, node)
  await inParallel(PARALLEL, machines, (container) => stopForGood(engine, container))
  // Only now: a kubelet or runtime service at work would make new ones.
  const pods = (await observe(context, engine, lab)).containers.filter(({ role, node }) => isPod(role) && isMeant(node))
  for (const role of ['container', 'sandbox']) {
    const alive = pods.filter((pod) => pod.role === role && isAlive(pod))
    await inParallel(PARALLEL, alive, (container) => killForGood(engine, container))
  }
}

/** Removes containers, those that make others first. */
export async function removeContainers(engine: Engine, containers: readonly ObservedContainer[]): Promise<void> {
  const ordered = inRemovalOrder(containers)
  const makers = ordered.filter(({ role }) => !isPod(role))
  for (const group of [
    makers,
    ordered.filter(({ role }) => role === 'container'),
    ordered.filter(({ role }) => role === 'sandbox'),
  ]) {
    await inParallel(PARALLEL, group, ({ id }) => engine.removeContainer(id))
  }
}

export function isPod(role: string): boolean {
  return role === 'container' || role === 'sandbox'
}

function isMachine(role: string): boolean {
  return role === 'node' || role === 'runtime' || role === 'simulated'
}

async function observe(context: LabContext, engine: Engine, lab: string): Promise<ObservedLab> {
  const observed = await observeLab(engine, lab, context.store.layout.home)
  refuseOtherHomes(lab, observed)
  return observed
}

async function stopForGood(engine: Engine, { id, role, restartPolicy, state }: ObservedContainer): Promise<void> {
  try {
    // The policy first, or the engine would start it again.
    if (restartPolicy !== 'no') await engine.setRestartPolicy(id, 'no')
    if (state === 'created' || state === 'exited') return
    await engine.stopContainer(id, role === 'runtime' ? RUNTIME_STOP_SECONDS : NODE_STOP_SECONDS)
  } catch (error) {
    // Somebody has removed it in the meantime: stopped it is.
    if (!isLabError(error) || error.kind !== 'NotFound') throw error
  }
}

function isAlive({ state }: ObservedContainer): boolean {
  return state === 'running' || state === 'paused' || state === 'restarting'
}

async function killForGood(engine: Engine, { id }: ObservedContainer): Promise<void> {
  try {
    await engine.killContainer(id, 'SIGKILL')
  } catch (error) {
    // It has died or gone in the meantime.
    if (!isLabError(error) || (error.kind !== 'NotFound' && error.kind !== 'Conflict')) throw error
  }
}
