/**
 * Keeps a mirror on the API server for each static pod that runs here (facts 4; REPORT P2.1 to P2.3). Whatever happens to a
 * mirror is put right as soon as it is heard of; a sync of its pod and the return of the server look at it anyway.
 */
import { delay, type Clock } from '../../base/clock.ts'
import type { Logger } from '../../base/logger.ts'
import type { Pod } from '../../common/api/core.ts'
import { isMirrorPod } from '../../common/api/static-pod.ts'
import { ConnectionError, type ApiClient } from '../../kube/api-client.ts'
import { hasReason, StatusError } from '../../kube/status-error.ts'
import type { Node } from '../../common/api/node.ts'
import type { ApiPod } from '../cluster/api-objects.ts'
import { podFullName, podLogName, podReference, podUid } from '../pod-identity.ts'
import { computeMirrorAction, type MirrorAction } from './compute-mirror-action.ts'
import { computeMirrorBody, isMirrorOf } from './mirror-body.ts'
import { PODS } from '../../kube/resources.ts'

/**
 * How long the name of a mirror that somebody deleted stays free. `kubectl delete` looks once and then lists: one that
 * came back between the two would never be seen to go, and kubectl would wait for ever. Real kubelets took 0.15 to 0.37 s.
 */
const ABSENCE_MS = 200

export interface MirrorPodsOptions {
  clock: Clock
  client: ApiClient
  logger: Logger
  /** As the server has it; absent: not known. */
  node: () => Node | undefined
  /** Whether a source still has the static pod of this UID. */
  isDesired: (uid: string) => boolean
  /** Nothing on the node has this full name any more, as far as all sources say. */
  isOrphan: (fullName: string) => boolean
  /** A mirror has appeared, or changed. */
  onMirror: (fullName: string) => void
  /** The server does not take the mirror of this static pod, in its words; told once for each reason. */
  onRefused: (pod: Pod, message: string) => void
}

export class MirrorPods {
  readonly #options: MirrorPodsOptions
  /** By full name: static pods that should have a mirror. */
  readonly #wanted = new Map<string, Pod>()
  readonly #mirrors = new Map<string, ApiPod>()
  /** UIDs of mirrors that were taken away here: what is still heard of them is the past. */
  readonly #removed = new Set<string>()
  /** Names of which the server could not say yes or no: a server whose store is away keeps its watches open. */
  readonly #unanswered = new Set<string>()
  /** By full name: why the server did not take the mirror, as it was told. */
  readonly #refusals = new Map<string, string>()
  /** Names that are worked on; `true`: and once more after that. */
  readonly #busy = new Map<string, boolean>()

  constructor(options: MirrorPodsOptions) {
    this.#options = options
  }

  /** The static pod should have a mirror from now on. */
  want(pod: Pod): void {
    this.#wanted.set(podFullName(pod), pod)
    this.#kick(podFullName(pod))
  }

  /** The picture of this very pod, if it has one that is not about to go. */
  mirrorOf(pod: Pod): ApiPod | undefined {
    const mirror = this.#mirrors.get(podFullName(pod))
    return mirror !== undefined && isMirrorOf(mirror, pod) ? mirror : undefined
  }

  /** The UID of the static pod whose mirror has this UID. */
  staticUidOf(mirrorUid: string): string | undefined {
    for (const [fullName, mirror] of this.#mirrors) {
      const pod = this.#wanted.get(fullName)
      if (podUid(mirror) === mirrorUid && pod !== undefined) return podUid(pod)
    }
    return undefined
  }

