/** Writes to a connection of the engine no faster than it takes it. */
import { once } from 'node:events'
import type { Duplex } from 'node:stream'

/** Resolves when more may be written; at once when nobody listens any more. */
export async function writeAtPace(connection: Duplex, data: Uint8Array): Promise<void> {
  if (!connection.writable || connection.write(data)) return
  const waiting = new AbortController()
  const { signal } = waiting
  try {
    await Promise.race([once(connection, 'drain', { signal }), once(connection, 'close', { signal })])
  } finally {
    // The one that lost would listen for as long as the connection lasts.
    waiting.abort()
  }
}
