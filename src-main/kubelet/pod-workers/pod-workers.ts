/**
 * One worker per pod UID: never two syncs of one pod at once, the newest update wins, and a pod goes through
 * `Sync` → `Terminating` → `Terminated` without a way back (facts 2.1.2, 1.5.5, 1.5.7).
 */
import type { Clock, Timer } from '../../base/clock.ts'
import type { Logger } from '../../base/logger.ts'
import type { Pod } from '../../common/api/core.ts'
import { isApiPod } from '../../common/api/static-pod.ts'
import type { TimelineCause } from '../../common/lab/timeline-entry.ts'
import { podFullName, podLogName, podReference, podUid } from '../pod-identity.ts'

export type PodWorkerState = 'Sync' | 'Terminating' | 'Terminated'

export interface SyncRequest {
  pod: Pod
  cause: TimelineCause | undefined
  /** Aborted when the pod has to end. */
  signal: AbortSignal
}

export interface SyncOutcome {
  /** The pod is over by itself: what is left of it is stopped, and it is not started again. */
  terminal: boolean
  /** With `terminal`: how long its containers get to stop, if less than the pod asks for. */
  graceSeconds?: number
  /** When it is worth looking again, milliseconds since the epoch; absent: after the resync period. */
  retryAtMs?: number
  retryCause?: TimelineCause
}

export interface TerminationRequest {
  uid: string
  /** Absent: found in the runtime, known to no source. */
  pod: Pod | undefined
  graceOverrideSeconds: number | undefined
  cause: TimelineCause | undefined
}

/** What a worker drives; each call may be repeated after a failure. */
export interface PodSyncer {
  syncPod(request: SyncRequest): Promise<SyncOutcome>
  /** Resolves when nothing of the pod runs any more. */
  syncTerminatingPod(request: TerminationRequest): Promise<void>
  /** Cleans up behind it. */
  syncTerminatedPod(request: TerminationRequest): Promise<void>
}

const RETRY_MS = 10_000
const JITTER = 0.5

interface Worker {
  uid: string
  fullName: string
  pod: Pod | undefined
  state: PodWorkerState
  /** It has nothing more to do. */
  finished: boolean
  /** Pods that have to be gone before it starts. */
  waitsFor: ReadonlySet<string>
  /** It has been synced at least once and so holds its full name. */
  started: boolean
  busy: boolean
  pending: boolean
  timer: Timer | undefined
  abort: AbortController
  cause: TimelineCause | undefined
  graceOverrideSeconds: number | undefined
  /** A pod of the same UID came back while this one ends. */
  restartWith: { pod: Pod; cause: TimelineCause | undefined; after: readonly string[] } | undefined
  /** When it was told to end, milliseconds since the epoch. */
  endingSinceMs: number | undefined
}

export class PodWorkers {
  readonly #clock: Clock
  readonly #logger: Logger
  readonly #syncer: PodSyncer
  readonly #random: () => number
  readonly #resyncMs: number
  readonly #isDesired: (uid: string) => boolean
  readonly #onFinished: (uid: string) => void
  readonly #workers = new Map<string, Worker>()
  #disposed = false

  constructor(options: {
    clock: Clock
    logger: Logger
    syncer: PodSyncer
    /** 0 to 1. */
    random: () => number
    resyncMs: number
    /** Whether a source still has the pod: a finished one is remembered then, and forgotten otherwise. */
    isDesired: (uid: string) => boolean
    /** Nothing of the pod runs any more, and it has no work left. */
    onFinished?: (uid: string) => void
  }) {
    this.#clock = options.clock
    this.#logger = options.logger
    this.#syncer = options.syncer
    this.#random = options.random
    this.#resyncMs = options.resyncMs
    this.#isDesired = options.isDesired
    this.#onFinished = options.onFinished ?? (() => undefined)
  }

  /** Begins with the pod, once those of `after` have ended; or takes its new version over. */
  update(pod: Pod, cause: TimelineCause | undefined, after: readonly string[] = []): void {
    const uid = podUid(pod)
    const worker = this.#workers.get(uid)
    if (worker !== undefined && worker.state !== 'Sync') {
      worker.restartWith = { pod, cause, after }
      if (worker.finished) this.#finish(worker)
      return
    }
    const current = worker ?? this.#add(uid, placeOf(pod), pod)
    current.pod = pod
    if (after.length > 0) current.waitsFor = new Set(after)
    this.#kick(current, cause)
  }

