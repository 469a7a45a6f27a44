/** All that a person can do to a lab, each recorded before it is done. */
import type { AppliedManifest, ContainerTarget, NodeTarget } from '../../common/ipc/calls.ts'
import type { DrainOutcome } from '../../common/lab/drain-outcome.ts'
import { SIMULATED_GROUP } from '../../common/lab/simulated-nodes.ts'
import type { LabStatus } from '../../common/lab/lab-status.ts'
import type { UserActionKind } from '../../common/lab/user-action.ts'
import { drainNode } from '../cluster/drain-node.ts'
import { deleteApiPod, setSchedulable } from '../cluster/read-api.ts'
import { startComponent, stopComponent } from '../control-plane/components.ts'
import { setScheduling } from '../control-plane/daemon-set-scheduling.ts'
import { requireLab, type LabContext } from '../lab-context.ts'
import type { LabManager } from '../lab-manager.ts'
import type { LabLifecycle } from '../lifecycle/lab-lifecycle.ts'
import type { NodeManifests } from '../manifests/node-manifests.ts'
import { controlKubelet } from '../nodes/control-kubelet.ts'
import { changeNodeSettings } from '../nodes/settings/node-settings.ts'
import { powerOff } from '../nodes/power-off.ts'
import type { PodAccess } from '../pods/pod-access.ts'
import type { ActionDraft } from './action-journal.ts'
import type { RecordAction, RecordedWork } from './record-action.ts'

type Changes = Pick<
  LabManager,
  | 'up'
  | 'down'
  | 'addNode'
  | 'removeNode'
  | 'addSimulatedNodes'
  | 'removeSimulatedNodes'
  | 'startNode'
  | 'stopNode'
  | 'powerOffNode'
  | 'restartKubelet'
  | 'startKubelet'
  | 'stopKubelet'
  | 'changeNodeSettings'
  | 'startComponent'
  | 'stopComponent'
  | 'setSchedulable'
  | 'drainNode'
  | 'setScheduling'
  | 'deleteApiPod'
  | 'applyManifest'
  | 'applyAndAwaitVerdict'
  | 'removeManifest'
  | 'crash'
>

export class RecordedChanges implements Changes {
  readonly #context: LabContext
  readonly #record: RecordAction
  readonly #lifecycle: LabLifecycle
  readonly #manifests: NodeManifests
  readonly #pods: PodAccess

  constructor(
    context: LabContext,
    record: RecordAction,
    parts: { lifecycle: LabLifecycle; manifests: NodeManifests; pods: PodAccess },
  ) {
    this.#context = context
    this.#record = record
    this.#lifecycle = parts.lifecycle
    this.#manifests = parts.manifests
    this.#pods = parts.pods
  }

  up(...[lab, options]: Parameters<LabManager['up']>): Promise<LabStatus> {
    const kind = options.controlPlane === true ? 'ControlPlaneAdded' : 'LabStarted'
    return this.#record({ lab, kind }, { run: (onBegun) => this.#lifecycle.up(lab, { ...options, onBegun }) })
  }

  down(...[lab, options]: Parameters<LabManager['down']>): Promise<LabStatus> {
    return this.#record(
      { lab, kind: 'LabStopped' },
      { run: (onBegun) => this.#lifecycle.down(lab, { ...options, onBegun }) },
    )
  }

  addNode(...[lab, node, options]: Parameters<LabManager['addNode']>): Promise<LabStatus> {
    const draft: ActionDraft = node === undefined ? { lab, kind: 'NodeAdded' } : { lab, kind: 'NodeAdded', node }
    const work: RecordedWork<LabStatus> = {
      run: (onBegun) => this.#lifecycle.addNode(lab, node, { ...options, onBegun }),
    }
    // A new node is the last of its lab's.
    const learn = ({ nodes }: LabStatus): { node?: string } => {
      const newest = nodes.at(-1)
      return newest === undefined ? {} : { node: newest.name }
    }
    return this.#record(draft, node === undefined ? { ...work, learn } : work)
  }

  removeNode(...[target, options]: Parameters<LabManager['removeNode']>): Promise<LabStatus> {
    return this.#ofNode('NodeRemoved', target, (onBegun) => this.#lifecycle.removeNode(target, { ...options, onBegun }))
  }

