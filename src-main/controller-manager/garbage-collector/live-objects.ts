/** Objects as the server has them now, and what the collector does to them: each only if it is the one that is meant. */
import { isDeepStrictEqual } from 'node:util'
import type { ApiObject } from '../../common/api/api-object.ts'
import type { ApiClient, DeleteOptions, ObjectAddress } from '../../kube/api-client.ts'
import { hasReason } from '../../kube/status-error.ts'
import type { DiscoveredResource } from '../control/discover-resources.ts'
import type { KindResources } from './kind-resources.ts'
import type { ObjectIdentity } from './object-identity.ts'

/** So often a change is tried that others were faster than. */
const CONFLICT_ATTEMPTS = 5

export class LiveObjects {
  readonly #client: ApiClient
  readonly #kinds: KindResources

  constructor(client: ApiClient, kinds: KindResources) {
    this.#client = client
    this.#kinds = kinds
  }

  /** Undefined when it is gone, or another object has its name. */
  async get(identity: ObjectIdentity): Promise<ApiObject | undefined> {
    const resource = await this.#kinds.find(identity)
    try {
      const found = await this.#client.get<ApiObject>(resource, addressOf(identity, resource))
      return found.metadata.uid === identity.uid ? found : undefined
    } catch (error) {
      if (hasReason(error, 'NotFound')) return undefined
      throw error
    }
  }

  /**
   * Deletes what was read as `latest`, but not when it has other owners since: then, or when others write faster than it can be
   * deleted, it rejects with the conflict. That it is gone is no failure, and where somebody else deletes it, what they want for
   * its dependents holds.
   */
  async delete(
    identity: ObjectIdentity,
    latest: ApiObject,
    propagationPolicy: NonNullable<DeleteOptions['propagationPolicy']>,
  ): Promise<void> {
    const { uid } = identity
    const { ownerReferences } = latest.metadata
    let { resourceVersion = '' } = latest.metadata
    for (let attempt = 1; ; attempt++)
      try {
        return await this.#delete(identity, { propagationPolicy, preconditions: { uid, resourceVersion } })
      } catch (error) {
        if (!hasReason(error, 'Conflict')) throw error
        const now = await this.get(identity)
        if (now === undefined || now.metadata.deletionTimestamp !== undefined) return
        const isOwnedAsBefore = isDeepStrictEqual(now.metadata.ownerReferences, ownerReferences)
        if (!isOwnedAsBefore || attempt === CONFLICT_ATTEMPTS) throw error
        resourceVersion = now.metadata.resourceVersion ?? ''
      }
  }

  /** That it is gone is no failure. `patch` names its uid. */
  async patch(identity: ObjectIdentity, patch: unknown): Promise<void> {
    const resource = await this.#kinds.find(identity)
    try {
      const type = 'application/strategic-merge-patch+json'
      await this.#client.patch(resource, addressOf(identity, resource), type, patch)
    } catch (error) {
      if (!hasReason(error, 'NotFound')) throw error
    }
  }

  /** Rejects with a conflict when others keep changing it. */
  async removeFinalizer(identity: ObjectIdentity, finalizer: string): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const latest = await this.get(identity)
      const finalizers = latest?.metadata.finalizers ?? []
      if (latest === undefined || !finalizers.includes(finalizer)) return
      const { uid, resourceVersion } = latest.metadata
      const others = finalizers.filter((other) => other !== finalizer)
      try {
        return await this.#writeFinalizers(identity, { uid, resourceVersion, finalizers: others })
      } catch (error) {
        if (!hasReason(error, 'Conflict') || attempt === CONFLICT_ATTEMPTS) throw error
      }
    }
  }

  async #writeFinalizers(identity: ObjectIdentity, metadata: unknown): Promise<void> {
    const resource = await this.#kinds.find(identity)
    try {
      const type = 'application/merge-patch+json'
      await this.#client.patch(resource, addressOf(identity, resource), type, { metadata })
    } catch (error) {
      if (!hasReason(error, 'NotFound')) throw error
    }
  }

  async #delete(identity: ObjectIdentity, options: DeleteOptions): Promise<void> {
    const resource = await this.#kinds.find(identity)
    try {
      await this.#client.delete(resource, addressOf(identity, resource), options)
    } catch (error) {
      if (!hasReason(error, 'NotFound')) throw error
    }
  }
}

function addressOf({ namespace, name }: ObjectIdentity, { namespaced }: DiscoveredResource): ObjectAddress {
  return namespaced ? { namespace, name } : { name }
}
