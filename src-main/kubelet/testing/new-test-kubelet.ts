/** A kubelet on a fake clock, with the simulated runtime and a real temporary folder for manifests and node files. */
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { toDisposable } from '../../base/disposable.ts'
import type { Logger } from '../../base/logger.ts'
import { FakeClock, settle } from '../../base/testing/fake-clock.ts'
import type { Pod } from '../../common/api/core.ts'
import type { ContainerStatus } from '../../common/api/pod-status.ts'
import type { FileVerdict } from '../../common/lab/file-verdict.ts'
import type { TimelineEntry } from '../../common/lab/timeline-entry.ts'
import { SimulatedRuntime } from '../../container-runtime/simulated/simulated-runtime.ts'
import type { BehaviourScript } from '../../container-runtime/simulated/simulated-runtime-options.ts'
import type { Clock } from '../../base/clock.ts'
import type { ImageService, RuntimeService } from '../../container-runtime/cri.ts'
import type { ConnectCluster } from '../cluster/cluster-link.ts'
import type { ReferenceStore } from '../references/pod-references.ts'
import type { NodeFacts } from '../runtime/runtime-context.ts'
import type { FetchManifest } from '../config/fetch-manifest.ts'
import type { FolderWatchListener } from '../config/folder-watch.ts'
import { Kubelet } from '../kubelet.ts'
import type { KubeletSettings } from '../kubelet-dependencies.ts'
import { computeNodeLabels } from '../lifecycle/node-labels.ts'
import type { KubeletObserver } from '../metrics/kubelet-observer.ts'
import { timelineFile } from '../timeline/timeline-file.ts'
import { Timeline } from '../timeline/timeline.ts'
import { KubeletProcess } from './kubelet-process.ts'

export interface TestKubelet extends AsyncDisposable {
  readonly clock: FakeClock
  readonly runtime: SimulatedRuntime
  readonly kubelet: Kubelet
  readonly folder: string
  /** Root of the node's files: `var/lib/kubelet`, `var/log/pods`, … */
  readonly root: string
  /** Log lines, `E message key=value`. */
  readonly log: string[]
  /** Writes a manifest and announces it; objects are written as JSON. */
  write(name: string, content: unknown): Promise<void>
  remove(name: string): Promise<void>
  rename(from: string, to: string): Promise<void>
  /** Removes a manifest and writes one in its place before anybody has looked. */
  recreate(name: string, content: unknown): Promise<void>
  /** Renames a new file over a manifest and announces it; no time passes. */
  replace(name: string, content: unknown): void
  /** Tells the kubelet that entries of these names changed; no time passes. */
  announce(...names: string[]): void
  /** Time passes, in milliseconds. */
  pass(ms: number): Promise<void>
  /** The one pod whose name begins so. @throws when there is none */
  pod(name?: string): Pod
  podNames(): string[]
  /** @throws when there is no such container */
  container(name?: string, podName?: string): ContainerStatus
  file(name: string): FileVerdict
  timeline(): TimelineEntry[]
  /** Reasons of the timeline, oldest first, of pods and containers. */
  reasons(): string[]
  /** The kubelet ends and another one begins on the same node. */
  restartKubelet(): Promise<void>
  stopKubelet(): Promise<void>
  startKubelet(): Promise<void>
  /** As by SIGKILL: nothing of it runs any more, and nothing was said. */
  killKubelet(): void
  /** The node has started anew: kubelets from now on are of another boot. */
  beginBoot(): void
}

export interface TestKubeletOptions {
  settings?: Partial<KubeletSettings>
  /** Changes are not announced, as behind a virtual machine's mount. */
  silentFolder?: boolean
  /** The manifest folder is not made. */
  withoutFolder?: boolean
  images?: string[]
  /** Answers requests for `staticPodURL`. */
  fetchManifest?: FetchManifest
  /** How many pods the node may have; 110 unless told otherwise. */
  allocatablePods?: number
  observer?: KubeletObserver
  /** From 0 to 1; always 0 when absent. */
  random?: () => number
  /** What containers do that `runtime.behave` says nothing of. */
  behaviour?: BehaviourScript
  /** Joins each kubelet with an API server. */
  joinCluster?: (parts: ClusterParts) => { connectCluster: ConnectCluster; references: ReferenceStore }
}

