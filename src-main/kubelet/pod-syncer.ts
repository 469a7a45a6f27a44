/** What a pod worker does with its pod: bring it up, stop it, clean up behind it (facts 2.1.3, 2.11). */
import { Backoff } from '../base/backoff.ts'
import { formatGoDuration } from '../base/go-duration.ts'
import type { Pod } from '../common/api/core.ts'
import { isApiPod } from '../common/api/static-pod.ts'
import type { PodStatus } from '../common/api/pod-status.ts'
import type { TimelineCause } from '../common/lab/timeline-entry.ts'
import { podLogName, podReference, podUid } from './pod-identity.ts'
import type { PodManager } from './pod-manager.ts'
import type { PodSyncer, SyncOutcome, SyncRequest, TerminationRequest } from './pod-workers/pod-workers.ts'
import type { Prober } from './prober/prober.ts'
import { computePodActions } from './runtime/compute-pod-actions.ts'
import { pruneDeadContainers, removeAllContainers, removeDanglingLogLinks } from './runtime/container-gc.ts'
import { killPod } from './runtime/kill-pod.ts'
import type { RuntimeContext } from './runtime/runtime-context.ts'
import type { RuntimeHealth } from './runtime/runtime-health.ts'
import type { RuntimePodCache } from './runtime/runtime-pod-cache.ts'
import { isAlive, nanosecondsToMs, withoutContainers } from './runtime/runtime-pod.ts'
import { syncPod } from './runtime/sync-pod.ts'
import type { SyncPodResult } from './runtime/sync-pod.ts'
import type { WaitingReason } from './status/container-statuses.ts'
import { computePodStatus } from './status/pod-status.ts'
import type { PodFailure } from './status/pod-status.ts'
import type { StatusManager } from './status/status-manager.ts'
import { aboutPod } from './timeline/timeline.ts'
import { mountVolumes, refreshVolumes } from './volumes/mount-volumes.ts'
import type { MountedVolumes, VolumeFailure } from './volumes/mount-volumes.ts'
import { makePodDirectories, removePodFiles } from './volumes/pod-files.ts'

const MOUNT_WAIT_MS = 123_000
const NETWORK_RETRY_MS = 1000
const ERROR_RETRY_MS = 10_000
const MIN_SANDBOX_AGE_MS = 1000
/** What runs of a pod that was not let in: the place of an orphan (facts 1.5.10). */
const UNWANTED_GRACE_SECONDS = 1

export interface PodSyncerOptions {
  context: RuntimeContext
  cache: RuntimePodCache
  statuses: StatusManager
  pods: PodManager
  health: RuntimeHealth
  probes: Prober
  /** A pod that was let in is about to be brought up or looked at. */
  onSync: (pod: Pod) => void
  /** The pod is gone from the node, with everything of it. */
  onGone: (uid: string) => void
}

/** What is remembered of one pod between its syncs. */
interface PodMemory {
  waitingReasons: Map<string, WaitingReason>
  failure: PodFailure | undefined
  sandboxProblem: string | undefined
  volumes: MountedVolumes | undefined
  mountFailingSinceMs: number | undefined
  /** Its source wanted it deleted, and nothing of it runs any more. */
  hasEnded: boolean
}

export class KubeletPodSyncer implements PodSyncer {
  readonly #options: PodSyncerOptions
  readonly #memory = new Map<string, PodMemory>()
  readonly #mountBackoff: Backoff