  /** A pod of the API server was added or changed. */
  onApiPod(pod: ApiPod): void {
    if (!isMirrorPod(pod) || this.#removed.has(podUid(pod))) return
    this.#keep(pod)
    this.#kick(podFullName(pod))
  }

  /** One was deleted: a mirror, or an ordinary pod whose name is free now. */
  onApiPodDeleted(pod: ApiPod): void {
    const fullName = podFullName(pod)
    this.#removed.delete(podUid(pod))
    if (podUid(this.#mirrors.get(fullName) ?? pod) === podUid(pod)) this.#mirrors.delete(fullName)
    this.#kick(fullName)
  }

  /** Looks at all of them: the server answers again, or it is time. */
  reconcileAll(): void {
    for (const fullName of new Set([...this.#wanted.keys(), ...this.#mirrors.keys()])) this.#kick(fullName)
  }

  /** Takes away those whose pod is gone for good, and tries again what the server could not do. */
  keepHouse(): void {
    for (const fullName of this.#unanswered) this.#kick(fullName)
    this.#unanswered.clear()
    for (const fullName of this.#mirrors.keys())
      if (this.#wantedPod(fullName) === undefined && this.#options.isOrphan(fullName)) this.#kick(fullName)
  }

  #keep(mirror: ApiPod): void {
    this.#refusals.delete(podFullName(mirror))
    this.#mirrors.set(podFullName(mirror), mirror)
    this.#options.onMirror(podFullName(mirror))
  }

  #kick(fullName: string): void {
    const isBusy = this.#busy.has(fullName)
    this.#busy.set(fullName, isBusy)
    if (!isBusy) void this.#work(fullName)
  }

  async #work(fullName: string): Promise<void> {
    do {
      this.#busy.set(fullName, false)
      await this.#sync(fullName)
    } while (this.#busy.get(fullName) === true)
    this.#busy.delete(fullName)
  }

  /** Does not throw: a failure is logged, and the next occasion tries again. */
  async #sync(fullName: string): Promise<void> {
    const { logger } = this.#options
    const action = computeMirrorAction({
      pod: this.#wantedPod(fullName),
      mirror: this.#mirrors.get(fullName),
      node: this.#options.node(),
      isOrphan: this.#options.isOrphan(fullName),
    })
    try {
      await this.#carryOut(action)
    } catch (error) {
      const isCreation = action.action !== 'none' && action.pod !== undefined
      const message = isCreation ? 'Failed creating a mirror pod' : 'Failed deleting a mirror pod'
      const reference = action.action === 'create' ? podReference(action.pod) : undefined
      const pod = reference === undefined ? fullName : podLogName(reference)
      const words = error instanceof Error ? error.message : String(error)
      logger.error(message, { pod, err: words })
      if (isUnavailable(error)) this.#unanswered.add(fullName)
      else if (action.action !== 'none' && action.pod !== undefined) this.#tellRefusal(action.pod, words)
    }
  }

  #tellRefusal(pod: Pod, words: string): void {
    const refusal = `${podUid(pod)} ${words}`
    if (this.#refusals.get(podFullName(pod)) === refusal) return
    this.#refusals.set(podFullName(pod), refusal)
    this.#options.onRefused(pod, words)
  }

  #wantedPod(fullName: string): Pod | undefined {
    const pod = this.#wanted.get(fullName)
    if (pod === undefined || this.#options.isDesired(podUid(pod))) return pod
    this.#wanted.delete(fullName)
    this.#refusals.delete(fullName)
    return undefined
  }

  async #carryOut(action: MirrorAction): Promise<void> {
    const { logger } = this.#options
    switch (action.action) {
      case 'none':
        if (action.why !== undefined) logger.info(action.why, {})
        return
      case 'create':
        return this.#create(action.pod, action.node)
      case 'remove':
        await this.#remove(action.mirror, action.pod === undefined)
        // A finalizer may keep it, and with it the name.
        if ((action.mirror.metadata.finalizers ?? []).length > 0) return
        if (action.pod === undefined || action.node === undefined) return
        if (action.mirror.metadata.deletionTimestamp !== undefined) await delay(this.#options.clock, ABSENCE_MS)
        await this.#create(action.pod, action.node)
    }
  }

  async #create(pod: Pod, node: Node): Promise<void> {
    this.#options.logger.info('Creating a mirror pod for static pod', { pod: podLogName(podReference(pod)) })
    const mirror = await this.#options.client.create<ApiPod>(PODS, computeMirrorBody(pod, node))
    // The server's own news of it comes later, and must not find its place empty.
    if (!this.#removed.has(podUid(mirror))) this.#keep(mirror)
  }

  /** At once, whatever grace somebody else asked for, and only this one (facts 4.3). */
  async #remove(mirror: Pod, forGood: boolean): Promise<void> {
    const { client, logger } = this.#options
    const { namespace, name, uid } = podReference(mirror)
    try {
      await client.delete(PODS, { namespace, name }, { gracePeriodSeconds: 0, preconditions: { uid } })
    } catch (error) {
      // Somebody was faster: it is gone, or another has its name.
      if (!hasReason(error, 'NotFound') && !hasReason(error, 'Conflict')) throw error
    }
    const why = forGood
      ? 'Deleted mirror pod because its static pod is gone'
      : 'Deleted mirror pod because it is outdated'
    logger.info(why, { pod: `${namespace}/${name}`, podUID: uid })
    if ((mirror.metadata.finalizers ?? []).length > 0) return
    this.#removed.add(uid)
    if (podUid(this.#mirrors.get(podFullName(mirror)) ?? mirror) === uid) this.#mirrors.delete(podFullName(mirror))
  }
}

/** Nobody answered, or somebody who cannot answer now. A refusal stays one until something changes. */
function isUnavailable(error: unknown): boolean {
  return error instanceof ConnectionError || (error instanceof StatusError && (error.status.code ?? 0) >= 500)
}
