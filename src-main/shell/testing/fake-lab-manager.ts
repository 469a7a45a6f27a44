/** A lab manager that works on memory alone: one lab, manifests as a map, logs as given. For tests of the shells. */
import { systemClock } from '../../base/clock.ts'
import { toDisposable, type Disposable } from '../../base/disposable.ts'
import type { Pod } from '../../common/api/core.ts'
import { LabError } from '../../common/lab-error.ts'
import type { ContainerTarget, ControlPlaneChange, NodeTarget } from '../../common/ipc/calls.ts'
import type { DrainOutcome } from '../../common/lab/drain-outcome.ts'
import type { FileVerdict } from '../../common/lab/file-verdict.ts'
import type { ManifestVersion } from '../../common/lab/manifest-version.ts'
import type { ClusterView } from '../../common/lab/cluster-view.ts'
import type { EngineStatus, LabStatus, NodeStatus, TaskStatus } from '../../common/lab/lab-status.ts'
import { NODE_SETTING_PLACES, type NodeSetting, type NodeSettingChange } from '../../common/lab/node-settings.ts'
import type { UserAction } from '../../common/lab/user-action.ts'
import type { ImportedLab } from '../../common/lab/lab-archive.ts'
import type {
  CopyOptions,
  ExecOptions,
  ExportedLab,
  LabManager,
  LabManagerEvents,
  LogOptions,
  UpOptions,
} from '../../lab/lab-manager.ts'
import { TaskTracker, type TaskName, type TaskOptions, type TaskWork } from '../../lab/status/task-tracker.ts'

const ENGINE: EngineStatus = {
  state: 'ready',
  endpoint: 'unix:///run/fake.sock',
  version: '26.1.5',
  apiVersion: '1.45',
}

export class FakeLabManager implements LabManager {
  readonly home = '/fake/home'
  /** Folder of the lab "default", for tests that look into it. */
  folder = '/fake/home/labs/default'
  /** What the kubelets say. */
  podList: Pod[] = []
  /** What was asked, in order, for tests of the wiring. */
  readonly requests: unknown[][] = []
  /** Manifests by `node/name`. */
  readonly manifests = new Map<string, string>()
  readonly listeners = new Set<LabManagerEvents>()
  /** Replaced by a test to say what `logs` gives. */
  logSource: (options: LogOptions) => AsyncIterable<string> = async function* () {
    yield 'a line\n'
  }
  /** What `drainNode` answers. */
  drained: DrainOutcome = { evicted: [], blocked: [], daemonSetPods: [], mirrorPods: [] }
  disposed = false
  #nodes = ['node01', 'node02']

  async engineStatus(): Promise<EngineStatus> {
    return ENGINE
  }

  async listLabs(): Promise<LabStatus[]> {
    return [await this.labStatus('default')]
  }

  async labStatus(lab: string): Promise<LabStatus> {
    if (lab !== 'default') throw new LabError({ kind: 'NotFound', message: `There is no lab "${lab}".` })
    const nodes = this.#nodes.map((name) => aNodeStatus(name))
    return { name: lab, state: 'running', folder: this.folder, subnet: '172.30.0.0/24', nodes }
  }

  up(lab: string, options: UpOptions): Promise<LabStatus> {
    return this.#asked('up', lab, options)
  }

  down(lab: string): Promise<LabStatus> {
    return this.#asked('down', lab)
  }

  async delete(lab: string): Promise<void> {
    await this.#asked('delete', lab)
  }

  renameLab(lab: string, name: string): Promise<LabStatus> {
    return this.#asked('renameLab', lab, name)
  }

  async cloneLab(lab: string, name: string, { up = false }: CopyOptions = {}): Promise<ImportedLab> {
    const status = await this.#asked('cloneLab', lab, name, String(up))
    return { status, manifests: 3, missingImages: [], leftOut: [] }
  }

  async exportLab(lab: string): Promise<ExportedLab> {
    await this.#asked('exportLab', lab)
    const archive = Buffer.from('a lab')
    return { name: `${lab}.lab.tar.gz`, archive, manifests: 3, settings: 2, images: ['nginx'], leftOut: [] }
  }