  constructor(options: PodSyncerOptions) {
    this.#options = options
    this.#mountBackoff = new Backoff({
      clock: options.context.clock,
      initialMs: 500,
      maxMs: 122_000,
      resetAfterMs: 244_000,
    })
  }

  async syncPod(request: SyncRequest): Promise<SyncOutcome> {
    const { context, cache } = this.#options
    const { pod, signal } = request
    const uid = podUid(pod)
    if (!cache.takeAsListed(uid)) await cache.refresh(uid)
    const { moment } = cache
    signal.throwIfAborted()
    const deadlineMs = this.#checkDeadline(pod)
    const status = this.updateStatus(pod)
    const { failure } = this.#memoryOf(uid)
    if (failure?.kind === 'rejected') return { terminal: true, graceSeconds: UNWANTED_GRACE_SECONDS }
    this.#options.onSync(pod)
    if (status.phase === 'Succeeded' || status.phase === 'Failed' || failure !== undefined) return { terminal: true }
    await context.references?.load(pod)
    signal.throwIfAborted()
    const blocked = this.#sandboxPause(uid) ?? this.#networkProblem(pod) ?? this.#mount(pod)
    if (blocked !== undefined) return { terminal: false, retryAtMs: earliest(blocked, deadlineMs) ?? blocked }
    const volumePaths = this.#memoryOf(uid).volumes?.paths ?? new Map<string, string>()
    const runtimePod = cache.get(uid)
    const result = await syncPod(context, {
      pod,
      runtimePod,
      probes: this.#options.probes,
      volumePaths,
      cause: request.cause,
      signal,
    })
    this.#remember(pod, result)
    const outcome = this.#outcome(pod, result, deadlineMs)
    if (result.acted) {
      await (result.made === undefined ? cache.refresh(uid) : cache.refreshMade(uid, result.made, moment))
      if (this.#hasMoreToDo(pod, result)) {
        this.updateStatus(pod)
        return { terminal: false, retryAtMs: context.clock.now() }
      }
    }
    // After the next sync has moved the newest end to `lastState`: until then the one before it is still shown there.
    if (await pruneDeadContainers(context, cache.get(uid))) await cache.refresh(uid)
    this.updateStatus(pod)
    return outcome
  }

  /** What died before the look after its start was seen by this sync, so nobody else will wake the worker for it. */
  #hasMoreToDo(pod: Pod, result: SyncPodResult): boolean {
    if (result.podError !== undefined) return false
    // One whose hook failed did run, and has died since.
    const failed = new Set(
      result.starts.flatMap(({ container, error }) =>
        error === undefined || error.reason === 'PostStartHookError' ? [] : [container],
      ),
    )
    const actions = computePodActions(pod, this.#options.cache.get(podUid(pod)), this.#options.probes)
    const toStart = [
      ...actions.initContainersToStart.map((index) => pod.spec.initContainers?.[index]?.name ?? ''),
      ...actions.containersToStart.map((index) => pod.spec.containers[index]?.name ?? ''),
    ]
    const stopsSomething = actions.killPod && (actions.createSandbox || isAlive(this.#options.cache.get(podUid(pod))))
    return stopsSomething || actions.containersToKill.length > 0 || toStart.some((name) => !failed.has(name))
  }

  async syncTerminatingPod(request: TerminationRequest): Promise<void> {
    const { context, cache, probes } = this.#options
    probes.stopLivenessOf(request.uid)
    const { pod: runtimePod } = await cache.refresh(request.uid)
    await killPod(context, {
      pod: request.pod,
      runtimePod,
      ...(request.graceOverrideSeconds === undefined ? {} : { graceOverrideSeconds: request.graceOverrideSeconds }),
      ...(request.cause === undefined ? {} : { cause: request.cause }),
    })
    const { pod: after } = await cache.refresh(request.uid)
    if (isAlive(after)) throw new Error('containers of the pod are still running after they were stopped')
    if (request.pod !== undefined) this.updateStatus(request.pod)
    context.logger.info('Pod termination stopped all running containers', { podUID: request.uid })
  }

  /** A pod that ended by itself stays to be looked at; one that nobody wants any more goes without a trace. */
  async syncTerminatedPod(request: TerminationRequest): Promise<void> {
    const { context, cache, pods, statuses, probes } = this.#options
    const { uid } = request
    probes.forget(uid)
    const { pod: runtimePod } = await cache.refresh(uid)
    if (pods.has(uid)) {
      if (request.pod !== undefined) {
        this.#memoryOf(uid).hasEnded = request.pod.metadata.deletionTimestamp !== undefined
        this.updateStatus(request.pod)
      }
      return
    }
    await removeAllContainers(context, runtimePod)
    const reference =
      request.pod === undefined
        ? { uid, name: runtimePod.name, namespace: runtimePod.namespace }
        : podReference(request.pod)
    removePodFiles(context.paths, reference)
    removeDanglingLogLinks(context)
    // One that came back meanwhile begins anew, for its end is gone with its containers; unless it was refused again.
    if (!pods.has(uid) || !this.hasNoPlace(uid)) {
      statuses.forget(uid)
      this.#memory.delete(uid)
      context.references?.forget(uid)
      this.#mountBackoff.forget(uid)
      cache.forget(uid)
    }
    // Housekeeping may come upon one whose end was told already, and of which nothing is left, not even its name.
    if (reference.name !== '')
      context.timeline.record({
        subject: 'pod',
        pod: reference,
        type: 'Normal',
        reason: 'PodGone',
        message: `Pod ${podLogName(reference)} is gone: its containers and its sandbox have been removed`,
      })
    context.logger.info('Pod is terminated and will need no more status updates', { podUID: uid })
    this.#options.onGone(uid)
  }

  /** Computes the status from what was observed last, and publishes it. */
  updateStatus(pod: Pod): PodStatus {
    const { context, cache, statuses, probes, health } = this.#options
    const uid = podUid(pod)
    const memory = this.#memoryOf(uid)
    const runtimePod = withoutContainers(cache.get(uid), context.postStarts)
    probes.observe(pod, runtimePod)
    const status = computePodStatus({
      pod,
      runtimePod,
      probes,
      waitingReason: (name) => memory.waitingReasons.get(name),
      failure: memory.failure,
      hasEnded: memory.hasEnded,
      sandboxProblem: memory.sandboxProblem,
      previous: statuses.get(uid) ?? knownStatus(pod),
      nodeIP: context.node.nodeIP,
      runtimeName: health.state.runtimeName,
      nowMs: context.clock.now(),
    })
    statuses.set(pod, status)
    return statuses.get(uid) ?? status
  }

  /** The pod is over by the kubelet's verdict; its worker ends what runs of it, at its next sync if not told before. */
  fail(pod: Pod, failure: PodFailure): void {
    this.#memoryOf(podUid(pod)).failure = failure
    this.updateStatus(pod)
  }

  /** It was refused, or had to make room for another pod. */
  hasNoPlace(uid: string): boolean {
    const kind = this.#memory.get(uid)?.failure?.kind
    return kind === 'rejected' || kind === 'preempted'
  }

  /** It was added once more, and is judged anew. */
  forgetVerdict(uid: string): void {
    if (!this.hasNoPlace(uid)) return
    this.#memory.delete(uid)
    this.#options.statuses.forget(uid)
  }

  #memoryOf(uid: string): PodMemory {
    const memory = this.#memory.get(uid) ?? {
      waitingReasons: new Map(),
      failure: undefined,
      sandboxProblem: undefined,
      volumes: undefined,
      mountFailingSinceMs: undefined,
      hasEnded: false,
    }
    this.#memory.set(uid, memory)
    return memory
  }

  /** Answers when the pod's active deadline ends; notes it when it is over (facts 2.3.4). */
  #checkDeadline(pod: Pod): number | undefined {
    const { context, statuses } = this.#options
    const limitSeconds = pod.spec.activeDeadlineSeconds
    if (limitSeconds === undefined) return undefined
    const uid = podUid(pod)
    const before = statuses.get(uid) ?? this.updateStatus(pod)
    if (before.phase === 'Succeeded' || before.phase === 'Failed') return undefined
    const endMs = Date.parse(before.startTime ?? '') + limitSeconds * 1000
    if (context.clock.now() < endMs) return endMs
    const memory = this.#memoryOf(uid)
    if (memory.failure === undefined)
      context.timeline.record({
        ...aboutPod(pod),
        type: 'Normal',
        reason: 'DeadlineExceeded',
        message: 'Pod was active on the node longer than specified deadline',
        cause: 'DeadlineExceeded',
      })
    memory.failure = {
      kind: 'overdue',
      reason: 'DeadlineExceeded',
      message: 'Pod was active on the node longer than the specified deadline',
    }
    return endMs
  }

  /** A sandbox that dies as soon as it is made must not keep the engine busy; answers when to make the next one. */
  #sandboxPause(uid: string): number | undefined {
    const newest = this.#options.cache.get(uid).sandboxes[0]
    if (newest === undefined || newest.state === 'SANDBOX_READY') return undefined
    const nextMs = nanosecondsToMs(newest.createdAt) + MIN_SANDBOX_AGE_MS
    return this.#options.context.clock.now() < nextMs ? nextMs : undefined
  }

  /** Answers when to look again, if pods cannot have their network now. */
  #networkProblem(pod: Pod): number | undefined {
    const { context, health } = this.#options
    const problem = health.state.networkProblem
    if (problem === undefined || pod.spec.hostNetwork === true) return undefined
    context.timeline.record({
      ...aboutPod(pod),
      type: 'Warning',
      reason: 'NetworkNotReady',
      message: `network is not ready: ${problem}`,
    })
    return context.clock.now() + NETWORK_RETRY_MS
  }

  /** Sets up directories and volumes once per pod; answers when to try again (facts 2.17.2). */
  #mount(pod: Pod): number | undefined {
    const { context } = this.#options
    const uid = podUid(pod)
    const memory = this.#memoryOf(uid)
    const facts = {
      network: { hostIP: context.node.nodeIP, podIPs: [] },
      allocatable: context.node.allocatable,
      references: context.references?.of(pod),
    }
    const warn = (message: string): void =>
      context.timeline.record({ ...aboutPod(pod), type: 'Warning', reason: 'FailedMount', message })
    const warnOf = ({ volume, message }: VolumeFailure): void =>
      warn(`MountVolume.SetUp failed for volume ${JSON.stringify(volume)} : ${message}`)
    if (memory.volumes !== undefined) {
      if (context.references !== undefined)
        for (const failure of refreshVolumes(context.paths, pod, facts)) warnOf(failure)
      return undefined
    }
    makePodDirectories(context.paths, pod)
    const mounted = mountVolumes(context.paths, pod, facts)
    const now = context.clock.now()
    if (mounted.failures.length === 0) {
      memory.volumes = mounted
      memory.mountFailingSinceMs = undefined
      this.#mountBackoff.forget(uid)
      return undefined
    }
    memory.mountFailingSinceMs ??= now
    for (const failure of mounted.failures) warnOf(failure)
    if (now - memory.mountFailingSinceMs >= MOUNT_WAIT_MS) {
      const names = mounted.failures.map(({ volume }) => volume).join(' ')
      warn(
        `Unable to attach or mount volumes: unmounted volumes=[${names}], unattached volumes=[], failed to process volumes=[]: context deadline exceeded`,
      )
      memory.mountFailingSinceMs = now
    }
    this.#mountBackoff.next(uid, now)
    return now + this.#mountBackoff.delayOf(uid)
  }

  /** Keeps why containers wait; a started one waits no more. */
  #remember(pod: Pod, result: SyncPodResult): void {
    const memory = this.#memoryOf(podUid(pod))
    const { waitingReasons } = memory
    memory.sandboxProblem = result.sandboxProblem
    for (const { container, error } of result.starts) {
      if (error === undefined) waitingReasons.delete(container)
      else waitingReasons.set(container, { reason: error.reason, message: error.message })
    }
  }

  #outcome(pod: Pod, result: SyncPodResult, deadlineMs: number | undefined): SyncOutcome {
    const { context } = this.#options
    const failures = result.starts.flatMap(({ container, error }) =>
      error === undefined ? [] : [{ container, error }],
    )
    if (failures.length === 0 && result.podError === undefined)
      return deadlineMs === undefined
        ? { terminal: false }
        : { terminal: false, retryAtMs: deadlineMs, retryCause: 'DeadlineExceeded' }
    const reference = podReference(pod)
    const words = failures.map(
      ({ container, error }) =>
        `failed to "StartContainer" for ${JSON.stringify(container)} with ${error.reason}: ${JSON.stringify(error.message)}`,
    )
    const err = [...(result.podError === undefined ? [] : [result.podError]), ...words].join(', ')
    context.logger.error('Error syncing pod, skipping', { err, pod: podLogName(reference), podUID: reference.uid })
    const now = context.clock.now()
    let retryAtMs = deadlineMs
    let retryCause: TimelineCause | undefined
    for (const { error } of failures) {
      const atMs = error.retryAtMs ?? now + ERROR_RETRY_MS
      if (retryAtMs === undefined || atMs < retryAtMs) {
        retryAtMs = atMs
        retryCause = error.reason === 'CrashLoopBackOff' ? 'BackOffExpired' : undefined
      }
    }
    if (result.podError !== undefined) retryAtMs = earliest(retryAtMs, now + ERROR_RETRY_MS)
    context.logger.info('Pod will be synced again', {
      pod: podLogName(reference),
      in: formatGoDuration((retryAtMs ?? now) - now),
    })
    return {
      terminal: false,
      retryAtMs: retryAtMs ?? now + ERROR_RETRY_MS,
      ...(retryCause === undefined ? {} : { retryCause }),
    }
  }
}

/** Of a pod that another kubelet, or this one in an earlier life, has brought where it is: the server remembers. */
function knownStatus(pod: Pod): PodStatus | undefined {
  return isApiPod(pod) ? pod.status : undefined
}

function earliest(one: number | undefined, other: number | undefined): number | undefined {
  if (one === undefined || other === undefined) return one ?? other
  return Math.min(one, other)
}