  addSimulatedNodes(...[lab, count, options]: Parameters<LabManager['addSimulatedNodes']>): Promise<LabStatus> {
    const draft: ActionDraft = { lab, kind: 'NodeAdded', node: SIMULATED_GROUP }
    return this.#record(draft, {
      run: (onBegun) => this.#lifecycle.addSimulatedNodes(lab, count, { ...options, onBegun }),
    })
  }

  removeSimulatedNodes(...[lab, options]: Parameters<LabManager['removeSimulatedNodes']>): Promise<LabStatus> {
    const target = { lab, node: SIMULATED_GROUP }
    return this.#ofNode('NodeRemoved', target, (onBegun) =>
      this.#lifecycle.removeSimulatedNodes(lab, { ...options, onBegun }),
    )
  }

  startNode(target: NodeTarget): Promise<LabStatus> {
    return this.#ofNode('NodeStarted', target, (onBegun) => this.#lifecycle.startNode(target, { onBegun }))
  }

  stopNode(target: NodeTarget): Promise<LabStatus> {
    return this.#ofNode('NodeStopped', target, (onBegun) => this.#lifecycle.stopNode(target, { onBegun }))
  }

  restartKubelet(target: NodeTarget): Promise<void> {
    return this.#ofNode('KubeletRestarted', target, () => controlKubelet(this.#context, target, 'restart'))
  }

  startKubelet(target: NodeTarget): Promise<void> {
    return this.#ofNode('KubeletStarted', target, () => controlKubelet(this.#context, target, 'start'))
  }

  stopKubelet(target: NodeTarget): Promise<void> {
    return this.#ofNode('KubeletStopped', target, () => controlKubelet(this.#context, target, 'stop'))
  }

  powerOffNode(target: NodeTarget): Promise<LabStatus> {
    return this.#ofNode('NodePoweredOff', target, () => powerOff(this.#context, target))
  }

  changeNodeSettings(
    ...[target, change]: Parameters<LabManager['changeNodeSettings']>
  ): ReturnType<LabManager['changeNodeSettings']> {
    return this.#ofNode('NodeSettingsChanged', target, (onBegun) =>
      changeNodeSettings(this.#context, target, change, { onBegun }),
    )
  }

  startComponent(lab: string, component: string): Promise<void> {
    const run = (): Promise<void> => startComponent(this.#context, lab, component)
    return this.#record({ lab, kind: 'ComponentStarted', component }, { run })
  }

  stopComponent(lab: string, component: string): Promise<void> {
    const run = (): Promise<void> => stopComponent(this.#context, lab, component)
    return this.#record({ lab, kind: 'ComponentStopped', component }, { run })
  }

  async setSchedulable({ lab, node }: NodeTarget, schedulable: boolean): Promise<void> {
    await requireLab(this.#context, lab)
    const run = (): Promise<void> => setSchedulable(this.#context, { lab, node, schedulable })
    await this.#record({ lab, node, kind: schedulable ? 'NodeUncordoned' : 'NodeCordoned' }, { run })
  }

  async drainNode(
    { lab, node }: NodeTarget,
    options: Parameters<LabManager['drainNode']>[1] = {},
  ): Promise<DrainOutcome> {
    await requireLab(this.#context, lab)
    const { podSelector, onProgress, signal } = options
    const task = { onProgress, isCancellable: true, ...(signal !== undefined && { signal }) }
    const run = (onBegun: () => void): Promise<DrainOutcome> =>
      this.#context.tasks.run('node-drain', `${lab}/${node}`, task, (report, cancelled) =>
        drainNode(
          this.#context,
          { lab, node, ...(podSelector !== undefined && { podSelector }) },
          { report, onBegun, signal: cancelled },
        ),
      )
    return this.#record({ lab, node, kind: 'NodeDrained' }, { run })
  }

  setScheduling(lab: string, scheduleDaemonSetPods: boolean): ReturnType<LabManager['setScheduling']> {
    const run = (): ReturnType<LabManager['setScheduling']> => setScheduling(this.#context, lab, scheduleDaemonSetPods)
    return this.#record({ lab, kind: 'SchedulingChanged' }, { run })
  }

  async deleteApiPod(lab: string, namespace: string, pod: string): Promise<void> {
    await requireLab(this.#context, lab)
    await this.#record(
      { lab, kind: 'ApiPodDeleted', pod: { namespace, name: pod } },
      { run: () => deleteApiPod(this.#context, { lab, namespace, pod }) },
    )
  }

  applyManifest(
    ...[target, name, content, options = {}]: Parameters<LabManager['applyManifest']>
  ): ReturnType<LabManager['applyManifest']> {
    return this.#ofManifest(target, name, options, () => this.#manifests.apply(target, name, content, options))
  }

  applyAndAwaitVerdict(
    ...[target, name, content, options = {}]: Parameters<LabManager['applyAndAwaitVerdict']>
  ): ReturnType<LabManager['applyAndAwaitVerdict']> {
    return this.#ofManifest(target, name, options, (onWritten) =>
      this.#manifests.applyAndAwaitVerdict(target, name, content, options, onWritten),
    )
  }

  removeManifest(...[target, name, options]: Parameters<LabManager['removeManifest']>): Promise<void> {
    const draft: ActionDraft = { ...placeOf(target), kind: 'ManifestRemoved', file: name }
    return this.#record(draft, { run: () => this.#manifests.remove(target, name, options?.by) })
  }

  crash(target: ContainerTarget): Promise<{ container: string }> {
    const { namespace, pod, container } = target
    const draft: ActionDraft = { ...placeOf(target), kind: 'ContainerCrashed', pod: { namespace, name: pod } }
    return this.#record(container === undefined ? draft : { ...draft, container }, {
      run: () => this.#pods.crash(target),
      learn: (crashed) => crashed,
    })
  }

  #ofNode<T>(kind: UserActionKind, target: NodeTarget, run: RecordedWork<T>['run']): Promise<T> {
    return this.#record({ ...placeOf(target), kind }, { run })
  }

  /** Whether a file of that name was there is known when it has been written. */
  #ofManifest<T extends AppliedManifest>(
    target: NodeTarget,
    name: string,
    { replace = false }: { replace?: boolean },
    apply: RecordedWork<T>['run'],
  ): Promise<T> {
    const kindOf = (isReplaced: boolean): UserActionKind => (isReplaced ? 'ManifestReplaced' : 'ManifestAdded')
    return this.#record(
      { ...placeOf(target), kind: kindOf(replace), file: name },
      { run: apply, learn: ({ replaced }) => ({ kind: kindOf(replaced) }) },
    )
  }
}

/** Targets come with more than their types say. */
function placeOf({ lab, node }: NodeTarget): NodeTarget {
  return { lab, node }
}
