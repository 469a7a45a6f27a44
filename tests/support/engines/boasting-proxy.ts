/** In front of an engine: passes everything on, but says that the engine is a newer Docker than it is. */
import { createServer, request, type IncomingMessage, type Server } from 'node:http'

export interface BoastingProxy {
  endpoint: string
  dispose: () => Promise<void>
}

/** @param socketPath of the proxy, in a folder that exists */
export async function startBoastingProxy(
  engine: string,
  socketPath: string,
  apiVersion: string,
): Promise<BoastingProxy> {
  const server = createServer((incoming, outgoing) => {
    const onward = request(
      {
        ...{ socketPath: engine.replace(/^unix:\/\//, ''), agent: false, method: incoming.method ?? 'GET' },
        ...{ path: incoming.url ?? '/', headers: incoming.headers },
      },
      (answer) => {
        if (incoming.url?.endsWith('/version') === true)
          void boast(answer, apiVersion).then((text) => outgoing.end(text))
        else {
          outgoing.writeHead(answer.statusCode ?? 500, answer.headers)
          outgoing.flushHeaders()
          answer.pipe(outgoing)
        }
      },
    )
    onward.on('error', () => outgoing.destroy())
    incoming.pipe(onward)
  })
  await new Promise<void>((resolve) => server.listen(socketPath, resolve))
  return { endpoint: `unix://${socketPath}`, dispose: () => close(server) }
}

async function boast(answer: IncomingMessage, apiVersion: string): Promise<string> {
  let text = ''
  for await (const chunk of answer.setEncoding('utf8')) text += chunk as string
  return JSON.stringify({ ...(JSON.parse(text) as object), ApiVersion: apiVersion, Components: [{ Name: 'Engine' }] })
}

function close(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise((resolve) => server.close(() => resolve()))
}
