/** The lab manager of a home: puts its parts together. */
import { systemClock } from '../base/clock.ts'
import { DisposableStore, toDisposable, type Disposable } from '../base/disposable.ts'
import { silentLogger } from '../base/logger.ts'
import type { ContainerTarget, NodeTarget } from '../common/ipc/calls.ts'
import type { ApiEvent } from '../common/lab/api-event.ts'
import { emptyClusterView, type ClusterView } from '../common/lab/cluster-view.ts'
import type { Pod } from '../common/api/core.ts'
import type { ImportedLab } from '../common/lab/lab-archive.ts'
import type { EngineStatus, LabStatus, TaskStatus } from '../common/lab/lab-status.ts'
import type { NodeSettingChange } from '../common/lab/node-settings.ts'
import type { UserAction } from '../common/lab/user-action.ts'
import type { LabContext } from './lab-context.ts'
import { openClusterClient } from './cluster/cluster-client.ts'
import { ClusterWatches } from './cluster/cluster-watches.ts'
import { readNodePods, readPodEvents } from './cluster/read-api.ts'
import { listComponents } from './control-plane/components.ts'
import { ActionFeed } from './journal/action-feed.ts'
import { ActionJournal } from './journal/action-journal.ts'
import { createActionRecorder } from './journal/record-action.ts'
import { RecordedChanges } from './journal/recorded-changes.ts'
import { requireLab } from './lab-context.ts'
import type { CopyOptions, ExecOptions, LabManager, LabManagerEvents, LogOptions } from './lab-manager.ts'
import type { LabManagerOptions } from './lab-manager-options.ts'
import { LabLifecycle } from './lifecycle/lab-lifecycle.ts'
import { LabTransfers } from './lifecycle/lab-transfers.ts'
import { ensureMachineImages, machineEngines } from './machine-defaults.ts'
import { HistoryRecorder } from './manifests/history/history-recorder.ts'
import { ManifestHistory } from './manifests/history/manifest-history.ts'
import { NodeManifests } from './manifests/node-manifests.ts'
import { hostNetwork } from './network/host-network.ts'
import { openNodeChannel } from './nodes/channel-client/node-channel.ts'
import { ChannelPool, type OpenChannel } from './nodes/channel-pool.ts'
import { readNodeSettings } from './nodes/settings/node-settings.ts'
import { EngineHolder } from './nodes/engine-holder.ts'
import { listNodeContainers } from './pods/list-node-containers.ts'
import { NodeViews } from './pods/node-views.ts'
import { PodAccess } from './pods/pod-access.ts'
import { listLabs } from './status/list-labs.ts'
import { readLabStatus } from './status/read-lab-status.ts'
import { TaskTracker, type TaskName, type TaskOptions, type TaskWork } from './status/task-tracker.ts'
import { HomeLayout, nodeLabHome, prepareHome } from './store/home.ts'
import { LabStore } from './store/lab-store.ts'
import { LabWatch } from './watch/lab-watch.ts'

/** Makes the home's folder if need be; touches no engine. */
export async function createLabManager(options: LabManagerOptions = {}): Promise<LabManager> {
  const home = await prepareHome(options.home ?? nodeLabHome(process.env))
  return new HomeLabManager(home, options)
}

class HomeLabManager implements LabManager {
  readonly home: string
  readonly #context: LabContext
  readonly #lifecycle: LabLifecycle
  readonly #transfers: LabTransfers
  readonly #changes: RecordedChanges
  readonly #manifests: NodeManifests
  readonly #views: NodeViews
  readonly #pods: PodAccess
  readonly #owned = new DisposableStore()
  readonly #clusters: ClusterWatches
  readonly #actions: ActionFeed
  readonly #recorder: HistoryRecorder
  readonly #subscribers = new Set<LabManagerEvents>()
  #watch: LabWatch | undefined

