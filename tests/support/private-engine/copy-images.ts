/** Images from one engine to another, without touching the disk in between. */
import { request, type IncomingMessage } from 'node:http'

/** @throws Error with the words of the engine that failed */
export async function copyImages(options: { from: string; to: string; references: readonly string[] }): Promise<void> {
  const query = options.references.map((reference) => `names=${encodeURIComponent(reference)}`).join('&')
  const archive = await call(options.from, 'GET', `/images/get?${query}`)
  const answer = await call(options.to, 'POST', '/images/load?quiet=1', archive)
  let words = ''
  for await (const chunk of answer.setEncoding('utf8')) words += chunk as string
  if (words.includes('"error"')) throw new Error(`The images could not be copied: ${words}`)
}

/** Without a version in the path: these calls are the same in all engines. */
async function call(
  endpoint: string,
  method: 'GET' | 'POST',
  path: string,
  body?: IncomingMessage,
): Promise<IncomingMessage> {
  const socketPath = endpoint.replace(/^unix:\/\//, '')
  const headers = { Host: 'engine', ...(body === undefined ? {} : { 'Content-Type': 'application/x-tar' }) }
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  const outgoing = request({ socketPath, agent: false, method, path, headers }, resolve)
  outgoing.on('error', reject)
  if (body === undefined) outgoing.end()
  else body.on('error', reject).pipe(outgoing)
  const answer = await promise
  if (answer.statusCode === 200) return answer
  let words = ''
  for await (const chunk of answer.setEncoding('utf8')) words += chunk as string
  throw new Error(`${method} ${path}: ${answer.statusCode} ${words}`)
}
