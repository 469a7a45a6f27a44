/** Two connections made into one: what proxies of streams do. */
import type { Duplex } from 'node:stream'

/**
 * Bytes go both ways until one side is gone. What one side has said last still reaches the other one.
 * @param backend the stream is over when it says so; a client need not close its half
 */
export function joinStreams(client: Duplex, backend: Duplex): void {
  client.pipe(backend)
  backend.pipe(client)
  backend.on('end', () => hangUp(client))
  const link = (one: Duplex, other: Duplex): void => {
    one.on('error', () => other.destroy())
    one.on('close', () => hangUp(other))
  }
  link(client, backend)
  link(backend, client)
}

/** Closes a connection once what was sent on it, and these last words, are on their way; the peer need not close it too. */
export function hangUp(socket: Duplex, lastWords?: string): void {
  const close = (): void => void socket.destroy()
  // What the peer still sends is read: unread, it would make the system cut the connection before the last words.
  socket.resume()
  if (lastWords === undefined) socket.end(close)
  else socket.end(lastWords, close)
}
