/**
 * The kubelet: pods from its sources on one side, the runtime on the other, and a sync loop that only dispatches
 * between them (facts 2.1). `start` returns at once; `dispose` ends it and leaves everything running (facts 2.12.4).
 */
import { Semaphore } from '../base/semaphore.ts'
import { DisposableStore, toDisposable } from '../base/disposable.ts'
import type { Disposable } from '../base/disposable.ts'
import type { Pod } from '../common/api/core.ts'
import { isApiPod } from '../common/api/static-pod.ts'
import type { FileVerdict } from '../common/lab/file-verdict.ts'
import type { KubeletInfo } from '../common/lab/lab-status.ts'
import type { ClusterHost, ClusterLink } from './cluster/cluster-link.ts'
import { PodConfig } from './config/pod-config.ts'
import { computeSourceNames, StaticPodSources } from './config/static-pod-sources.ts'
import { computeNodeProblems } from './node-status/compute-node-problems.ts'
import { ImageManager } from './images/image-manager.ts'
import type { KubeletDependencies } from './kubelet-dependencies.ts'
import { LocalStorageEviction } from './eviction/local-storage-eviction.ts'
import { Housekeeping } from './housekeeping.ts'
import { PodAdmitter } from './lifecycle/pod-admitter.ts'
import { Pleg } from './pleg/pleg.ts'
import type { WatchedPath } from './private-channel/channel-source.ts'
import { podFullName, podLogName, podUid } from './pod-identity.ts'
import { PodManager } from './pod-manager.ts'
import { KubeletPodSyncer } from './pod-syncer.ts'
import { PodWorkers } from './pod-workers/pod-workers.ts'
import { Prober } from './prober/prober.ts'
import { ContainerLogManager } from './runtime/container-log-manager.ts'
import { RestartBackoff } from './runtime/restart-backoff.ts'
import type { RuntimeContext } from './runtime/runtime-context.ts'
import { RuntimeHealth } from './runtime/runtime-health.ts'
import { RuntimePodCache } from './runtime/runtime-pod-cache.ts'
import type { RuntimeTransition } from './runtime/runtime-pod-cache.ts'
import type { RuntimePod } from './runtime/runtime-pod.ts'
import { readTerminationMessage } from './runtime/termination-message.ts'
import { recordTransition } from './runtime/transition-news.ts'
import { apiTimeOfMs } from './status/container-statuses.ts'
import { StatusManager } from './status/status-manager.ts'
import { SyncHandler } from './sync-handler.ts'

const SANDBOX_STARTS_AT_ONCE = 5

export class Kubelet implements Disposable {
  readonly #deps: KubeletDependencies
  readonly #owned = new DisposableStore()
  readonly #listeners = new Set<() => void>()
  readonly #pods = new PodManager()
  readonly #context: RuntimeContext
  readonly #cache: RuntimePodCache
  readonly #statuses: StatusManager
  readonly #health: RuntimeHealth
  readonly #pleg: Pleg
  readonly #prober: Prober
  readonly #syncer: KubeletPodSyncer
  readonly #workers: PodWorkers
  readonly #config: PodConfig
  readonly #sources: StaticPodSources
  readonly #housekeeping: Housekeeping
  readonly #eviction: LocalStorageEviction
  readonly #cluster: ClusterLink | undefined
  #disposed = false

