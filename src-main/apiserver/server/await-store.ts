/** Waiting for etcd before anything is served, as upstream does; it gives up after a while, and the kubelet starts it again. */
import { delay, type Clock } from '../../base/clock.ts'
import type { Logger } from '../../base/logger.ts'
import type { Store } from '../storage/store.ts'

const GIVE_UP_MS = 20_000
const RETRY_MS = 1000

/** @throws Error in upstream's words when the store does not answer in time */
export async function awaitStore(store: Store, clock: Clock, logger: Logger): Promise<void> {
  const untilMs = clock.now() + GIVE_UP_MS
  for (;;)
    try {
      await store.currentRevision()
      return
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      logger.warn(`grpc: addrConn.createTransport failed to connect to etcd. Err: connection error: ${why}`)
      if (clock.now() >= untilMs)
        throw new Error('Error creating leases: error creating storage factory: context deadline exceeded', {
          cause: error,
        })
      await delay(clock, RETRY_MS)
    }
}