  constructor(home: string, options: LabManagerOptions) {
    this.home = home
    const clock = options.clock ?? systemClock()
    const logger = options.logger ?? silentLogger
    const open: OpenChannel = (engine, container) => openNodeChannel(engine, container, { clock, logger })
    const channels = new ChannelPool(options.openChannel ?? open)
    const engines = new EngineHolder(options.engines ?? machineEngines(), () => channels.closeAll())
    this.#owned.add(engines)
    this.#owned.add(channels)
    const layout = new HomeLayout(home)
    this.#context = {
      clock,
      logger,
      store: new LabStore(layout),
      journal: this.#owned.add(new ActionJournal({ clock, logger, layout })),
      history: new ManifestHistory({ layout, clock, logger }),
      engines,
      channels,
      ensureImages: options.ensureImages ?? ensureMachineImages,
      host: options.host ?? hostNetwork,
      openCluster: options.openCluster ?? openClusterClient,
      tasks: new TaskTracker(clock, (task) => {
        this.#tell((events) => events.onTaskChanged?.(task))
        // Whether a lab is starting or running depends on the tasks too.
        if (task.state !== 'running' || task.step === undefined) this.#watch?.poke()
      }),
    }
    this.#recorder = this.#owned.add(
      new HistoryRecorder(this.#context.history, layout, logger, async ({ lab, node }, name) =>
        channels.get(await engines.connect(), lab, node).readManifest(name),
      ),
    )
    this.#lifecycle = new LabLifecycle(this.#context)
    this.#transfers = new LabTransfers(this.#context)
    this.#manifests = new NodeManifests(this.#context)
    this.#views = new NodeViews(this.#context)
    this.#pods = new PodAccess(this.#context)
    this.#actions = this.#owned.add(
      new ActionFeed(this.#context, (lab, actions) => this.#tell((events) => events.onActionsAdded?.(lab, actions))),
    )
    const record = createActionRecorder(this.#context, (lab) => this.#actions.recorded(lab))
    this.#changes = new RecordedChanges(this.#context, record, {
      lifecycle: this.#lifecycle,
      manifests: this.#manifests,
      pods: this.#pods,
    })
    this.#clusters = this.#owned.add(
      new ClusterWatches(this.#context, (change) => this.#tell((events) => events.onClusterChanged?.(change))),
    )
  }

  engineStatus(): Promise<EngineStatus> {
    return this.#context.engines.status()
  }

  listLabs(): Promise<LabStatus[]> {
    return listLabs(this.#context)
  }

  async labStatus(lab: string): Promise<LabStatus> {
    const spec = await requireLab(this.#context, lab)
    return readLabStatus(this.#context, await this.#context.engines.connect(), spec)
  }

  up(...parameters: Parameters<LabManager['up']>): Promise<LabStatus> {
    return this.#changes.up(...parameters)
  }

  down(...parameters: Parameters<LabManager['down']>): Promise<LabStatus> {
    return this.#changes.down(...parameters)
  }

  delete(...parameters: Parameters<LabManager['delete']>): Promise<void> {
    return this.#lifecycle.delete(...parameters)
  }

  renameLab(...parameters: Parameters<LabManager['renameLab']>): Promise<LabStatus> {
    return this.#transfers.rename(...parameters)
  }

  async cloneLab(...[lab, name, options = {}]: Parameters<LabManager['cloneLab']>): Promise<ImportedLab> {
    return this.#startIfAsked(await this.#transfers.clone(lab, name, options), options)
  }

  exportLab(...parameters: Parameters<LabManager['exportLab']>): ReturnType<LabManager['exportLab']> {
    return this.#transfers.export(...parameters)
  }

  async importLab(...[file, options = {}]: Parameters<LabManager['importLab']>): Promise<ImportedLab> {
    return this.#startIfAsked(await this.#transfers.import(file, options), options)
  }

  async #startIfAsked(imported: ImportedLab, { up = false, onProgress }: CopyOptions): Promise<ImportedLab> {
    if (!up) return imported
    const status = await this.up(imported.status.name, { ...(onProgress !== undefined && { onProgress }) })
    return { ...imported, status }
  }

  addNode(...parameters: Parameters<LabManager['addNode']>): Promise<LabStatus> {
    return this.#changes.addNode(...parameters)
  }

  removeNode(...parameters: Parameters<LabManager['removeNode']>): Promise<LabStatus> {
    return this.#changes.removeNode(...parameters)
  }

  addSimulatedNodes(...parameters: Parameters<LabManager['addSimulatedNodes']>): Promise<LabStatus> {
    return this.#changes.addSimulatedNodes(...parameters)
  }

  removeSimulatedNodes(...parameters: Parameters<LabManager['removeSimulatedNodes']>): Promise<LabStatus> {
    return this.#changes.removeSimulatedNodes(...parameters)
  }

  nodeSettings(target: NodeTarget): ReturnType<LabManager['nodeSettings']> {
    return readNodeSettings(this.#context, target)
  }

  changeNodeSettings(target: NodeTarget, change: NodeSettingChange): ReturnType<LabManager['changeNodeSettings']> {
    return this.#changes.changeNodeSettings(target, change)
  }

  startNode(target: NodeTarget): Promise<LabStatus> {
    return this.#changes.startNode(target)
  }

  stopNode(target: NodeTarget): Promise<LabStatus> {
    return this.#changes.stopNode(target)
  }

  restartKubelet(target: NodeTarget): Promise<void> {
    return this.#changes.restartKubelet(target)
  }

  powerOffNode(target: NodeTarget): Promise<LabStatus> {
    return this.#changes.powerOffNode(target)
  }

  startKubelet(target: NodeTarget): Promise<void> {
    return this.#changes.startKubelet(target)
  }

  stopKubelet(target: NodeTarget): Promise<void> {
    return this.#changes.stopKubelet(target)
  }

  nodeContainers(target: NodeTarget): ReturnType<LabManager['nodeContainers']> {
    return listNodeContainers(this.#context, target)
  }

  components(lab: string): ReturnType<LabManager['components']> {
    return listComponents(this.#context, lab)
  }

  stopComponent(lab: string, component: string): Promise<void> {
    return this.#changes.stopComponent(lab, component)
  }

  startComponent(lab: string, component: string): Promise<void> {
    return this.#changes.startComponent(lab, component)
  }

  setSchedulable(target: NodeTarget, schedulable: boolean): Promise<void> {
    return this.#changes.setSchedulable(target, schedulable)
  }

  drainNode(...parameters: Parameters<LabManager['drainNode']>): ReturnType<LabManager['drainNode']> {
    return this.#changes.drainNode(...parameters)
  }

  setScheduling(lab: string, scheduleDaemonSetPods: boolean): ReturnType<LabManager['setScheduling']> {
    return this.#changes.setScheduling(lab, scheduleDaemonSetPods)
  }

  async clusterView(lab: string): Promise<ClusterView | undefined> {
    const { apiServer } = await this.labStatus(lab)
    if (apiServer === undefined) return undefined
    const observedAt = new Date(this.#context.clock.now()).toISOString()
    return this.#clusters.view(lab) ?? emptyClusterView(lab, observedAt)
  }

  deleteApiPod(lab: string, namespace: string, pod: string): Promise<void> {
    return this.#changes.deleteApiPod(lab, namespace, pod)
  }

  async apiPodsOf({ lab, node }: NodeTarget): Promise<Pod[]> {
    await requireLab(this.#context, lab)
    return readNodePods(this.#context, { lab, node })
  }

  async apiPodEvents(lab: string, namespace: string, pod: string): Promise<ApiEvent[]> {
    await requireLab(this.#context, lab)
    return readPodEvents(this.#context, { lab, namespace, pod })
  }

  manifestsPath(target: NodeTarget): Promise<string> {
    return this.#manifests.path(target)
  }

  files(target: NodeTarget): ReturnType<LabManager['files']> {
    return this.#manifests.files(target)
  }

  readManifest(target: NodeTarget, name: string): Promise<string> {
    return this.#manifests.read(target, name)
  }

  applyManifest(...parameters: Parameters<LabManager['applyManifest']>): ReturnType<LabManager['applyManifest']> {
    return this.#changes.applyManifest(...parameters)
  }

  applyAndAwaitVerdict(
    ...parameters: Parameters<LabManager['applyAndAwaitVerdict']>
  ): ReturnType<LabManager['applyAndAwaitVerdict']> {
    return this.#changes.applyAndAwaitVerdict(...parameters)
  }

  removeManifest(...parameters: Parameters<LabManager['removeManifest']>): Promise<void> {
    return this.#changes.removeManifest(...parameters)
  }

  async manifestHistory(target: NodeTarget, name?: string): ReturnType<LabManager['manifestHistory']> {
    // Whoever asks because a view came wants to see what that view was about.
    await this.#recorder.settled()
    return this.#manifests.history(target, name)
  }

  manifestVersion(target: NodeTarget, name: string, version: string): Promise<string> {
    return this.#manifests.version(target, name, version)
  }

  pods(lab: string, node?: string): ReturnType<LabManager['pods']> {
    return this.#views.pods(lab, node)
  }

  views(lab: string): ReturnType<LabManager['views']> {
    return this.#views.views(lab)
  }

  timeline(...parameters: Parameters<LabManager['timeline']>): ReturnType<LabManager['timeline']> {
    return this.#views.timeline(...parameters)
  }

  followTimeline(...parameters: Parameters<LabManager['followTimeline']>): Promise<void> {
    return this.#views.followTimeline(...parameters)
  }

  logs(target: ContainerTarget, options?: LogOptions): AsyncIterable<string> {
    return this.#pods.logs(target, options)
  }

  exec(target: ContainerTarget, options: ExecOptions): Promise<number> {
    return this.#pods.exec(target, options)
  }

  shell(target: NodeTarget, options: ExecOptions): Promise<number> {
    return this.#pods.shell(target, options)
  }

  crash(target: ContainerTarget): Promise<{ container: string }> {
    return this.#changes.crash(target)
  }

  async actions(lab: string): Promise<UserAction[]> {
    await requireLab(this.#context, lab)
    return this.#context.journal.list(lab)
  }

  async missingImages(images: readonly string[]): Promise<string[]> {
    const { findMissingImages } = await import('./images/find-missing-images.ts')
    return findMissingImages(await this.#context.engines.connect(), images)
  }

  tasks(): TaskStatus[] {
    return this.#context.tasks.tasks
  }

  runTask<T>(name: TaskName, lab: string, options: TaskOptions, work: TaskWork<T>): Promise<T> {
    return this.#context.tasks.run(name, lab, options, work)
  }

  cancelTask(id: string): void {
    this.#context.tasks.cancel(id)
  }

  subscribe(events: LabManagerEvents): Disposable {
    this.#subscribers.add(events)
    this.#watch ??= this.#startWatch()
    return toDisposable(async () => {
      this.#subscribers.delete(events)
      if (this.#subscribers.size > 0) return
      const watch = this.#watch
      this.#watch = undefined
      await watch?.dispose()
      this.#clusters.follow([])
      this.#actions.follow([])
    })
  }

  async dispose(): Promise<void> {
    this.#subscribers.clear()
    const watch = this.#watch
    this.#watch = undefined
    await watch?.dispose()
    await this.#owned.dispose()
  }

  #startWatch(): LabWatch {
    return new LabWatch(
      this.#context,
      { list: () => this.listLabs() },
      {
        onEngineChanged: (status) => this.#tell((events) => events.onEngineChanged?.(status)),
        onLabsRead: (labs) => {
          this.#clusters.follow(labs)
          this.#actions.follow(labs.map(({ name }) => name))
        },
        onLabChanged: (status) => this.#tell((events) => events.onLabChanged?.(status)),
        onLabGone: (lab) => this.#tell((events) => events.onLabGone?.(lab)),
        onNodeChanged: (view) => {
          this.#recorder.look(view)
          this.#tell((events) => events.onNodeChanged?.(view))
        },
        onTimelineAdded: (lab, entries) => this.#tell((events) => events.onTimelineAdded?.(lab, entries)),
        onTaskChanged: (task) => this.#tell((events) => events.onTaskChanged?.(task)),
      },
    )
  }

  #tell(how: (events: LabManagerEvents) => void): void {
    for (const events of [...this.#subscribers]) how(events)
  }
}
