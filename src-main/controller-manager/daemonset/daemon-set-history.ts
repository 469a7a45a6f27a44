/** Keeps the revisions of a DaemonSet's template (pkg/controller/daemon/update.go constructHistory; facts 6.5.7). */
import { isDeepStrictEqual } from 'node:util'
import type { ControllerRevision } from '../../common/api/controller-revision.ts'
import type { DaemonSet } from '../../common/api/daemon-set.ts'
import type { ApiClient } from '../../kube/api-client.ts'
import type { Informer } from '../../kube/informer.ts'
import { CONTROLLER_REVISIONS, DAEMON_SETS, PODS } from '../../kube/resources.ts'
import { hasReason } from '../../kube/status-error.ts'
import type { ServedPod } from '../../common/api/core.ts'
import { claimObjects } from '../control/claim-objects.ts'
import { matchesSelector } from '../control/matches-selector.ts'
import { ownedAndOrphans } from '../control/owned-objects.ts'
import {
  hashOf,
  highestRevision,
  newRevision,
  REVISION_HASH_LABEL,
  surplusRevisions,
  templatePatch,
} from '../history/revision.ts'

const DEFAULT_LIMIT = 10

export interface DaemonSetRevisions {
  current: ControllerRevision
  old: ControllerRevision[]
}

export class DaemonSetHistory {
  readonly #client: ApiClient
  readonly #revisions: Informer<ControllerRevision>

  /** The revisions are indexed by their controllers. */
  constructor(client: ApiClient, revisions: Informer<ControllerRevision>) {
    this.#client = client
    this.#revisions = revisions
  }

  /**
   * Afterwards the current one exists and has the highest number; a template that was there before gets its revision back.
   *
   * @param podsOf the pods of the DaemonSet, for the rare case that revisions have to become one
   */
  async sync(set: DaemonSet, podsOf: () => Promise<readonly ServedPod[]>): Promise<DaemonSetRevisions> {
    const claimed = await this.#claim(set)
    const data = templatePatch(set.spec.template)
    const same = claimed.filter((revision) => isDeepStrictEqual(revision.data, data))
    const old = claimed.filter((revision) => !same.includes(revision))
    const revision = highestRevision(old) + 1
    const [newest, ...others] = same.toSorted((one, other) => other.revision - one.revision)
    if (newest === undefined) return { current: await this.#create(set, revision), old }
    for (const other of others) await this.#merge(other, newest, await podsOf())
    if (newest.revision >= revision) return { current: newest, old }
    return { current: await this.#client.update(CONTROLLER_REVISIONS, { ...newest, revision }), old }
  }

  /** @param podsOf all pods that the DaemonSet has: what they are of is kept */
  async cleanUp(
    { spec }: DaemonSet,
    old: readonly ControllerRevision[],
    podsOf: () => Promise<readonly ServedPod[]>,
  ): Promise<void> {
    const limit = spec.revisionHistoryLimit ?? DEFAULT_LIMIT
    if (old.length <= limit) return
    const liveHashes = new Set((await podsOf()).map(hashOf))
    for (const revision of surplusRevisions(old, limit, liveHashes)) await this.#delete(revision)
  }

  async #claim(set: DaemonSet): Promise<ControllerRevision[]> {
    const { namespace = '', name = '' } = set.metadata
    return await claimObjects(this.#client, CONTROLLER_REVISIONS, set, ownedAndOrphans(this.#revisions, set), {
      matches: (revision) => matchesSelector(set.spec.selector, revision),
      fresh: () => this.#client.get<DaemonSet>(DAEMON_SETS, { namespace, name }),
    })
  }

  async #create(set: DaemonSet, revision: number): Promise<ControllerRevision> {
    const collisionCount = set.status?.collisionCount ?? 0
    const wanted = newRevision(set, set.spec.template, { revision, collisionCount })
    try {
      return await this.#client.create(CONTROLLER_REVISIONS, wanted)
    } catch (error) {
      if (!hasReason(error, 'AlreadyExists')) throw error
      const { namespace = '', name = '' } = wanted.metadata
      const there = await this.#client.get<ControllerRevision>(CONTROLLER_REVISIONS, { namespace, name })
      if (isDeepStrictEqual(there.data, wanted.data)) return there
      await this.#countCollision(set)
      throw error
    }
  }

  /** Another template has that name: the next attempt computes another hash. */
  async #countCollision({ metadata, status }: DaemonSet): Promise<void> {
    const { namespace = '', name = '' } = metadata
    const fresh = await this.#client.get<DaemonSet>(DAEMON_SETS, { namespace, name })
    const collisionCount = fresh.status?.collisionCount ?? 0
    if (collisionCount !== (status?.collisionCount ?? 0)) return
    const counted = { ...ZERO_STATUS, ...fresh.status, collisionCount: collisionCount + 1 }
    await this.#client.update(DAEMON_SETS, { ...fresh, status: counted }, 'status')
  }

  /** Of two revisions with one template the pods go over to one. */
  async #merge(from: ControllerRevision, to: ControllerRevision, pods: readonly ServedPod[]): Promise<void> {
    const labels = { [REVISION_HASH_LABEL]: hashOf(to) }
    for (const pod of pods) {
      if (hashOf(pod) !== hashOf(from)) continue
      const { namespace = '', name = '' } = pod.metadata
      const patch = { metadata: { labels } }
      await this.#client.patch(PODS, { namespace, name }, 'application/strategic-merge-patch+json', patch)
    }
    await this.#delete(from)
  }

  async #delete({ metadata }: ControllerRevision): Promise<void> {
    const { namespace = '', name = '' } = metadata
    try {
      await this.#client.delete(CONTROLLER_REVISIONS, { namespace, name })
    } catch (error) {
      if (!hasReason(error, 'NotFound')) throw error
    }
  }
}

const ZERO_STATUS = { currentNumberScheduled: 0, numberMisscheduled: 0, desiredNumberScheduled: 0, numberReady: 0 }
