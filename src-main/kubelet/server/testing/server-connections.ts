/** The connections of a test server, as the kernel lists them. */
import { readFileSync } from 'node:fs'
import type { TestServer } from './new-test-server.ts'

const LISTENING = '0A'
const KEEP_ALIVE_TIMER = '02'

/** The server's ends of its connections that a program still holds, as the kernel lists them. */
export function connectionsOf(server: TestServer): { watched: boolean }[] {
  const port = (server.ports.secure ?? 0).toString(16).toUpperCase().padStart(4, '0')
  return readFileSync('/proc/net/tcp', 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local = '', , state]) => local.endsWith(`:${port}`) && state !== LISTENING)
    .filter(([, , , , , , , , , inode]) => inode !== '0')
    .map(([, , , , , timer = '']) => ({ watched: timer.startsWith(KEEP_ALIVE_TIMER) }))
}