  /** The pod has to end. A second call can only shorten the grace of a stop that has not begun. */
  remove(uid: string, cause: TimelineCause | undefined): void {
    const worker = this.#workers.get(uid)
    if (worker === undefined) return
    worker.restartWith = undefined
    worker.endingSinceMs ??= this.#clock.now()
    if (worker.finished) {
      // It ended by itself before; now it also has to be cleaned up.
      worker.finished = false
      this.#kick(worker, cause)
      return
    }
    this.#terminate(worker, cause)
  }

  /** The pod was deleted and its source still has it: whatever may run of it ends, and it is never started (facts 8.5.7). */
  endDeleted(pod: Pod): void {
    const uid = podUid(pod)
    const worker = this.#workers.get(uid) ?? this.#add(uid, placeOf(pod), pod)
    if (worker.state !== 'Sync') return
    worker.pod = pod
    worker.started = true
    worker.endingSinceMs ??= this.#clock.now()
    this.#terminate(worker, undefined)
  }

  /** Ends what the runtime has of a pod that no source knows (facts 1.5.10). */
  terminateOrphan(uid: string, fullName: string, graceOverrideSeconds: number): void {
    if (this.#workers.has(uid)) return
    const worker = this.#add(uid, fullName, undefined)
    worker.started = true
    worker.graceOverrideSeconds = graceOverrideSeconds
    this.#terminate(worker, undefined)
  }

  /** The pod is over by the kubelet's verdict: what its sync is at is given up. Its source keeps it. */
  end(uid: string): void {
    const worker = this.#workers.get(uid)
    if (worker !== undefined) this.#terminate(worker, undefined)
  }

  /** Something may have changed for this pod. */
  wake(uid: string, cause: TimelineCause | undefined): void {
    const worker = this.#workers.get(uid)
    if (worker === undefined || worker.finished) return
    this.#kick(worker, cause)
  }

  wakeAll(): void {
    for (const worker of this.#workers.values()) if (!worker.finished) this.#kick(worker, undefined)
  }

  stateOf(uid: string): PodWorkerState | undefined {
    return this.#workers.get(uid)?.state
  }

  /** Of all pods that are worked on. */
  uids(): string[] {
    return [...this.#workers.keys()]
  }

  /** Whether a step of the pod is being taken right now. */
  isBusy(uid: string): boolean {
    return this.#workers.get(uid)?.busy === true
  }

  /** Pods that were told to end and are not gone yet. */
  endingPods(): { pod: Pod; sinceMs: number }[] {
    return [...this.#workers.values()].flatMap(({ pod, endingSinceMs }) =>
      pod === undefined || endingSinceMs === undefined ? [] : [{ pod, sinceMs: endingSinceMs }],
    )
  }

  /** Stops working; what runs is left running (facts 2.12.4). */
  dispose(): void {
    this.#disposed = true
    for (const worker of this.#workers.values()) {
      worker.timer?.cancel()
      worker.abort.abort(new Error('the kubelet is stopping'))
    }
    this.#workers.clear()
  }

  #add(uid: string, fullName: string, pod: Pod | undefined): Worker {
    const worker: Worker = {
      uid,
      fullName,
      pod,
      state: 'Sync',
      finished: false,
      waitsFor: new Set(),
      started: false,
      busy: false,
      pending: false,
      timer: undefined,
      abort: new AbortController(),
      cause: undefined,
      graceOverrideSeconds: undefined,
      restartWith: undefined,
      endingSinceMs: undefined,
    }
    this.#workers.set(uid, worker)
    return worker
  }

  #terminate(worker: Worker, cause: TimelineCause | undefined): void {
    if (worker.state !== 'Sync') return
    worker.state = worker.started ? 'Terminating' : 'Terminated'
    worker.abort.abort(new Error('the pod has to end'))
    this.#kick(worker, cause)
  }

  #kick(worker: Worker, cause: TimelineCause | undefined): void {
    if (this.#disposed) return
    worker.cause = cause ?? worker.cause
    worker.pending = true
    if (worker.busy) return
    worker.busy = true
    void this.#run(worker)
  }

  async #run(worker: Worker): Promise<void> {
    // The caller goes on first, so that several updates of one moment become one sync.
    await Promise.resolve()
    while (worker.pending && !worker.finished && !this.#disposed) {
      worker.pending = false
      worker.timer?.cancel()
      worker.timer = undefined
      const cause = worker.cause
      worker.cause = undefined
      await this.#step(worker, cause)
    }
    worker.busy = false
    if (worker.finished && !this.#disposed) this.#finish(worker)
  }

  /** Does not throw: a failure is logged and tried again. */
  async #step(worker: Worker, cause: TimelineCause | undefined): Promise<void> {
    try {
      switch (worker.state) {
        case 'Sync':
          return await this.#sync(worker, cause)
        case 'Terminating':
          await this.#syncer.syncTerminatingPod(terminationOf(worker, cause))
          worker.state = 'Terminated'
          worker.pending = true
          return
        case 'Terminated':
          await this.#syncer.syncTerminatedPod(terminationOf(worker, cause))
          worker.finished = true
      }
    } catch (error) {
      if (worker.abort.signal.aborted && worker.pending) return
      this.#logger.error('Error syncing pod, skipping', {
        err: error instanceof Error ? error.message : String(error),
        pod: worker.pod === undefined ? worker.fullName : podLogName(podReference(worker.pod)),
        podUID: worker.uid,
      })
      this.#schedule(worker, this.#jittered(RETRY_MS), cause)
    }
  }

  async #sync(worker: Worker, cause: TimelineCause | undefined): Promise<void> {
    const { pod } = worker
    if (pod === undefined || !this.#mayStart(worker)) return
    worker.started = true
    const outcome = await this.#syncer.syncPod({ pod, cause, signal: worker.abort.signal })
    // It may have been told to end meanwhile.
    if ((worker.state as PodWorkerState) !== 'Sync') return
    if (outcome.terminal) {
      worker.state = 'Terminating'
      worker.graceOverrideSeconds = outcome.graceSeconds
      worker.pending = true
      return
    }
    const delayMs =
      outcome.retryAtMs === undefined ? this.#jittered(this.#resyncMs) : outcome.retryAtMs - this.#clock.now()
    this.#schedule(worker, Math.max(0, delayMs), outcome.retryCause)
  }

  /** Of pods with one full name only one is started; the others wait in line for its end (facts 1.5.5). */
  #mayStart(worker: Worker): boolean {
    if (worker.started) return true
    for (const other of this.#workers.values())
      if (isInTheWay(other, worker) && other.started && !other.finished) return false
    return true
  }

  #finish(worker: Worker): void {
    const { restartWith } = worker
    const waiters = [...this.#workers.values()].filter((other) => isInTheWay(worker, other) && !other.started)
    if (restartWith !== undefined) {
      this.#workers.delete(worker.uid)
      this.update(restartWith.pod, restartWith.cause, restartWith.after)
    } else if (!this.#isDesired(worker.uid)) this.#workers.delete(worker.uid)
    for (const waiter of waiters) this.#kick(waiter, undefined)
    this.#onFinished(worker.uid)
  }

  #schedule(worker: Worker, delayMs: number, cause: TimelineCause | undefined): void {
    worker.timer?.cancel()
    if (this.#disposed || worker.pending) return
    worker.timer = this.#clock.setTimer(delayMs, () => {
      worker.timer = undefined
      this.#kick(worker, cause)
    })
  }

  #jittered(periodMs: number): number {
    return periodMs * (1 + JITTER * this.#random())
  }
}

/** Static pods of one full name take turns; an API server gives no name twice. */
function placeOf(pod: Pod): string {
  return isApiPod(pod) ? podUid(pod) : podFullName(pod)
}

function isInTheWay(worker: Worker, other: Worker): boolean {
  return worker !== other && (worker.fullName === other.fullName || other.waitsFor.has(worker.uid))
}

function terminationOf(worker: Worker, cause: TimelineCause | undefined): TerminationRequest {
  return { uid: worker.uid, pod: worker.pod, graceOverrideSeconds: worker.graceOverrideSeconds, cause }
}