  async importLab(file: Buffer, options: CopyOptions & { name?: string } = {}): Promise<ImportedLab> {
    const status = await this.#asked('importLab', 'default', file.toString('utf8'), options)
    return { status, manifests: 3, missingImages: ['example.org/app:1'], leftOut: [] }
  }

  addNode(lab: string, node: string | undefined): Promise<LabStatus> {
    this.#nodes.push(node ?? 'node03')
    return this.#asked('addNode', lab, node)
  }

  removeNode(target: NodeTarget): Promise<LabStatus> {
    this.#nodes = this.#nodes.filter((node) => node !== target.node)
    return this.#asked('removeNode', target.lab, target.node)
  }

  addSimulatedNodes(lab: string, count: number): Promise<LabStatus> {
    return this.#asked('addSimulatedNodes', lab, String(count))
  }

  removeSimulatedNodes(lab: string): Promise<LabStatus> {
    return this.#asked('removeSimulatedNodes', lab)
  }

  missingImages(images: readonly string[]): Promise<string[]> {
    return Promise.resolve(images.filter((image) => image.includes('missing')))
  }

  async nodeSettings({ lab, node }: NodeTarget): Promise<NodeSetting[]> {
    await this.#asked('nodeSettings', lab, node)
    return [{ name: 'maxPods', value: '20', default: '110', ...NODE_SETTING_PLACES.maxPods }]
  }

  async changeNodeSettings({ lab, node }: NodeTarget, change: NodeSettingChange): Promise<NodeSetting[]> {
    await this.#asked('changeNodeSettings', lab, node, change)
    return this.nodeSettings({ lab, node })
  }

  startNode(target: NodeTarget): Promise<LabStatus> {
    return this.#asked('startNode', target.lab, target.node)
  }

  stopNode(target: NodeTarget): Promise<LabStatus> {
    return this.#asked('stopNode', target.lab, target.node)
  }

  async setScheduling(lab: string, scheduleDaemonSetPods: boolean): Promise<ControlPlaneChange> {
    await this.#asked('setScheduling', lab, scheduleDaemonSetPods)
    return { manifest: 'written' }
  }

  /** What the API server of the lab says; none until a test gives one. */
  cluster: ClusterView | undefined

  async clusterView(): Promise<ClusterView | undefined> {
    return this.cluster
  }

  async deleteApiPod(lab: string, namespace: string, pod: string): Promise<void> {
    await this.#asked('deleteApiPod', lab, namespace, pod)
  }

  async apiPodsOf(target: NodeTarget): Promise<Pod[]> {
    return this.podList.filter(({ spec }) => spec.nodeName === target.node)
  }

  async apiPodEvents(): Promise<[]> {
    return []
  }

  async restartKubelet(target: NodeTarget): Promise<void> {
    await this.#asked('restartKubelet', target.lab, target.node)
  }

  powerOffNode(target: NodeTarget): Promise<LabStatus> {
    return this.#asked('powerOffNode', target.lab, target.node)
  }

  async startKubelet(target: NodeTarget): Promise<void> {
    await this.#asked('startKubelet', target.lab, target.node)
  }

  async stopKubelet(target: NodeTarget): Promise<void> {
    await this.#asked('stopKubelet', target.lab, target.node)
  }

  async nodeContainers(): Promise<[]> {
    return []
  }

  async components(): Promise<[]> {
    return []
  }

  async startComponent(lab: string, component: string): Promise<void> {
    await this.#asked('startComponent', lab, component)
  }

  async stopComponent(lab: string, component: string): Promise<void> {
    await this.#asked('stopComponent', lab, component)
  }

  async setSchedulable(target: NodeTarget, schedulable: boolean): Promise<void> {
    await this.#asked('setSchedulable', target.lab, target.node, schedulable)
  }

  async drainNode({ lab, node }: NodeTarget): Promise<DrainOutcome> {
    await this.#asked('drainNode', lab, node)
    return this.drained
  }

  async manifestsPath(target: NodeTarget): Promise<string> {
    await this.labStatus(target.lab)
    return `/fake/home/labs/${target.lab}/nodes/${target.node}/manifests`
  }

  async files(target: NodeTarget): Promise<FileVerdict[]> {
    const names = [...this.manifests.keys()].filter((key) => key.startsWith(`${target.node}/`))
    return names.map((key) => aVerdict(key.slice(target.node.length + 1)))
  }

