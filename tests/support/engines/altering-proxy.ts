/** In front of an engine: passes everything on, but for answers and requests that it is told to alter. */
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http'

type Json = Record<string, unknown>

export interface Alterations {
  /** By the end of the path without its query, such as `/info`: from the engine's answer to the one that is given. */
  answers?: Readonly<Record<string, (answer: Json) => Json>>
  /** The same for what is asked of the engine, such as `/containers/create`. */
  requests?: Readonly<Record<string, (body: Json) => Json>>
}

export interface AlteringProxy {
  endpoint: string
  dispose: () => Promise<void>
}

/** @param socketPath of the proxy, in a folder that exists */
export async function startAlteringProxy(
  engine: string,
  socketPath: string,
  alterations: Alterations,
): Promise<AlteringProxy> {
  const server = createServer((incoming, outgoing) => {
    void passOn(engine.replace(/^unix:\/\//, ''), alterations, incoming, outgoing).catch(() => outgoing.destroy())
  })
  await new Promise<void>((resolve) => server.listen(socketPath, resolve))
  return { endpoint: `unix://${socketPath}`, dispose: () => close(server) }
}

async function passOn(
  socketPath: string,
  { answers = {}, requests = {} }: Alterations,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const { method = 'GET', url = '/' } = incoming
  const alterRequest = find(requests, url)
  const body = alterRequest === undefined ? undefined : await alter(incoming, alterRequest)
  const headers = { ...incoming.headers, ...(body !== undefined && { 'content-length': Buffer.byteLength(body) }) }
  const onward = request({ socketPath, agent: false, method, path: url, headers }, (answer) => {
    const alterAnswer = find(answers, url)
    if (alterAnswer !== undefined && answer.statusCode === 200) {
      void alter(answer, alterAnswer).then((text) => outgoing.end(text))
      return
    }
    outgoing.writeHead(answer.statusCode ?? 500, answer.headers)
    outgoing.flushHeaders()
    answer.pipe(outgoing)
  })
  onward.on('error', () => outgoing.destroy())
  if (body === undefined) incoming.pipe(onward)
  else onward.end(body)
}

function find<T>(alterations: Readonly<Record<string, T>>, url: string): T | undefined {
  const path = url.replace(/\?.*$/, '')
  return Object.entries(alterations).find(([end]) => path.endsWith(end))?.[1]
}

async function alter(message: IncomingMessage, change: (json: Json) => Json): Promise<string> {
  let text = ''
  for await (const chunk of message.setEncoding('utf8')) text += chunk as string
  return JSON.stringify(change(JSON.parse(text) as Json))
}

function close(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise((resolve) => server.close(() => resolve()))
}
