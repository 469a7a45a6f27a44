/** Whether a port that a container publishes on 127.0.0.1 can be reached from here, as kubectl reaches an API server. */
import { randomUUID } from 'node:crypto'
import { connect } from 'node:net'
import { delay, systemClock } from '../../base/clock.ts'
import { describeFinding, type DoctorCheck } from '../../common/doctor/doctor-report.ts'
import { HOME_LABEL } from '../../common/engine-labels.ts'
import { isLabError, toLabErrorData } from '../../common/lab-error.ts'
import type { Engine } from '../engine/engine.ts'
import { runHelper } from '../engine/run-helper.ts'
import { isPortTaken } from '../network/port-taken.ts'

const INSIDE_PORT = 6443
const RETRY_MS = 100
/** A busy machine takes seconds to carry a word. */
const ANSWER_MS = 5000
const LISTEN_MS = 30_000
/** Of other labs that are made in the same moments, each takes one. */
const MAX_PORTS = 5
/** The helper listened all the time, and nobody came. */
const UNHEARD_EXIT_CODE = 3

/** Says the word to whoever connects, and ends once somebody has said it back; or after a time. */
const ANSWER_PROGRAM = `
const [word] = process.argv.slice(1)
const server = require('node:net').createServer((socket) => {
  let text = ''
  socket.on('error', () => undefined)
  socket.setEncoding('utf8').on('data', (chunk) => {
    text += chunk
    if (text === word) process.exit(0)
  })
  socket.write(word)
})
server.listen(${INSIDE_PORT}, () => setTimeout(() => process.exit(${UNHEARD_EXIT_CODE}), ${LISTEN_MS}))
`

export interface PublishedPortProbe {
  /** A reference of our node image, which has Node.js. */
  image: string
  home: string
  /** A port that is free on this machine and none of those. @throws LabError when there is none */
  choosePort(tried: ReadonlySet<number>): Promise<number>
}

/** Of a container that could not be run it says nothing: the check is skipped, with the reason. */
export async function probePublishedPort(engine: Engine, probe: PublishedPortProbe): Promise<DoctorCheck> {
  const tried = new Set<number>()
  for (;;) {
    try {
      const port = await probe.choosePort(tried)
      tried.add(port)
      return await probePort(engine, probe, port)
    } catch (error) {
      if (!isLabError(error)) throw error
      const isWorthAnother = isPortTaken(error.message) && tried.size < MAX_PORTS
      if (!isWorthAnother) return describeUnseen(toLabErrorData(error).message)
    }
  }
}

async function probePort(engine: Engine, { image, home }: PublishedPortProbe, port: number): Promise<DoctorCheck> {
  const word = randomUUID()
  const ended = new AbortController()
  const heard = listenFor(word, port, ended.signal)
  let exitCode: number
  try {
    const result = await runHelper(engine, {
      image,
      command: ['/usr/bin/node', '-e', ANSWER_PROGRAM, word],
      mounts: [],
      labels: { [HOME_LABEL]: home },
      publish: { [INSIDE_PORT]: port },
    })
    exitCode = result.exitCode
  } finally {
    ended.abort()
  }
  if (await heard) return describeFinding('published-port', true, 'published-reached', { port })
  if (exitCode === UNHEARD_EXIT_CODE) return describeFinding('published-port', false, 'published-unreached', { port })
  return describeUnseen(`exit code ${exitCode}`)
}

function describeUnseen(reason: string): DoctorCheck {
  return { ...describeFinding('published-port', true, 'skipped-container', { reason }), skipped: true }
}

/** Asks again and again, since nothing tells when the container listens. */
async function listenFor(word: string, port: number, signal: AbortSignal): Promise<boolean> {
  const clock = systemClock()
  while (!signal.aborted) {
    if (await isHeard(word, port, signal)) return true
    await delay(clock, RETRY_MS, signal).catch(() => undefined) // the end of the container is the end of asking
  }
  return false
}

function isHeard(word: string, port: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    let text = ''
    const socket = connect({ host: '127.0.0.1', port, timeout: ANSWER_MS })
    const giveUp = (): void => void socket.destroy()
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
      if (text === word) socket.end(word)
    })
    // Refused, or silent, while the container does not listen yet.
    for (const event of ['timeout', 'error'] as const) socket.once(event, giveUp)
    signal.addEventListener('abort', giveUp, { once: true })
    socket.once('close', () => {
      signal.removeEventListener('abort', giveUp)
      resolve(text === word)
    })
  })
}