/** Of one kubelet's process. */
export interface ClusterParts {
  clock: Clock
  logger: Logger
  timeline: Timeline
  runtime: RuntimeService
  images: ImageService
  node: NodeFacts
}

/** A pod with one container that runs until it is stopped. */
export function aManifest(name: string, spec: Partial<Pod['spec']> = {}, metadata: Pod['metadata'] = {}): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, ...metadata },
    spec: { containers: [{ name: 'c', image: 'busybox:1.36' }], ...spec },
  }
}

export async function newTestKubelet(options: TestKubeletOptions = {}): Promise<TestKubelet> {
  const root = mkdtempSync(join(tmpdir(), 'test-kubelet-'))
  const folder = join(root, 'etc/kubernetes/manifests')
  if (options.withoutFolder !== true) mkdirSync(folder, { recursive: true })
  const clock = new FakeClock()
  const images = options.images ?? ['busybox:1.36', 'nginx:latest', 'busybox:latest']
  const runtime = new SimulatedRuntime({
    clock,
    images: images.map((reference) => ({ reference, present: true })),
    ...(options.behaviour === undefined ? {} : { behaviour: options.behaviour }),
  })
  const log: string[] = []
  const listeners = new Set<FolderWatchListener>()
  const tell = (name: string, comesOrGoes: boolean): void => {
    if (options.silentFolder !== true) for (const listener of [...listeners]) listener.onChange(name, comesOrGoes)
  }
  const announce = (...names: string[]): void => {
    for (const name of names) tell(name, false)
  }
  /** Long enough for a change to be believed. */
  const settleChange = (): Promise<void> => clock.advance(options.silentFolder === true ? 0 : 500)
  let boot = 1
  let process: KubeletProcess | undefined
  const make = (): Kubelet => {
    process = new KubeletProcess({ clock, runtime, images: runtime.images })
    return makeKubelet({ process, boot: `boot-${boot}`, root, folder, log, listeners, options })
  }
  let kubelet = make()
  const self: TestKubelet = {
    clock,
    runtime,
    folder,
    root,
    log,
    get kubelet() {
      return kubelet
    },
    async write(name, content) {
      const text = typeof content === 'string' ? content : JSON.stringify(content)
      writeFileSync(join(folder, name), text)
      announce(name)
      await settleChange()
    },
    async remove(name) {
      rmSync(join(folder, name))
      announce(name)
      await settleChange()
    },
    async rename(from, to) {
      renameSync(join(folder, from), join(folder, to))
      announce(from, to)
      await settleChange()
    },
    async recreate(name, content) {
      rmSync(join(folder, name))
      tell(name, true)
      writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content))
      tell(name, true)
      await settleChange()
    },
    replace(name, content) {
      const arriving = join(root, name)
      writeFileSync(arriving, typeof content === 'string' ? content : JSON.stringify(content))
      renameSync(arriving, join(folder, name))
      tell(name, true)
    },
    announce,
    pass: (ms) => clock.advance(ms),
    pod(name) {
      const found = kubelet.pods().find((pod) => name === undefined || pod.metadata.name?.startsWith(name) === true)
      if (found === undefined) throw new Error(`there is no pod ${name ?? ''}`)
      return found
    },
    podNames: () => kubelet.pods().map((pod) => pod.metadata.name ?? ''),
    container(name, podName) {
      const { status } = self.pod(podName)
      const all = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])]
      const found = all.find((candidate) => name === undefined || candidate.name === name)
      if (found === undefined) throw new Error(`there is no container ${name ?? ''}`)
      return found
    },
    file(name) {
      const found = kubelet.files().find((verdict) => verdict.name === name)
      if (found === undefined) throw new Error(`there is no verdict on ${name}`)
      return found
    },
    timeline: () =>
      readFileSync(join(root, 'timeline.ndjson'), 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as TimelineEntry),
    reasons: () =>
      self
        .timeline()
        .filter((entry) => entry.pod !== undefined && entry.subject !== 'file')
        .map((entry) => entry.reason),
    async stopKubelet() {
      await kubelet.dispose()
      listeners.clear()
    },
    async startKubelet() {
      kubelet = make()
      kubelet.start()
      await clock.advance(100)
    },
    killKubelet() {
      process?.kill()
      listeners.clear()
    },
    beginBoot() {
      boot += 1
    },
    async restartKubelet() {
      await self.stopKubelet()
      await self.startKubelet()
    },
    async [Symbol.asyncDispose]() {
      await kubelet.dispose()
      rmSync(root, { recursive: true, force: true })
    },
  }
  kubelet.start()
  await settle()
  return self
}

