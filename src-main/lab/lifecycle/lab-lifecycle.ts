/** Everything that changes labs: each operation is a task, holds the lab's lock, and may be repeated. */
import { labStep } from '../../common/lab/lab-texts.ts'
import { LabError } from '../../common/lab-error.ts'
import type { NodeTarget } from '../../common/ipc/calls.ts'
import type { LabSpec } from '../../common/lab/lab-spec.ts'
import { MAX_NODES } from '../../common/lab/lab-spec-validation.ts'
import type { LabStatus } from '../../common/lab/lab-status.ts'
import type { RepairNote } from '../../common/lab/repair-note.ts'
import { labNameFault, nodeNameFault } from '../../common/lab/names.ts'
import { listSimulatedNodes, MAX_SIMULATED_NODES, SIMULATED_GROUP } from '../../common/lab/simulated-nodes.ts'
import { awaitControlPlane, whyNotServing } from '../control-plane/await-control-plane.ts'
import { withScheduling, writeScheduling } from '../control-plane/daemon-set-scheduling.ts'
import { syncCluster } from '../control-plane/sync-cluster.ts'
import { chooseServer } from '../control-plane/user-kubeconfig.ts'
import type { Engine } from '../engine/engine.ts'
import { requireLab, requireNode, type LabContext } from '../lab-context.ts'
import type { OnProgress, UpOptions } from '../lab-manager.ts'
import { ensureLabKeys } from '../node-shell/lab-keys.ts'
import { computeNodeShellFiles } from '../node-shell/node-shell-files.ts'
import { tellRunningNodes } from '../node-shell/tell-running-nodes.ts'
import { waitForKubelets } from '../nodes/wait-for-kubelets.ts'
import { observeLab, refuseOtherHomes } from '../reconcile/observe-lab.ts'
import { finishRemoval, removeSimulatedNodes } from '../simulated/remove-simulated-nodes.ts'
import { syncSimulatedObjects } from '../simulated/sync-simulated-objects.ts'
import { readLabStatus } from '../status/read-lab-status.ts'
import {
  countWorkers,
  findControlPlane,
  growLabSpec,
  newLabSpec,
  nextNodeName,
  withControlPlane,
  withNode,
  withoutNode,
  withSimulatedNodes,
} from '../store/compute-lab-spec.ts'
import { addressChoices, bringUp, listRunningNodes } from './bring-up.ts'
import { findLostImages, findRepairs, hasNodeImage } from './find-repairs.ts'
import { rebuildLabSpec } from './rebuild-lab-spec.ts'
import { deleteLab, removeFolder } from './delete-lab.ts'
import { runLabTask, type Begun, type Operation } from './run-lab-task.ts'
import { removeContainers, takeDown } from './take-down.ts'

/** As many as it takes to see that each kubelet works for itself. */
const DEFAULT_NODES = 2

export class LabLifecycle {
  readonly #context: LabContext

  constructor(context: LabContext) {
    this.#context = context
  }

