/** The engine's answer to a request for a container's log, as text. */
import { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { demuxStreams } from './stream-demuxer.ts'

/**
 * Both outputs, mixed as they came; the client library hands over what happens to be JSON as a value.
 */
export async function logText(log: unknown, tty: boolean): Promise<string> {
  if (!Buffer.isBuffer(log)) return JSON.stringify(log)
  if (tty) return log.toString('utf8')
  const outputs = demuxStreams(Readable.from([log]))
  const chunks: Buffer[] = []
  const keep = (chunk: Buffer): void => void chunks.push(chunk)
  outputs.stdout.on('data', keep)
  outputs.stderr.on('data', keep)
  await Promise.all([finished(outputs.stdout), finished(outputs.stderr)])
  return Buffer.concat(chunks).toString('utf8')
}
