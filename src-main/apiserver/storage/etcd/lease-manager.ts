/**
 * Leases for entries that go by themselves. Entries that are written close to each other share one, which costs etcd much
 * less and keeps them up to a minute longer (apiserver/pkg/storage/etcd3/lease_manager.go).
 */
import type { Clock } from '../../../base/clock.ts'

/** A lease lives longer than asked for by this part of the time to live, and no more than a minute. */
const REUSE_PART = 0.05
const MAX_REUSE_SECONDS = 60
/** etcd removes all entries of a lease in one step. */
const MAX_ENTRIES = 1000

interface Lease {
  id: Promise<bigint>
  expiresAtMs: number
  entries: number
}

export class LeaseManager {
  readonly #clock: Clock
  readonly #grant: (ttlSeconds: number) => Promise<bigint>
  #newest: Lease | undefined

  constructor(options: { clock: Clock; grant: (ttlSeconds: number) => Promise<bigint> }) {
    this.#clock = options.clock
    this.#grant = options.grant
  }

  /** A lease that lives `ttlSeconds` or a little longer. Throws what `grant` throws. */
  async leaseFor(ttlSeconds: number): Promise<bigint> {
    const reuseSeconds = Math.min(MAX_REUSE_SECONDS, Math.floor(ttlSeconds * REUSE_PART))
    const wantedAtMs = this.#clock.now() + ttlSeconds * 1000
    let lease = this.#newest
    if (
      lease === undefined ||
      lease.entries >= MAX_ENTRIES ||
      lease.expiresAtMs < wantedAtMs ||
      lease.expiresAtMs > wantedAtMs + reuseSeconds * 1000
    ) {
      const id = this.#grant(ttlSeconds + reuseSeconds)
      lease = { id, expiresAtMs: wantedAtMs + reuseSeconds * 1000, entries: 0 }
      this.#newest = lease
    }
    lease.entries++
    try {
      return await lease.id
    } catch (error) {
      this.forget()
      throw error
    }
  }

  /** The next entry gets a new lease: etcd does not know the last one any more. */
  forget(): void {
    this.#newest = undefined
  }
}