  async up(lab: string, options: UpOptions & Begun): Promise<LabStatus> {
    const { nodes, controlPlane = false, scheduleDaemonSetPods, onProgress, onBegun, signal } = options
    refuseName(labNameFault(lab))
    refuseNodeCount(nodes)
    const told = { ...(onBegun !== undefined && { onBegun }), ...(signal !== undefined && { signal }) }
    const operation = { task: 'lab-up', lab, onProgress, ...told } as const
    return this.#bringUp(operation, {
      change: async (spec, engine) => {
        const grown = await this.#growSpec(lab, spec, { nodes, controlPlane }, engine)
        if (scheduleDaemonSetPods === undefined) return grown
        // One that is new has no manifest yet, and gets it as the lab's record says.
        await writeScheduling(this.#context.store, grown, scheduleDaemonSetPods)
        return withScheduling(grown, scheduleDaemonSetPods)
      },
      isWanted: () => true,
    })
  }

  async down(lab: string, options: { onProgress?: OnProgress } & Begun = {}): Promise<LabStatus> {
    await requireLab(this.#context, lab)
    return runLabTask(
      this.#context,
      { task: 'lab-down', lab, onProgress: options.onProgress },
      async ({ engine, report, locked }) => {
        const spec = await locked(async () => {
          const found = await requireLab(this.#context, lab)
          options.onBegun?.()
          report(labStep('nodes-stop'))
          await takeDown(this.#context, engine, lab, () => true)
          return found
        })
        return () => readLabStatus(this.#context, engine, spec)
      },
    )
  }

  async delete(lab: string, options: { onProgress?: OnProgress } = {}): Promise<void> {
    refuseName(labNameFault(lab))
    return runLabTask(
      this.#context,
      { task: 'lab-delete', lab, onProgress: options.onProgress },
      async ({ engine, report, locked }) => {
        await locked(() => deleteLab(this.#context, engine, lab, report))
        return () => Promise.resolve()
      },
    )
  }

  async addNode(
    lab: string,
    node: string | undefined,
    options: { onProgress?: OnProgress; addedBy?: string } & Begun = {},
  ): Promise<LabStatus> {
    if (node !== undefined) refuseName(nodeNameFault(node))
    // Another process may be faster with this name: then the next one is made.
    let added = node ?? nextNodeName(await requireLab(this.#context, lab))
    return this.#bringUp(
      { ...options, task: 'node-add', lab, onProgress: options.onProgress, node: added },
      {
        change: async (spec, engine) => {
          const present = spec ?? (await requireLab(this.#context, lab))
          added = node ?? nextNodeName(present)
          return withNode(present, added, await addressChoices(this.#context, engine), 'worker', options.addedBy)
        },
        isWanted: (name) => name === added,
      },
    )
  }

  async addSimulatedNodes(
    lab: string,
    count: number,
    options: { onProgress?: OnProgress } & Begun = {},
  ): Promise<LabStatus> {
    refuseSimulatedCount(count)
    withSimulatedNodes(await requireLab(this.#context, lab), count)
    return this.#bringUp(
      { ...options, task: 'node-add', lab, node: SIMULATED_GROUP, onProgress: options.onProgress },
      {
        change: async (spec) => withSimulatedNodes(spec ?? (await requireLab(this.#context, lab)), count),
        isWanted: (name) => name === SIMULATED_GROUP,
      },
    )
  }

  removeSimulatedNodes(lab: string, options: { onProgress?: OnProgress } & Begun = {}): Promise<LabStatus> {
    const { onProgress } = options
    return this.#removeSimulated(lab, { ...options, node: SIMULATED_GROUP, onProgress, isMeant: () => true })
  }

  startNode({ lab, node }: NodeTarget, begun: Begun = {}): Promise<LabStatus> {
    return this.#bringUp(
      { ...begun, task: 'node-start', lab, node, onProgress: undefined },
      {
        change: async () => (await requireNode(this.#context, { lab, node })).spec,
        isWanted: (name) => name === node,
      },
    )
  }

  async stopNode({ lab, node }: NodeTarget, { onBegun }: Begun = {}): Promise<LabStatus> {
    await requireNode(this.#context, { lab, node })
    return runLabTask(
      this.#context,
      { task: 'node-stop', lab, node, onProgress: undefined },
      async ({ engine, locked }) => {
        const spec = await locked(async () => {
          const found = await requireNode(this.#context, { lab, node })
          onBegun?.()
          await takeDown(this.#context, engine, lab, (name) => name === node)
          return found.spec
        })
        return () => readLabStatus(this.#context, engine, spec)
      },
    )
  }

  /**
   * The lab's file first: a removal that is cut short is finished by the next `up`. Without its control plane the kubelets of
   * the rest stand alone again, those of stopped nodes when they start. With `addedBy`, the node of that addition only.
   * @throws NotFound
   */
  async removeNode({ lab, node }: NodeTarget, begun: Begun & { addedBy?: string } = {}): Promise<LabStatus> {
    if (listSimulatedNodes((await requireLab(this.#context, lab)).simulatedNodes).includes(node))
      return this.#removeSimulated(lab, { ...begun, node, onProgress: undefined, isMeant: (name) => name === node })
    await requireNode(this.#context, { lab, node })
    return runLabTask(
      this.#context,
      { task: 'node-remove', lab, node, onProgress: undefined },
      async ({ engine, report: onProgress, locked }) => {
        const spec = await locked(async () => {
          const found = await requireNode(this.#context, { lab, node })
          if (begun.addedBy !== undefined && found.node.addedBy !== begun.addedBy) refuseOthers(lab, node)
          const rest = withoutNode(found.spec, node)
          const isMeant = (name: string): boolean => name === node
          await this.#context.store.write(rest)
          begun.onBegun?.()
          // Then its manifests: if the rest is cut short, a later node of this name must not run them.
          await this.#context.store.emptyManifestsFolder(lab, node)
          await takeDown(this.#context, engine, lab, isMeant)
          const observed = await observeLab(engine, lab, this.#context.store.layout.home)
          await removeContainers(
            engine,
            observed.containers.filter((container) => isMeant(container.node)),
          )
          for (const volume of observed.volumes) if (isMeant(volume.node)) await engine.removeVolume(volume.name)
          const keys = await ensureLabKeys(this.#context.store.layout.ssh(lab))
          const told = listRunningNodes(rest, observed.containers)
          await tellRunningNodes({ engine, logger: this.#context.logger }, told, computeNodeShellFiles(rest, keys))
          await removeFolder(this.#context, engine, lab, this.#context.store.layout.nodeFolder(lab, node))
          if (findControlPlane(rest) === undefined) {
            const running = new Set(
              observed.containers
                .filter(({ role, state }) => role === 'node' && state === 'running')
                .map((found) => found.node),
            )
            await syncCluster(this.#context, { engine, lab, isWanted: (name) => running.has(name), onProgress })
          }
          return rest
        })
        return () => readLabStatus(this.#context, engine, spec)
      },
    )
  }

  async #removeSimulated(
    lab: string,
    options: { node: string; onProgress: OnProgress | undefined; isMeant(name: string): boolean } & Begun,
  ): Promise<LabStatus> {
    const { node, onProgress } = options
    await requireLab(this.#context, lab)
    return runLabTask(
      this.#context,
      { task: 'node-remove', lab, node, onProgress },
      async ({ engine, report, locked }) => {
        const spec = await locked(() =>
          removeSimulatedNodes(this.#context, { ...options, engine, lab, onProgress: report }),
        )
        return () => readLabStatus(this.#context, engine, spec)
      },
    )
  }

  async #growSpec(
    lab: string,
    spec: LabSpec | undefined,
    wanted: { nodes: number | undefined; controlPlane: boolean },
    engine: Engine,
  ): Promise<LabSpec> {
    const { nodes = 0, controlPlane } = wanted
    const isComplete = (present: LabSpec): boolean =>
      countWorkers(present) >= nodes && (!controlPlane || findControlPlane(present) !== undefined)
    if (spec !== undefined && isComplete(spec)) return spec
    const choices = await addressChoices(this.#context, engine)
    const grown =
      spec === undefined
        ? await newLabSpec(lab, wanted.nodes ?? DEFAULT_NODES, choices)
        : await growLabSpec(spec, nodes, choices)
    return controlPlane ? withControlPlane(grown, choices) : grown
  }

  /** Changes the stored spec, has the wanted nodes run, and waits for their kubelets, the latter without the lock. */
  async #bringUp(
    operation: Operation,
    plan: {
      change(spec: LabSpec | undefined, engine: Engine): Promise<LabSpec>
      isWanted(node: string): boolean
    },
  ): Promise<LabStatus> {
    const { lab } = operation
    const context = this.#context
    // A broken lab.yaml or a wrong name is told before an engine is looked for or an image built.
    if (operation.task === 'lab-up') await context.store.read(lab)
    else if (operation.task === 'node-start') await requireNode(context, { lab, node: operation.node ?? '' })
    else await requireLab(context, lab)
    // Each step looks at what is there, so work that stops between two of them is gone on with by the next start.
    return runLabTask(
      context,
      { ...operation, isCancellable: true },
      async ({ engine, report: onProgress, locked, signal }) => {
        const hadImages = await hasNodeImage(engine)
        const images = await context.ensureImages(engine, { onProgress, signal })
        signal.throwIfAborted()
        const repairs: RepairNote[] = []
        await locked(async () => {
          const stored = await context.store.read(lab)
          refuseOtherHomes(lab, await observeLab(engine, lab, context.store.layout.home))
          const rebuilt =
            stored === undefined && operation.task === 'lab-up'
              ? await rebuildLabSpec(context, engine, lab, () => addressChoices(context, engine))
              : undefined
          const present = stored ?? rebuilt?.spec
          const changed = await plan.change(present, engine)
          repairs.push(...(rebuilt === undefined ? [] : [rebuilt.note]))
          repairs.push(...(await findRepairs(context, engine, changed, plan.isWanted)))
          if (!hadImages && (await hasNodeImage(engine)) && hasRun(context, changed))
            repairs.push({ kind: 'images' }, ...(await findLostImages(context, engine, changed)))
          // Stored before anything is made, so that what is made can be found again after any interruption.
          if (changed !== stored) await context.store.write(changed)
          operation.onBegun?.()
          const { isWanted } = plan
          const { nodes } = await bringUp(context, { engine, images, spec: changed, isWanted, onProgress, signal })
          for (const { name } of nodes.filter((node) => isWanted(node.name))) {
            // Labs of older editions have none.
            if (!context.store.hasVolumeRecord(lab, name)) await context.store.recordVolume(lab, name)
            await context.store.recordContainersAway(lab, name, false)
          }
        })
        signal.throwIfAborted()
        // Before the kubelets are waited for: those that are new to the cluster are started anew.
        const { isWanted } = plan
        const spec = await locked(() => syncCluster(context, { engine, lab, isWanted, onProgress }))
        const nodes = spec.nodes.map(({ name }) => name).filter(isWanted)
        await waitForKubelets(context, engine, { lab, nodes, onProgress, signal })
        const controlPlane = findControlPlane(spec)
        if (controlPlane !== undefined) {
          const serves = await this.#awaitServer(engine, { spec, node: controlPlane.name, nodes, onProgress, signal })
          if (serves) await locked(() => chooseServer(context, lab, controlPlane))
          if (serves && isWanted(SIMULATED_GROUP) && spec.simulatedNodes !== undefined) {
            await syncSimulatedObjects(context, { spec, onProgress, signal })
            await locked(() => finishRemoval(context, engine, lab))
          }
        }
        return async () => {
          const status = await readLabStatus(context, engine, spec)
          return repairs.length === 0 ? status : { ...status, repairs }
        }
      },
    )
  }

  /** Whether it serves: a person may have taken it away. */
  async #awaitServer(
    engine: Engine,
    options: { spec: LabSpec; node: string; nodes: string[]; onProgress: OnProgress; signal: AbortSignal },
  ): Promise<boolean> {
    const { spec, node, nodes, onProgress, signal } = options
    const reason = await whyNotServing(this.#context, engine, spec, node)
    if (reason === undefined) await awaitControlPlane(engine, { spec, node, members: nodes, onProgress, signal })
    else onProgress(labStep('api-server-unawaited', { reason }))
    return reason === undefined
  }
}

/** One that is new has lost nothing. */
function hasRun({ store }: LabContext, { name, nodes }: LabSpec): boolean {
  return nodes.some((node) => store.hasVolumeRecord(name, node.name))
}

function refuseOthers(lab: string, node: string): never {
  throw new LabError({ kind: 'NotFound', message: `the node ${node} of the lab "${lab}" was added by somebody else` })
}

function refuseName(fault: string | undefined): void {
  if (fault !== undefined) throw new LabError({ kind: 'BadRequest', message: fault })
}

function refuseSimulatedCount(count: number): void {
  if (Number.isInteger(count) && count >= 1 && count <= MAX_SIMULATED_NODES) return
  throw new LabError({
    kind: 'BadRequest',
    message: `from 1 to ${MAX_SIMULATED_NODES} simulated nodes can be added, not ${count}`,
  })
}

function refuseNodeCount(nodes: number | undefined): void {
  if (nodes === undefined || (Number.isInteger(nodes) && nodes >= 1 && nodes <= MAX_NODES)) return
  throw new LabError({ kind: 'BadRequest', message: `a lab has from 1 to ${MAX_NODES} nodes, not ${nodes}` })
}
