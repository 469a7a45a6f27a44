/** A kubelet's life with an API server: its node, its lease, its pods there and their mirrors, statuses and events. */
import type { Clock } from '../../base/clock.ts'
import { DisposableStore, toDisposable } from '../../base/disposable.ts'
import type { Logger } from '../../base/logger.ts'
import type { Pod } from '../../common/api/core.ts'
import { isStaticPod } from '../../common/api/static-pod.ts'
import type { ApiClient } from '../../kube/api-client.ts'
import { EventRecorder } from '../../kube/event-recorder.ts'
import { Informer } from '../../kube/informer.ts'
import { LeaseKeeper } from '../../kube/lease.ts'
import { ApiSource } from '../config/api-source.ts'
import { MirrorPods } from '../mirror-pods/mirror-pods.ts'
import { computeInitialNode, type NodeIdentity } from '../node-registration/initial-node.ts'
import { registerNode } from '../node-registration/register-node.ts'
import type { NodeParticulars } from '../node-status/compute-node-status.ts'
import { NodeStatusUpdater } from '../node-status/node-status-updater.ts'
import { podFullName, podReference, podUid } from '../pod-identity.ts'
import { StatusPoster } from '../status/status-poster.ts'
import type { Timeline, TimelineDraft } from '../timeline/timeline.ts'
import { computeInvolvedObject } from './api-events.ts'
import type { Node } from '../../common/api/node.ts'
import type { ApiPod } from './api-objects.ts'
import type { ClusterHost, ClusterLink } from './cluster-link.ts'
import { NODES } from '../../kube/resources.ts'

const LEASE_NAMESPACE = 'kube-node-lease'
/** Of the lease's duration (facts 7.3). */
const RENEW_FRACTION = 0.25

export interface ClusterSettings {
  registerNode: boolean
  nodeStatusUpdateMs: number
  nodeStatusReportMs: number
  nodeLeaseDurationSeconds: number
}

export interface ClusterDependencies {
  client: ApiClient
  clock: Clock
  logger: Logger
  /** 0 to 1, for jitter. */
  random: () => number
  timeline: Timeline
  identity: NodeIdentity
  settings: ClusterSettings
  particulars: () => Promise<NodeParticulars>
}

export class Cluster implements ClusterLink {
  readonly #deps: ClusterDependencies
  readonly #host: ClusterHost
  readonly #owned = new DisposableStore()
  readonly #end = new AbortController()
  readonly #events: EventRecorder
  readonly #nodes: Informer<Node>
  readonly #source: ApiSource
  readonly #mirrors: MirrorPods
  readonly #statuses: StatusPoster
  readonly #nodeStatus: NodeStatusUpdater
  #registrationWait: AbortController | undefined

