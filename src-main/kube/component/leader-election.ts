/** Of several instances of a component one works: whoever holds the lease in kube-system (client-go/tools/leaderelection). */
import { formatMicroTime } from '../../common/api/time.ts'
import { delay, type Clock, type Timer } from '../../base/clock.ts'
import type { Disposable } from '../../base/disposable.ts'
import type { Logger } from '../../base/logger.ts'
import type { Lease } from '../../common/api/lease.ts'
import type { ApiClient } from '../api-client.ts'
import { hasReason } from '../status-error.ts'
import { LEASES } from '../resources.ts'

const LEASE_SECONDS = 15
const RENEW_DEADLINE_MS = 10_000
const RETRY_MS = 2000
const NAMESPACE = 'kube-system'

export interface LeaderElectionOptions {
  client: ApiClient
  clock: Clock
  logger: Logger
  /** 0 to 1, for jitter. */
  random: () => number
  /** Of the lease: the component's name. */
  name: string
  /** Of this instance: host and a unique part. */
  identity: string
  onStartedLeading(): void
  /** It may not work any more, from this moment on: components end their process. */
  onStoppedLeading(): void
}

export class LeaderElection implements Disposable {
  readonly #options: LeaderElectionOptions
  readonly #end = new AbortController()
  /** What was seen last of the lease, and when: clocks of others are not trusted. */
  #seen: { version: string; holder: string; seconds: number; atMs: number } | undefined
  #isLeader = false
  /** The lease as it was written last by this instance: it is renewed without being read, as upstream. */
  #own: Lease | undefined
  /** It fires however long a request hangs. */
  #deadline: Timer | undefined

  constructor(options: LeaderElectionOptions) {
    this.#options = options
  }

  get isLeader(): boolean {
    return this.#isLeader
  }

  start(): void {
    void this.#run()
  }

  /** Gives the lease up at its end only: another instance waits until it is over. */
  dispose(): void {
    this.#end.abort()
    this.#deadline?.cancel()
  }

  async #run(): Promise<void> {
    const { clock, random } = this.#options
    while (!this.#end.signal.aborted) {
      const askedMs = clock.now()
      const held = await this.#tryToHold()
      if (this.#end.signal.aborted) return
      if (held) this.#lead(askedMs)
      await delay(clock, RETRY_MS * (1 + 0.2 * random()), this.#end.signal).catch(() => undefined)
    }
  }

  /** The lease is ours, renewed at `askedMs` or later. */
  #lead(askedMs: number): void {
    const { clock, logger, name, onStartedLeading, onStoppedLeading } = this.#options
    this.#deadline?.cancel()
    this.#deadline = clock.setTimer(askedMs + RENEW_DEADLINE_MS - clock.now(), () => {
      this.#isLeader = false
      this.#end.abort()
      logger.error('Failed to renew lease', { lock: `${NAMESPACE}/${name}` })
      onStoppedLeading()
    })
    if (this.#isLeader) return
    this.#isLeader = true
    logger.info('Successfully acquired lease', { lock: `${NAMESPACE}/${name}` })
    onStartedLeading()
  }

  /** Whether the lease is ours now. */
  async #tryToHold(): Promise<boolean> {
    const { client, clock, logger, name, identity } = this.#options
    const own = this.#own
    this.#own = undefined
    try {
      const lease = own ?? (await this.#read())
      if (lease === undefined) {
        const metadata = { namespace: NAMESPACE, name }
        this.#own = await client.create<Lease>(
          LEASES,
          this.#held({ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata }),
        )
        return true
      }
      const { holderIdentity = '', leaseDurationSeconds = LEASE_SECONDS } = lease.spec ?? {}
      const version = lease.metadata.resourceVersion ?? ''
      if (this.#seen?.version !== version)
        this.#seen = { version, holder: holderIdentity, seconds: leaseDurationSeconds, atMs: clock.now() }
      const isOver = clock.now() - this.#seen.atMs > this.#seen.seconds * 1000
      if (holderIdentity !== identity && holderIdentity !== '' && !isOver) return false
      this.#own = await client.update<Lease>(LEASES, this.#held(lease))
      return true
    } catch (error) {
      // Another instance was quicker; or nobody answers, and then the deadline decides.
      if (!hasReason(error, 'Conflict') && !hasReason(error, 'AlreadyExists'))
        logger.error('error retrieving resource lock', { lock: `${NAMESPACE}/${name}`, err: error })
      return false
    }
  }

  async #read(): Promise<Lease | undefined> {
    try {
      return await this.#options.client.get<Lease>(LEASES, { namespace: NAMESPACE, name: this.#options.name })
    } catch (error) {
      if (hasReason(error, 'NotFound')) return undefined
      throw error
    }
  }

  #held(lease: Lease): Lease {
    const now = formatMicroTime(this.#options.clock.now())
    const { identity } = this.#options
    const before = lease.spec
    const isSame = before?.holderIdentity === identity
    const leaseTransitions = (before?.leaseTransitions ?? 0) + (isSame || before === undefined ? 0 : 1)
    const spec = {
      ...before,
      holderIdentity: identity,
      leaseDurationSeconds: LEASE_SECONDS,
      renewTime: now,
      acquireTime: isSame ? (before.acquireTime ?? now) : now,
      leaseTransitions,
    }
    return { ...lease, spec }
  }
}
