/**
 * Tells the API server the status of every pod: at once when it changes, and every 10 s whatever was missed
 * (K/status/status_manager.go). A static pod's goes to its mirror. It also finishes the deletion of pods that have ended.
 */
import type { Clock, Timer } from '../../base/clock.ts'
import type { Disposable } from '../../base/disposable.ts'
import type { Logger } from '../../base/logger.ts'
import type { Pod } from '../../common/api/core.ts'
import type { PodStatus } from '../../common/api/pod-status.ts'
import type { ApiClient } from '../../kube/api-client.ts'
import { hasReason } from '../../kube/status-error.ts'
import type { ApiPod } from '../cluster/api-objects.ts'
import { podLogName, podReference, podUid } from '../pod-identity.ts'
import { computeStatusPatch } from './compute-status-patch.ts'
import { PODS } from '../../kube/resources.ts'

const PERIOD_MS = 10_000

export interface StatusPosterOptions {
  client: ApiClient
  clock: Clock
  logger: Logger
  pod: (uid: string) => Pod | undefined
  pods: () => Pod[]
  statusOf: (uid: string) => PodStatus | undefined
  /** The object that shows it: itself, or a static pod's mirror; absent: there is none now. */
  shownBy: (pod: Pod) => ApiPod | undefined
}

/** What the server answered to the last patch. */
interface Posted {
  resourceVersion: string | undefined
  status: PodStatus
}

export class StatusPoster implements Disposable {
  readonly #options: StatusPosterOptions
  readonly #posted = new Map<string, Posted>()
  readonly #ended = new Set<string>()
  /** UIDs that are worked on; `true`: and once more after that. */
  readonly #busy = new Map<string, boolean>()
  #timer: Timer | undefined
  #isDisposed = false

  constructor(options: StatusPosterOptions) {
    this.#options = options
  }

  start(): void {
    this.#timer = this.#options.clock.setTimer(PERIOD_MS, () => {
      this.start()
      this.postAll()
    })
  }

  dispose(): void {
    this.#isDisposed = true
    this.#timer?.cancel()
  }

  /** Its status, or what the server shows of it, has changed. */
  post(uid: string): void {
    if (this.#isDisposed) return
    const isBusy = this.#busy.has(uid)
    this.#busy.set(uid, isBusy)
    if (!isBusy) void this.#work(uid)
  }

  postAll(): void {
    for (const pod of this.#options.pods()) this.post(podUid(pod))
  }

  /** Nothing of it runs any more: if it was to be deleted, it can be. */
  onEnded(uid: string): void {
    this.#ended.add(uid)
    this.post(uid)
  }

  forget(uid: string): void {
    this.#posted.delete(uid)
    this.#ended.delete(uid)
  }

  /** The caller goes on first, so that several changes of one moment become one patch. */
  async #work(uid: string): Promise<void> {
    do {
      await Promise.resolve()
      this.#busy.set(uid, false)
      await this.#sync(uid)
    } while (this.#busy.get(uid) === true && !this.#isDisposed)
    this.#busy.delete(uid)
  }

  /** Does not throw: the next occasion tries again. */
  async #sync(uid: string): Promise<void> {
    const { logger, pod: find } = this.#options
    const pod = find(uid)
    const shown = pod === undefined ? undefined : this.#options.shownBy(pod)
    if (pod === undefined || shown === undefined) return
    const reference = podReference(pod)
    const about = { pod: podLogName(reference), podUID: uid }
    try {
      await this.#patch(uid, shown)
      await this.#finishDeletion(pod)
    } catch (error) {
      if (hasReason(error, 'NotFound')) return
      if (hasReason(error, 'Conflict')) {
        logger.info('Pod was deleted and then recreated, skipping status update', about)
        return
      }
      const words = error instanceof Error ? error.message : String(error)
      logger.error('Failed to update status for pod', { ...about, err: words })
    }
  }

  async #patch(uid: string, shown: ApiPod): Promise<void> {
    const { client, statusOf } = this.#options
    const status = statusOf(uid)
    if (status === undefined) return
    const posted = this.#posted.get(uid)
    const { resourceVersion } = shown.metadata
    // What the server made of this very status is its last word: a field that it keeps differently is not sent for ever.
    if (posted?.status === status && posted.resourceVersion === resourceVersion) return
    const patch = computeStatusPatch(shown.status, status)
    if (patch === undefined) return
    const { namespace, name, uid: shownUid } = podReference(shown)
    const address = { namespace, name, subresource: 'status' }
    const type = 'application/strategic-merge-patch+json'
    const body = { metadata: { uid: shownUid }, status: patch }
    const answer = await client.patch<ApiPod>(PODS, address, type, body)
    this.#posted.set(uid, { resourceVersion: answer.metadata.resourceVersion, status })
  }

  /** Facts 8.5.8: what the server was asked to delete goes when nothing of it runs. */
  async #finishDeletion(pod: Pod): Promise<void> {
    const { namespace, name, uid } = podReference(pod)
    if (pod.metadata.deletionTimestamp === undefined || !this.#ended.has(uid)) return
    await this.#options.client.delete(PODS, { namespace, name }, { gracePeriodSeconds: 0, preconditions: { uid } })
    this.#options.logger.info('Pod fully terminated and removed from etcd', { pod: podLogName(podReference(pod)) })
  }
}
