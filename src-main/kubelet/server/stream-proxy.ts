/**
 * Joins a client that wants to speak WebSocket with the runtime's streaming address. The kubelet looks at no message of
 * theirs, so it needs no WebSocket of its own: the request goes on as it came, then bytes go both ways.
 */
import { request, STATUS_CODES } from 'node:http'
import type { IncomingMessage, OutgoingHttpHeaders, RequestOptions } from 'node:http'
import type { Duplex } from 'node:stream'
import { text } from 'node:stream/consumers'
import { hangUp, joinStreams } from '../../base/join-streams.ts'
import type { Logger } from '../../base/logger.ts'
import { V4_PROTOCOL, V5_PROTOCOL } from '../../kube/streaming/channels.ts'
import { HttpProblem } from './http-problem.ts'

/** `ws+unix:///run/x.sock:/exec/TOKEN`, as our runtime service answers, or `http://127.0.0.1:PORT/exec/TOKEN`, as containerd does. */
export function parseStreamAddress(address: string): Pick<RequestOptions, 'socketPath' | 'host' | 'port' | 'path'> {
  const local = /^ws\+unix:\/\/(\/[^:]+):(\/.*)$/.exec(address)
  if (local !== null) return { socketPath: local[1], path: local[2] }
  const url = new URL(address)
  if (url.protocol !== 'http:')
    throw new HttpProblem(500, `the runtime's streaming address ${url.protocol}//${url.host} is of an unknown kind`)
  return { host: url.hostname, port: url.port, path: `${url.pathname}${url.search}` }
}

/** Of the caller's headers all but those that are about this connection, and about who he is. */
function forwardedHeaders(headers: IncomingMessage['headers']): OutgoingHttpHeaders {
  const { host: _host, authorization: _authorization, cookie: _cookie, ...rest } = headers
  return rest
}

/**
 * Our runtime service speaks WebSocket with two versions of the channels; what it would refuse without a word is refused
 * here with some. Other runtimes answer for themselves.
 * @throws HttpProblem
 */
export function refuseUnspoken(address: string, { headers }: IncomingMessage): void {
  const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map((protocol) => protocol.trim())
  const speaks = headers.upgrade?.toLowerCase() === 'websocket' && SPOKEN.some((protocol) => offered.includes(protocol))
  if (address.startsWith('ws+unix:') && !speaks)
    throw new HttpProblem(
      400,
      `unable to upgrade: only WebSocket with ${SPOKEN.join(' or ')} is spoken here, no SPDY\n`,
    )
}

const SPOKEN = [V5_PROTOCOL, V4_PROTOCOL]

/** @param head what the client has sent behind its request already */
export function proxyStream(
  address: string,
  incoming: IncomingMessage,
  client: Duplex,
  head: Buffer,
  logger: Logger,
): void {
  const outgoing = request({
    ...parseStreamAddress(address),
    ...(incoming.method === undefined ? {} : { method: incoming.method }),
    headers: forwardedHeaders(incoming.headers),
    agent: false,
  })
  const fail = (error: Error): void => {
    logger.error('Error while proxying request', { err: error })
    hangUp(client, plainResponse(new HttpProblem(500, `${error.message}\n`)))
  }
  const letGo = (): void => void outgoing.destroy()
  client.once('close', letGo)
  outgoing.on('error', fail)
  outgoing.on('response', (response) => {
    text(response).then(
      (said) => hangUp(client, plainResponse(new HttpProblem(response.statusCode ?? 500, said))),
      fail,
    )
  })
  outgoing.on('upgrade', (response, runtime, runtimeHead) => {
    client.write(upgradeHead(response))
    if (runtimeHead.length > 0) client.write(runtimeHead)
    if (head.length > 0) runtime.write(head)
    // From here on the request is over, and its connection belongs to the stream.
    client.off('close', letGo)
    outgoing.off('error', fail)
    joinStreams(client, runtime)
  })
  outgoing.end()
}

function upgradeHead({ rawHeaders }: IncomingMessage): string {
  let head = 'HTTP/1.1 101 Switching Protocols\r\n'
  for (let index = 0; index < rawHeaders.length; index += 2)
    head += `${rawHeaders[index]}: ${rawHeaders[index + 1]}\r\n`
  return `${head}\r\n`
}

/** A whole answer for a socket that HTTP has let go of. */
export function plainResponse({ status, message, headers }: HttpProblem): string {
  const all = {
    ...headers,
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': String(Buffer.byteLength(message)),
    Connection: 'close',
  }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n${message}`
}
