import type { ClientRequest, IncomingMessage } from 'node:http'

/** Sends the request. Resolves with the head of its answer, whatever that is; rejects with what went wrong on the way. */
export function awaitAnswer(request: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.on('response', resolve)
    // Nobody asked for another protocol. Without a listener Node.js drops such a connection and says nothing.
    request.on('upgrade', (answer, socket) => {
      socket.destroy()
      resolve(answer)
    })
    request.on('error', reject)
    request.end()
  })
}