  async readManifest(target: NodeTarget, name: string): Promise<string> {
    const content = this.manifests.get(`${target.node}/${name}`)
    if (content === undefined)
      throw new LabError({ kind: 'NotFound', message: `There is no ${name} on ${target.node}.` })
    return content
  }

  async applyManifest(target: NodeTarget, name: string, content: string): Promise<{ name: string; replaced: boolean }> {
    const key = `${target.node}/${name}`
    const replaced = this.manifests.has(key)
    this.manifests.set(key, content)
    return { name, replaced }
  }

  applyAndAwaitVerdict(
    target: NodeTarget,
    name: string,
    content: string,
  ): Promise<{ name: string; replaced: boolean }> {
    return this.applyManifest(target, name, content)
  }

  async removeManifest(target: NodeTarget, name: string): Promise<void> {
    await this.readManifest(target, name)
    this.manifests.delete(`${target.node}/${name}`)
  }

  /** Versions of manifests, as a test gives them. */
  versions: ManifestVersion[] = []

  async manifestHistory(_target: NodeTarget, name?: string): Promise<ManifestVersion[]> {
    return this.versions.filter((version) => name === undefined || version.name === name)
  }

  async manifestVersion(_target: NodeTarget, name: string, version: string): Promise<string> {
    return `# ${name} ${version}\n`
  }

  async pods(): Promise<Pod[]> {
    return this.podList
  }

  async views(): Promise<never[]> {
    return []
  }

  async timeline(): Promise<never[]> {
    return []
  }

  async followTimeline(): Promise<void> {
    await this.#asked('followTimeline', 'default')
  }

  logs(_target: unknown, options: LogOptions = {}): AsyncIterable<string> {
    this.requests.push(['logs', options.follow])
    return this.logSource(options)
  }

  /** Replaced by a test to say what a command does. A shell says its process id, as a terminal's does, and waits to be told to end. */
  runCommand: (options: ExecOptions) => Promise<number> = async ({ tty, stdout, signal }) => {
    if (!tty) return 0
    stdout.write('node-lab-shell\r\n')
    return new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(new Error('cancelled'))))
  }

  exec(target: ContainerTarget, options: ExecOptions): Promise<number> {
    this.requests.push(['exec', target, options.command])
    return this.runCommand(options)
  }

  shell(target: NodeTarget, options: ExecOptions): Promise<number> {
    this.requests.push(['shell', target, options.command])
    return this.runCommand(options)
  }

  async crash(): Promise<{ container: string }> {
    return { container: 'nginx' }
  }

  /** What people did, as given by a test. */
  actionList: UserAction[] = []

  async actions(): Promise<UserAction[]> {
    return this.actionList
  }

  tasks(): TaskStatus[] {
    return []
  }

  runTask<T>(name: TaskName, lab: string, options: TaskOptions, work: TaskWork<T>): Promise<T> {
    return new TaskTracker(systemClock(), () => undefined).run(name, lab, options, work)
  }

  cancelTask(id: string): void {
    this.requests.push(['cancelTask', id])
  }

  subscribe(events: LabManagerEvents): Disposable {
    this.listeners.add(events)
    return toDisposable(() => void this.listeners.delete(events))
  }

  dispose(): void {
    this.disposed = true
  }

  #asked(name: string, lab: string, ...rest: unknown[]): Promise<LabStatus> {
    this.requests.push([name, lab, ...rest])
    return this.labStatus(lab)
  }
}

function aNodeStatus(name: string): NodeStatus {
  return {
    name,
    role: 'worker',
    address: '172.30.0.2',
    state: 'running',
    kubelet: 'running',
    runtimeService: 'running',
    manifestsPath: `/fake/home/labs/default/nodes/${name}/manifests`,
    watchesMountedFolder: true,
  }
}

const A_TIME = '2026-01-01T00:00:00Z'

function aVerdict(name: string): FileVerdict {
  return {
    name,
    path: `/etc/kubernetes/manifests/${name}`,
    state: 'accepted',
    reason: 'Pod',
    message: '',
    explanation: 'The kubelet runs the pod of this file.',
    warnings: [],
    sizeBytes: 9,
    modifiedAt: A_TIME,
    observedAt: A_TIME,
  }
}