  constructor(deps: KubeletDependencies) {
    this.#deps = deps
    const { clock, logger, runtime, timeline, paths, node, settings } = deps
    const changed = (): void => this.#fireDidChange()
    this.#context = {
      runtime,
      clock,
      logger,
      timeline,
      paths,
      node,
      images: new ImageManager({
        images: deps.images,
        timeline,
        clock,
        pulls: settings.imagePulls,
        namesAccess: settings.namesImageAccess,
      }),
      sandboxStarts: new Semaphore(SANDBOX_STARTS_AT_ONCE),
      containerSettings: settings.containers,
      postStarts: new Set(),
      references: deps.references,
      restartBackoff: new RestartBackoff({
        clock,
        initialMs: settings.initialContainerRestartPeriodMs,
        maxMs: settings.maxContainerRestartPeriodMs,
      }),
    }
    this.#statuses = new StatusManager({
      clock,
      timeline,
      onDidChange: (uid) => {
        changed()
        this.#cluster?.onPodStatus(uid)
      },
    })
    this.#cache = new RuntimePodCache({
      runtime,
      terminationMessage: readTerminationMessage,
      onTransition: (pod, transition) => this.#onTransition(pod, transition),
    })
    this.#health = new RuntimeHealth({
      clock,
      logger,
      runtime,
      onChange: (state, before) => {
        changed()
        this.#cluster?.onHealthChanged()
        if (state.ready && (!before.ready || state.networkProblem === undefined)) this.#workers.wakeAll()
      },
    })
    this.#prober = new Prober({
      clock,
      runtime,
      timeline,
      random: deps.random,
      nodeIP: node.nodeIP,
      onChange: (uid) => {
        this.#showTransition(uid)
        this.#workers.wake(uid, 'ProbeFailed')
      },
      onProbe: (probe) => deps.observer?.onProbe(probe),
      runProbe: deps.runProbe,
    })
    this.#syncer = new KubeletPodSyncer({
      context: this.#context,
      cache: this.#cache,
      statuses: this.#statuses,
      pods: this.#pods,
      health: this.#health,
      probes: this.#prober,
      onSync: (pod) => this.#cluster?.onPodSync(pod),
      onGone: (uid) => {
        timeline.forgetPod(uid)
        deps.observer?.onPodGone(uid)
        changed()
      },
    })
    this.#workers = new PodWorkers({
      clock,
      logger,
      syncer: this.#syncer,
      random: deps.random,
      resyncMs: settings.syncFrequencyMs,
      isDesired: (uid) => this.#pods.has(uid),
      onFinished: (uid) => this.#cluster?.onPodFinished(uid),
    })
    this.#pleg = new Pleg({
      clock,
      logger,
      runtime,
      cache: this.#cache,
      onPodChanged: (uid) => this.#onPodChanged(uid),
      isSyncing: (uid) => this.#workers.stateOf(uid) === 'Sync' && this.#workers.isBusy(uid),
      onHealthChanged: () => this.#health.ask(),
      onRelisted: (durationMs) => {
        deps.observer?.onRelist(durationMs)
        handler.begin()
      },
    })
    const pods = { pods: this.#pods, workers: this.#workers, cache: this.#cache }
    const labels = (): Readonly<Record<string, string>> => this.#cluster?.nodeLabels() ?? node.labels
    const admission = { node, labels, statuses: this.#statuses, syncer: this.#syncer }
    const handler = new SyncHandler({
      logger,
      timeline,
      ...pods,
      admitter: new PodAdmitter({ logger, timeline, ...pods, ...admission }),
      fileOf: (uid) => this.#sources.fileOf(uid),
      areSourcesReady: () => this.#config.allReady,
    })
    this.#config = new PodConfig({
      sources: [...computeSourceNames(settings), ...(deps.connectCluster === undefined ? [] : ['api' as const])],
      onUpdate: (update) => {
        handler.handle(update)
        changed()
      },
    })
    this.#sources = new StaticPodSources(deps, this.#config, changed)
    const { containerLogMaxBytes: maxBytes, containerLogMaxFiles: maxFiles } = settings
    const monitorIntervalMs = settings.containerLogMonitorIntervalMs
    this.#housekeeping = new Housekeeping({
      clock,
      logger,
      context: this.#context,
      cache: this.#cache,
      pods: this.#pods,
      workers: this.#workers,
      containerLogs: new ContainerLogManager({ clock, logger, runtime, maxBytes, maxFiles, monitorIntervalMs }),
      isReady: () => this.#config.allReady && this.#pleg.hasListed,
      onTurn: () => this.#cluster?.keepHouse(),
    })
    this.#eviction = new LocalStorageEviction({ clock, logger, runtime, timeline, paths, ...pods })
    this.#cluster = deps.connectCluster?.(this.#clusterHost())
  }

  /** Does nothing once it was disposed, as by a signal while the program was getting ready. */
  start(): void {
    if (this.#disposed) return
    const { timeline, logger, info } = this.#deps
    timeline.record({
      subject: 'kubelet',
      type: 'Normal',
      reason: 'KubeletStarted',
      message: 'Starting kubelet.',
      details: { pid: info.pid, version: info.version, staticPodPath: info.staticPodPath ?? '' },
    })
    this.#warnAboutDNS()
    this.#owned.add(toDisposable(() => this.#workers.dispose()))
    this.#owned.add(this.#prober)
    this.#owned.add(this.#pleg)
    this.#owned.add(this.#health)
    this.#health.start()
    this.#pleg.start()
    this.#owned.add(this.#sources)
    this.#sources.start()
    logger.info('Starting kubelet main sync loop')
    this.#owned.add(this.#housekeeping)
    this.#housekeeping.start()
    this.#owned.add(this.#eviction)
    if (this.#deps.settings.localStorageCapacityIsolation) this.#eviction.start()
    if (this.#cluster === undefined) return
    this.#owned.add(this.#cluster)
    this.#cluster.start()
  }

  /** Ends quickly; containers go on running. */
  async dispose(): Promise<void> {
    if (this.#disposed) return
    this.#disposed = true
    this.#deps.timeline.record({
      subject: 'kubelet',
      type: 'Normal',
      reason: 'KubeletStopping',
      message: 'Stopping kubelet; it stops no container, and those of a node that stops end with the node',
    })
    await this.#owned.dispose()
  }

  info(): KubeletInfo {
    const { ready, message } = this.#health.state
    return {
      ...this.#deps.info,
      runtimeReady: ready,
      ...(message === undefined ? {} : { runtimeMessage: message }),
    }
  }

  files(): FileVerdict[] {
    return this.#sources.verdicts()
  }

  watchedPath(): WatchedPath | null {
    return this.#sources.watchedPath()
  }

  /**
   * Desired pods with their live status; behind them those that still end, with `deletionTimestamp`, which a real
   * kubelet's `/pods` leaves out and a learner wants to see.
   */
  pods(): Pod[] {
    const ending = this.#workers
      .endingPods()
      .filter(({ pod }) => !this.#pods.has(podUid(pod)))
      .map(({ pod, sinceMs }) => {
        const grace = pod.spec.terminationGracePeriodSeconds ?? 30
        const metadata = {
          ...pod.metadata,
          deletionTimestamp: apiTimeOfMs(sinceMs + grace * 1000),
          deletionGracePeriodSeconds: grace,
        }
        return this.#withStatus({ ...pod, metadata })
      })
    return [...this.desiredPods(), ...ending]
  }

  /** What a real kubelet's `/pods` lists (facts 5.3). */
  desiredPods(): Pod[] {
    return this.#pods.list().map((pod) => this.#withStatus(pod))
  }

  /** Of the static pod whose mirror on the API server has this UID. */
  staticUidOf(mirrorUid: string): string | undefined {
    return this.#cluster?.staticUidOf(mirrorUid)
  }

  /** All that the runtime had when it was looked at last. */
  runtimePods(): RuntimePod[] {
    return this.#cache.uids().map((uid) => this.#cache.get(uid))
  }

  /** What the runtime had of the pod when it was looked at last. */
  runtimePod(uid: string): RuntimePod {
    return this.#cache.get(uid)
  }

  onDidChange(listener: () => void): Disposable {
    this.#listeners.add(listener)
    return toDisposable(() => {
      this.#listeners.delete(listener)
    })
  }

  #clusterHost(): ClusterHost {
    return {
      pods: () => this.#pods.list(),
      pod: (uid) => this.#pods.get(uid),
      statusOf: (uid) => this.#statuses.get(uid),
      isEnding: (fullName) =>
        this.#workers.endingPods().some(({ pod }) => !isApiPod(pod) && podFullName(pod) === fullName),
      isRejected: (uid) => this.#syncer.hasNoPlace(uid),
      problems: () => computeNodeProblems(this.#health.state),
      areSourcesReady: () => this.#config.allReady,
      setApiPods: (pods) => this.#config.setPods('api', pods),
    }
  }

  #withStatus(pod: Pod): Pod {
    return { ...pod, status: this.#statuses.get(podUid(pod)) ?? { phase: 'Pending' } }
  }

  #fireDidChange(): void {
    if (this.#disposed) return
    for (const listener of [...this.#listeners]) listener()
  }

  #onPodChanged(uid: string): void {
    this.#workers.wake(uid, undefined)
  }

  #onTransition(pod: RuntimePod, transition: RuntimeTransition): void {
    const { logger, timeline } = this.#deps
    const id = 'container' in transition ? transition.container.id : transition.sandboxId
    logger.info('SyncLoop (PLEG): event for pod', {
      pod: podLogName(pod),
      event: { ID: pod.uid, Type: transition.kind, Data: id },
    })
    const state = this.#workers.stateOf(pod.uid)
    recordTransition(timeline, pod, transition, state !== 'Sync')
    // After the cache has taken the new state over.
    queueMicrotask(() => this.#showTransition(pod.uid))
  }

  /** Clean-up behind an ended pod takes its containers away, which says nothing about how it ended. */
  #showTransition(uid: string): void {
    if (this.#disposed) return
    const desired = this.#pods.get(uid)
    const isCleanUp = desired === undefined && this.#workers.stateOf(uid) === 'Terminated'
    const pod = desired ?? this.#workers.endingPods().find((one) => podUid(one.pod) === uid)?.pod
    if (pod !== undefined && !isCleanUp) this.#syncer.updateStatus(pod)
  }

  /** Once for the node, not for every pod (facts 2.18.3). */
  #warnAboutDNS(): void {
    if (this.#deps.node.dns.clusterDNS.length > 0) return
    const message =
      'kubelet does not have ClusterDNS IP configured and cannot create Pod using "ClusterFirst" policy. Falling back to "Default" policy.'
    this.#deps.logger.warn(message, { reason: 'MissingClusterDNS' })
    this.#deps.timeline.record({ subject: 'kubelet', type: 'Warning', reason: 'MissingClusterDNS', message })
  }
}
