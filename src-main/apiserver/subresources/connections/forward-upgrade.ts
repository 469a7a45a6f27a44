/** An `Upgrade` request passed on, and its bytes after that both ways (apimachinery/pkg/util/proxy/upgradeaware.go). */
import { STATUS_CODES, type IncomingMessage } from 'node:http'
import { pipeline, type Duplex } from 'node:stream'
import { joinStreams } from '../../../base/join-streams.ts'
import type { Endpoint } from '../../kubelet-client/kubelet-client.ts'
import { DialError, sendRequest, type Answer } from '../../kubelet-client/send-request.ts'
import { plainFailure } from '../../registry/store-failure.ts'
import { upgradeHeaders } from './forwarded-headers.ts'

export interface UpgradeTarget {
  endpoint: Endpoint
  /** With the query. */
  path: string
}

/**
 * Resolves when both sides are joined, or the other side's refusal has been passed on.
 * @param head what the client has sent behind its request already
 * @throws StatusError before anything was written: `error dialing backend: …`
 */
export async function forwardUpgrade(
  { endpoint, path }: UpgradeTarget,
  incoming: IncomingMessage,
  client: Duplex,
  head: Buffer,
  signal: AbortSignal,
): Promise<void> {
  const answer = await dial({ endpoint, path }, incoming, signal)
  client.write(formatHead(answer.response))
  if (answer.type === 'response') {
    pipeline(answer.response, client, () => client.destroy())
    return
  }
  if (answer.head.length > 0) client.write(answer.head)
  if (head.length > 0) answer.socket.write(head)
  joinStreams(client, answer.socket)
}

async function dial(
  { endpoint, path }: UpgradeTarget,
  incoming: IncomingMessage,
  signal: AbortSignal,
): Promise<Answer> {
  const { method = 'GET', headers } = incoming
  try {
    return await sendRequest({ endpoint, method, path, headers: upgradeHeaders(headers), signal })
  } catch (error) {
    if (error instanceof DialError) throw plainFailure(`error dialing backend: ${error.message}`)
    throw error
  }
}

function formatHead({ statusCode = 500, rawHeaders }: IncomingMessage): string {
  let text = `HTTP/1.1 ${statusCode} ${STATUS_CODES[statusCode] ?? ''}\r\n`
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const [name = '', value = ''] = rawHeaders.slice(index, index + 2)
    // Node has taken the chunks apart already: the answer ends with the connection.
    if (name.toLowerCase() === 'transfer-encoding') continue
    text += `${name}: ${value}\r\n`
  }
  return statusCode === 101 ? `${text}\r\n` : `${text}Connection: close\r\n\r\n`
}