  constructor(deps: ClusterDependencies, host: ClusterHost) {
    this.#deps = deps
    this.#host = host
    const { client, clock, logger, random, identity, settings, particulars } = deps
    const { nodeName } = identity
    const common = { client, clock, logger }
    const node = (): Node | undefined => this.#nodes.get(undefined, nodeName)
    this.#events = new EventRecorder({ ...common, source: { component: 'kubelet', host: nodeName } })
    this.#nodes = new Informer<Node>({
      ...common,
      random,
      resource: NODES,
      selection: { fieldSelector: `metadata.name=${nodeName}` },
    })
    this.#mirrors = new MirrorPods({
      ...common,
      node,
      isDesired: (uid) => host.pod(uid) !== undefined,
      isOrphan: (fullName) => this.#isOrphan(fullName),
      onMirror: (fullName) => this.#postStatic(fullName),
      onRefused: (pod, words) =>
        deps.timeline.record({
          ...{ subject: 'pod', type: 'Warning', reason: 'MirrorRefused', pod: podReference(pod) },
          message: `The API server does not take the pod's mirror, so kubectl does not see the pod: ${words}`,
        }),
    })
    this.#source = new ApiSource({
      ...common,
      random,
      nodeName,
      onPods: (pods) => host.setApiPods(pods),
      onPod: (pod) => {
        this.#mirrors.onApiPod(pod)
        this.#statuses.post(podUid(pod))
      },
      onPodDeleted: (pod) => this.#mirrors.onApiPodDeleted(pod),
      onSynced: () => this.#mirrors.reconcileAll(),
      onConnected: () => this.#onConnected(),
    })
    this.#statuses = new StatusPoster({
      ...common,
      pods: () => host.pods(),
      pod: (uid) => host.pod(uid),
      statusOf: (uid) => host.statusOf(uid),
      shownBy: (pod) => this.#shownBy(pod),
    })
    this.#nodeStatus = new NodeStatusUpdater({
      ...common,
      node,
      nodeName,
      particulars,
      updateEveryMs: settings.nodeStatusUpdateMs,
      reportEveryMs: settings.nodeStatusReportMs,
      problems: () => host.problems(),
      // Events of a kubelet about its node bear the node's name for a UID (facts 3.3).
      recordEvent: (type, reason, message) =>
        this.#events.record({ kind: 'Node', name: nodeName, uid: nodeName }, type, reason, message),
    })
  }

  start(): void {
    const { logger, timeline, identity } = this.#deps
    const { nodeName } = identity
    this.#owned.add(toDisposable(() => this.#end.abort()))
    this.#owned.add(this.#events)
    this.#owned.add(timeline.onDidRecord((draft) => this.#recordEvent(draft)))
    this.#events.record({ kind: 'Node', name: nodeName, uid: nodeName }, 'Normal', 'Starting', 'Starting kubelet.')
    logger.info('Waiting for node sync before watching apiserver pods')
    this.#owned.add(this.#nodes)
    this.#owned.add(
      this.#nodes.follow({
        onAdd: () => this.#onNodeKnown(),
        onUpdate: () => this.#nodeStatus.update(),
        onSynced: () => this.#onNodeSynced(),
        onConnected: () => this.#onConnected(),
      }),
    )
    this.#nodes.start()
    this.#owned.add(this.#statuses)
    this.#statuses.start()
    this.#owned.add(this.#nodeStatus)
    void this.#joinCluster()
  }

  async dispose(): Promise<void> {
    await this.#owned.dispose()
  }

  onPodSync(pod: Pod): void {
    if (isStaticPod(pod)) this.#mirrors.want(pod)
  }

  onPodStatus(uid: string): void {
    this.#statuses.post(uid)
  }

  onPodFinished(uid: string): void {
    if (this.#host.pod(uid) !== undefined) return this.#statuses.onEnded(uid)
    this.#statuses.forget(uid)
    this.#mirrors.keepHouse()
  }

  staticUidOf(mirrorUid: string): string | undefined {
    return this.#mirrors.staticUidOf(mirrorUid)
  }

  nodeLabels(): Readonly<Record<string, string>> | undefined {
    const node = this.#nodes.get(undefined, this.#deps.identity.nodeName)
    return node === undefined ? undefined : (node.metadata.labels ?? {})
  }

  onHealthChanged(): void {
    this.#nodeStatus.update()
  }

  keepHouse(): void {
    this.#mirrors.keepHouse()
  }

  async #joinCluster(): Promise<void> {
    const { client, clock, logger, identity, settings } = this.#deps
    if (settings.registerNode)
      await registerNode({
        client,
        clock,
        logger,
        identity,
        initialNode: async () => computeInitialNode(identity, await this.#nodeStatus.initialStatus()),
        signal: this.#end.signal,
        onWait: (wake) => {
          this.#registrationWait = wake
        },
      })
    if (this.#end.signal.aborted) return
    this.#nodeStatus.start()
    this.#keepLease()
  }

  #keepLease(): void {
    const { client, clock, logger, random, identity, settings } = this.#deps
    const { nodeName } = identity
    const lease = new LeaseKeeper({
      client,
      clock,
      logger,
      random,
      namespace: LEASE_NAMESPACE,
      name: nodeName,
      holder: nodeName,
      durationSeconds: settings.nodeLeaseDurationSeconds,
      renewEveryMs: settings.nodeLeaseDurationSeconds * 1000 * RENEW_FRACTION,
      owner: () => {
        const uid = this.#nodes.get(undefined, nodeName)?.metadata.uid
        return uid === undefined ? undefined : { apiVersion: 'v1', kind: 'Node', name: nodeName, uid }
      },
    })
    this.#owned.add(lease)
    lease.start()
  }

  /** Facts 1.5.12. */
  #onNodeSynced(): void {
    if (this.#source.isStarted || this.#end.signal.aborted) return
    this.#owned.add(this.#source)
    this.#source.start()
  }

  /** All static pods get their mirrors now, so that a scheduler counts them early (facts 4.1). */
  #onNodeKnown(): void {
    this.#nodeStatus.update()
    for (const pod of this.#host.pods())
      if (isStaticPod(pod) && !this.#host.isRejected(podUid(pod)) && !this.#host.isEnding(podFullName(pod)))
        this.#mirrors.want(pod)
  }

  /** What waited for the server need not wait any longer. */
  #onConnected(): void {
    this.#registrationWait?.abort()
    this.#events.flush()
    this.#mirrors.reconcileAll()
    this.#statuses.postAll()
    this.#nodeStatus.update()
  }

  #isOrphan(fullName: string): boolean {
    const { pods, areSourcesReady, isEnding } = this.#host
    return (
      areSourcesReady() &&
      !isEnding(fullName) &&
      !pods().some((pod) => isStaticPod(pod) && podFullName(pod) === fullName)
    )
  }

  #postStatic(fullName: string): void {
    for (const pod of this.#host.pods())
      if (isStaticPod(pod) && podFullName(pod) === fullName) this.#statuses.post(podUid(pod))
  }

  #shownBy(pod: Pod): ApiPod | undefined {
    if (isStaticPod(pod)) return this.#mirrors.mirrorOf(pod)
    const found = this.#source.find(pod.metadata.namespace ?? '', pod.metadata.name ?? '')
    return found?.metadata.uid === pod.metadata.uid ? found : undefined
  }

  #recordEvent(draft: TimelineDraft): void {
    const pod = draft.pod === undefined ? undefined : this.#host.pod(draft.pod.uid)
    const isInit = pod?.spec.initContainers?.some(({ name }) => name === draft.container) === true
    const about = computeInvolvedObject(draft, isInit ? 'initContainers' : 'containers')
    if (about !== undefined) this.#events.record(about, draft.type, draft.reason, draft.message)
  }
}