interface MakeOptions {
  process: KubeletProcess
  boot: string
  root: string
  folder: string
  log: string[]
  listeners: Set<FolderWatchListener>
  options: TestKubeletOptions
}

function makeKubelet({ process, boot, root, folder, log, listeners, options }: MakeOptions): Kubelet {
  const { clock, runtime, images } = process
  const logger = collectingLogger(log)
  const timeline = new Timeline({
    clock,
    boot,
    node: 'node01',
    store: timelineFile({ path: join(root, 'timeline.ndjson'), onProblem: (message) => log.push(`E ${message}`) }),
  })
  const node: NodeFacts = {
    nodeName: 'node01',
    nodeIP: '172.30.7.2',
    capacity: { cpu: 2, memoryBytes: 4 * 2 ** 30, ephemeralStorageBytes: 10 * 2 ** 30 },
    labels: computeNodeLabels('node01', 'x64', {}),
    allocatable: new Map([
      ['cpu', 2000n],
      ['memory', 4n * 2n ** 30n],
      ['ephemeral-storage', 9n * 2n ** 30n],
      ['pods', BigInt(options.allocatablePods ?? 110)],
    ]),
    dns: {
      clusterDNS: [],
      clusterDomain: 'cluster.local',
      nodeResolvConf: 'nameserver 127.0.0.11\noptions ndots:0\n',
    },
    readNodeHosts: () => '127.0.0.1\tlocalhost\n',
  }
  return new Kubelet({
    clock,
    logger,
    runtime,
    images,
    timeline,
    node,
    paths: {
      root: join(root, 'var/lib/kubelet'),
      podLogs: join(root, 'var/log/pods'),
      containerLogs: join(root, 'var/log/containers'),
    },
    settings: {
      staticPodPath: folder,
      fileCheckFrequencyMs: 20_000,
      staticPodURL: null,
      staticPodURLHeader: {},
      httpCheckFrequencyMs: 20_000,
      allowances: { apiReferences: false, containerRestartRules: true },
      syncFrequencyMs: 60_000,
      initialContainerRestartPeriodMs: 10_000,
      maxContainerRestartPeriodMs: 300_000,
      imagePulls: { atOnce: 1, perSecond: 5, burst: 10 },
      namesImageAccess: true,
      containers: { cpuQuotaPeriodMs: 100, pidsLimit: null, seccompDefault: false },
      containerLogMaxBytes: 10 * 2 ** 20,
      containerLogMaxFiles: 5,
      containerLogMonitorIntervalMs: 10_000,
      localStorageCapacityIsolation: true,
      ...options.settings,
    },
    info: {
      nodeName: 'node01',
      version: 'v1.35.0',
      boot,
      startedAt: new Date(clock.now()).toISOString(),
      pid: 42,
      arguments: [],
      staticPodPath: folder,
      staticPodPathSource: 'config',
    },
    random: options.random ?? (() => 0),
    ...(options.fetchManifest === undefined ? {} : { fetchManifest: options.fetchManifest }),
    ...(options.observer === undefined ? {} : { observer: options.observer }),
    ...options.joinCluster?.({ clock, logger, timeline, runtime, images, node }),
    watchFolder: (_path, listener) => {
      listeners.add(listener)
      return toDisposable(() => {
        listeners.delete(listener)
      })
    },
  })
}

function collectingLogger(log: string[]): Logger {
  const write =
    (severity: string) =>
    (message: string, fields: Record<string, unknown> = {}): void =>
      void log.push(`${severity} ${message} ${JSON.stringify(fields)}`)
  return { info: write('I'), warn: write('W'), error: write('E') }
}
