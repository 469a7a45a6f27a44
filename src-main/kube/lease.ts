/** A lease that says that its holder lives, renewed as long as it does (component-helpers/apimachinery/lease; facts 7.3). */
import { formatMicroTime } from '../common/api/time.ts'
import { delay, type Clock } from '../base/clock.ts'
import type { Disposable } from '../base/disposable.ts'
import type { Logger } from '../base/logger.ts'
import type { Lease } from '../common/api/lease.ts'
import type { OwnerReference } from '../common/api/meta.ts'
import type { ApiClient } from './api-client.ts'
import { hasReason } from './status-error.ts'
import { LEASES } from './resources.ts'

const IMMEDIATE_RETRIES = 5
const INITIAL_RETRY_MS = 200
const MAX_RETRY_MS = 7000
const RENEW_JITTER = 0.04

export interface LeaseKeeperOptions {
  client: ApiClient
  clock: Clock
  logger: Logger
  /** 0 to 1, for jitter. */
  random: () => number
  namespace: string
  name: string
  holder: string
  durationSeconds: number
  renewEveryMs: number
  /** Known only once the owner exists; without it the lease is made and gets it later. */
  owner: () => OwnerReference | undefined
}

export class LeaseKeeper implements Disposable {
  readonly #options: LeaseKeeperOptions
  readonly #end = new AbortController()
  /** As it was written last. */
  #lease: Lease | undefined

  constructor(options: LeaseKeeperOptions) {
    this.#options = options
  }

  start(): void {
    void this.#run()
  }

  dispose(): void {
    this.#end.abort()
  }

  async #run(): Promise<void> {
    const { clock, random, renewEveryMs } = this.#options
    while (!this.#end.signal.aborted) {
      await this.#renew()
      await this.#wait(clock, renewEveryMs * (1 + RENEW_JITTER * random()))
    }
  }

  async #renew(): Promise<void> {
    const { logger } = this.#options
    for (let attempt = 0; attempt < IMMEDIATE_RETRIES && this.#lease !== undefined; attempt++) {
      if (this.#end.signal.aborted) return
      try {
        this.#lease = await this.#update(this.#lease)
        return
      } catch (error) {
        logger.error('Failed to update lease', { err: words(error) })
        // Somebody else wrote it, or took it away: look at what stands there.
        if (hasReason(error, 'Conflict') || hasReason(error, 'NotFound')) break
      }
    }
    await this.#ensure()
  }

  /** Comes back when the lease stands, however long that takes. */
  async #ensure(): Promise<void> {
    const { clock, logger } = this.#options
    for (let retryMs = INITIAL_RETRY_MS; !this.#end.signal.aborted; retryMs = Math.min(retryMs * 2, MAX_RETRY_MS))
      try {
        this.#lease = await this.#getOrCreate()
        return
      } catch (error) {
        logger.error('Failed to ensure lease exists, will retry', { err: words(error), interval: `${retryMs}ms` })
        await this.#wait(clock, retryMs)
      }
  }

  async #getOrCreate(): Promise<Lease> {
    const { client, namespace, name } = this.#options
    try {
      return await this.#update(await client.get<Lease>(LEASES, { namespace, name }))
    } catch (error) {
      if (!hasReason(error, 'NotFound')) throw error
      const lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { namespace, name } }
      return await client.create<Lease>(LEASES, this.#renewed({ ...lease, spec: this.#spec() }))
    }
  }

  #update(lease: Lease): Promise<Lease> {
    return this.#options.client.update<Lease>(LEASES, this.#renewed(lease))
  }

  #renewed(lease: Lease): Lease {
    const owner = lease.metadata.ownerReferences === undefined ? this.#options.owner() : undefined
    const metadata = owner === undefined ? lease.metadata : { ...lease.metadata, ownerReferences: [owner] }
    return { ...lease, metadata, spec: { ...lease.spec, ...this.#spec() } }
  }

  #spec(): NonNullable<Lease['spec']> {
    const { clock, holder, durationSeconds } = this.#options
    // MicroTime: six digits behind the point.
    const renewTime = formatMicroTime(clock.now())
    return { holderIdentity: holder, leaseDurationSeconds: durationSeconds, renewTime }
  }

  async #wait(clock: Clock, ms: number): Promise<void> {
    await delay(clock, ms, this.#end.signal).catch(() => undefined)
  }
}

function words(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
