/** Carries out what `computeLabActions` decided: the lab's own actions one by one, then its nodes side by side. */
import { englishText, type LabText, type LabTextName } from '../../common/lab/lab-texts.ts'
import { LabError } from '../../common/lab-error.ts'
import { SIMULATED_GROUP } from '../../common/lab/simulated-nodes.ts'
import { nodeVolumeName } from '../../common/node-layout.ts'
import type { Engine, EngineContainerSpec } from '../engine/engine.ts'
import type { OnProgress } from '../lab-manager.ts'
import type { LabStore } from '../store/lab-store.ts'
import { inParallel } from '../store/in-parallel.ts'
import type { DesiredLab, LabAction, MachineRole } from './compute-lab-actions.ts'
import { objectLabels, seedContainerSpec, type SpecContext } from './container-specs.ts'

/** The engine does about this many starts at once; more only makes each slower. */
const PARALLEL_NODES = 4
const STOP_SECONDS = 5
const MACHINES: readonly MachineRole[] = ['node', 'runtime', 'simulated']

export interface SyncContext {
  engine: Engine
  store: LabStore
  specs: SpecContext
  /** What every node is given before it starts, as a tarball. */
  nodeFiles: Buffer
  onProgress: OnProgress
  signal?: AbortSignal
}

/** @throws LabError of the action that failed; what was done stays done, and the next sync goes on from there */
export async function syncLab(context: SyncContext, desired: DesiredLab, actions: readonly LabAction[]): Promise<void> {
  let done = 0
  const run = async (action: LabAction): Promise<void> => {
    if (context.signal?.aborted) throw new LabError({ kind: 'Cancelled', message: 'cancelled' })
    const text = describeAction(action)
    if (text !== undefined) context.onProgress({ message: englishText(text), text, progress: done / actions.length })
    await act(context, desired, action)
    done += 1
  }
  for (const action of actions) if (lane(action) === 'lab') await run(action)
  const nodes = desired.nodes.filter((node) => node.wanted).map(({ name }) => name)
  await inParallel(PARALLEL_NODES, [...nodes, SIMULATED_GROUP], async (name) => {
    const own = actions.filter((action) => 'node' in action && action.node === name)
    for (const action of own) if (lane(action) === 'prepare') await run(action)
    await inParallel(2, MACHINES, async (role) => {
      for (const action of own) if (lane(action) === role) await run(action)
    })
  })
}

function lane(action: LabAction): 'lab' | 'prepare' | MachineRole {
  switch (action.kind) {
    case 'remove-network':
    case 'create-network':
    case 'remove-volume':
      return 'lab'
    case 'remove-container':
      return action.why === 'spec-changed' || action.why === 'broken' ? 'prepare' : 'lab'
    case 'make-manifests-folder':
    case 'create-volume':
    case 'seed-volume':
      return 'prepare'
    case 'create-container':
    case 'set-restart-policy':
    case 'stop-container':
    case 'start-container':
      return action.role
  }
}

async function act(
  { engine, store, specs, nodeFiles }: SyncContext,
  desired: DesiredLab,
  action: LabAction,
): Promise<void> {
  switch (action.kind) {
    case 'remove-container':
      return engine.removeContainer(action.container)
    case 'remove-network':
      return engine.removeNetwork(action.network)
    case 'create-network':
      await engine.createNetwork(desired.network)
      return
    case 'remove-volume':
      return engine.removeVolume(action.volume)
    case 'make-manifests-folder':
      return store.makeManifestsFolder(desired.lab, action.node)
    case 'create-volume': {
      const labels = objectLabels(specs.layout.home, desired.lab, 'volume', action.node)
      return engine.createVolume(nodeVolumeName(desired.lab, action.node), labels)
    }
    case 'seed-volume':
      return seedVolume({ engine, store, specs }, desired.lab, action.node)
    case 'create-container':
      await engine.createContainer(findSpec(desired, action.node, action.role))
      return
    case 'set-restart-policy':
      return engine.setRestartPolicy(findSpec(desired, action.node, action.role).name, 'always')
    case 'stop-container':
      return engine.stopContainer(findSpec(desired, action.node, action.role).name, STOP_SECONDS)
    case 'start-container': {
      const { name } = findSpec(desired, action.node, action.role)
      if (action.role === 'node') await engine.putArchive(name, nodeFiles)
      return engine.startContainer(name)
    }
  }
}

function findSpec(desired: DesiredLab, name: string, role: MachineRole): EngineContainerSpec {
  const found =
    role === 'simulated'
      ? desired.simulated?.container
      : desired.nodes.find((candidate) => candidate.name === name)?.[role]
  if (found !== undefined) return found
  throw new LabError({ kind: 'Internal', message: `an action names the node ${name}, which the lab does not have` })
}

async function seedVolume(
  { engine, store, specs }: Pick<SyncContext, 'engine' | 'store' | 'specs'>,
  lab: string,
  node: string,
): Promise<void> {
  // One that a killed command left has been removed as a leftover before this.
  const helper = seedContainerSpec(specs, lab, node, store.hasSettings(lab, node))
  await engine.createContainer(helper)
  await engine.startContainer(helper.name)
  const exitCode = await engine.waitContainer(helper.name)
  if (exitCode !== 0) {
    const words = (await engine.containerLogs(helper.name, { tailLines: 5 })).trim()
    await engine.removeContainer(helper.name)
    throw new LabError({
      kind: 'Internal',
      message: `the volume of ${node} could not be filled: ${words === '' ? `exit code ${exitCode}` : words}`,
      remedy: 'See whether the engine has disk space left, then try again.',
    })
  }
  await engine.removeContainer(helper.name)
  await store.recordVolume(lab, node)
}

/** What a person is told; small steps are not worth a line. */
function describeAction(action: LabAction): LabText | undefined {
  switch (action.kind) {
    case 'create-network':
      return { text: 'network-make' }
    case 'seed-volume':
      return ofNode(action.node, 'volume-fill')
    case 'create-container':
      return action.role === 'runtime' ? undefined : ofNode(action.node, 'container-make')
    case 'start-container':
      return action.role === 'runtime' ? undefined : ofNode(action.node, 'node-start')
    case 'remove-container':
      return action.why === 'spec-changed' && action.node !== '' ? ofNode(action.node, 'container-renew') : undefined
    case 'remove-network':
    case 'remove-volume':
    case 'make-manifests-folder':
    case 'create-volume':
    case 'set-restart-policy':
    case 'stop-container':
      return undefined
  }
}

function ofNode(node: string, text: LabTextName): LabText {
  return { text: 'of-node', values: { node, text: { text } } }
}
