/** Whether a port that a container publishes on 127.0.0.1 can be reached from here, as kubectl reaches an API server. */
import { randomUUID } from 'node:crypto'
import { connect } from 'node:net'
import { delay, systemClock } from '../../base/clock.ts'
import { describeFinding, type DoctorCheck } from '../../common/doctor/doctor-report.ts'
import { HOME_LABEL } from '../../common/engine-labels.ts'
import type { Engine } from '../engine/engine.ts'
import { runHelper } from '../engine/run-helper.ts'

const INSIDE_PORT = 6443
const RETRY_MS = 100
const ANSWER_MS = 1000

/** Says the word to whoever connects, and ends once somebody has hung up on it; or after eight seconds. */
const ANSWER_PROGRAM = `
const server = require('node:net').createServer((socket) => {
  socket.on('error', () => undefined)
  socket.on('close', () => process.exit(0))
  socket.write(process.argv[1])
})
server.listen(${INSIDE_PORT})
setTimeout(() => process.exit(0), 8000)
`

/** @param port that is free on this machine @param image a reference of our node image, which has Node.js */
export async function probePublishedPort(
  engine: Engine,
  { image, home, port }: { image: string; home: string; port: number },
): Promise<DoctorCheck> {
  const word = randomUUID()
  const ended = new AbortController()
  const heard = listenFor(word, port, ended.signal)
  try {
    await runHelper(engine, {
      image,
      command: ['/usr/bin/node', '-e', ANSWER_PROGRAM, word],
      mounts: [],
      labels: { [HOME_LABEL]: home },
      publish: { [INSIDE_PORT]: port },
    })
  } finally {
    ended.abort()
  }
  const isReached = await heard
  return describeFinding('published-port', isReached, isReached ? 'published-reached' : 'published-unreached', { port })
}

/** Asks again and again, since nothing tells when the container listens. */
async function listenFor(word: string, port: number, signal: AbortSignal): Promise<boolean> {
  const clock = systemClock()
  while (!signal.aborted) {
    if (await isHeard(word, port)) return true
    await delay(clock, RETRY_MS, signal).catch(() => undefined) // the end of the container is the end of asking
  }
  return false
}

function isHeard(word: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    let text = ''
    const socket = connect({ host: '127.0.0.1', port, timeout: ANSWER_MS })
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
      if (text === word) socket.destroy()
    })
    // Refused, or silent, while the container does not listen yet.
    for (const event of ['timeout', 'error'] as const) socket.once(event, () => socket.destroy())
    socket.once('close', () => resolve(text === word))
  })
}
