/** One attempt at a connection: an exec of the relay in the node, and HTTP/2 over its stdio. */
import http2, { type ClientHttp2Session } from 'node:http2'
import type { Clock } from '../../../base/clock.ts'
import { isLabError, toLabErrorData } from '../../../common/lab-error.ts'
import { KUBELET_SOCKET_PATH } from '../../../common/node-channel.ts'
import type { Engine, EngineExec } from '../../engine/engine.ts'
import { ExecDuplex } from './exec-duplex.ts'

/** Why a node's kubelet cannot be reached. */
export type UnreachableReason =
  /** The engine does not answer. */
  | 'EngineGone'
  /** The node's container does not run or does not exist. */
  | 'NodeStopped'
  /** The node runs, but nobody listens at the private socket. */
  | 'KubeletStopped'
  /** Something is there but does not speak: a node that is paused or overloaded, a broken image. */
  | 'NoAnswer'

export class RelayError extends Error {
  readonly reason: UnreachableReason

  constructor(reason: UnreachableReason, message: string) {
    super(message)
    this.reason = reason
  }
}

const RELAY_COMMAND = ['socat', 'STDIO', `UNIX-CONNECT:${KUBELET_SOCKET_PATH}`]
/** Engines have been seen to take 11 s for one call under load. */
const CONNECT_TIMEOUT_MS = 15_000

/**
 * Resolves when the kubelet has spoken HTTP/2.
 * @throws RelayError
 */
export async function connectRelay(engine: Engine, container: string, clock: Clock): Promise<ClientHttp2Session> {
  const exec = await startRelay(engine, container)
  const complaints: string[] = []
  exec.stderr.on('data', (chunk: Buffer) => complaints.push(chunk.toString('utf8')))
  // What the exit says is only asked for when the session never began.
  const exit = exec.exit.catch(() => -1)
  const session = http2.connect('http://node', { createConnection: () => new ExecDuplex(exec) })
  const { promise, resolve } = Promise.withResolvers<'spoken' | 'closed' | 'silent'>()
  const timer = clock.setTimer(CONNECT_TIMEOUT_MS, () => resolve('silent'))
  session.once('remoteSettings', () => resolve('spoken'))
  session.once('close', () => resolve('closed'))
  // A failure is followed by 'close'; whoever waits for an answer on the session hears of it there.
  session.on('error', () => undefined)
  const outcome = await promise
  timer.cancel()
  if (outcome === 'spoken') return session
  session.destroy()
  if (outcome === 'silent') throw new RelayError('NoAnswer', `${container} did not answer within 15 s`)
  throw describeRefusal(container, await exit, complaints.join('').trim())
}

async function startRelay(engine: Engine, container: string): Promise<EngineExec> {
  try {
    return await engine.exec(container, { command: RELAY_COMMAND, stdin: true, tty: false })
  } catch (error) {
    const kind = isLabError(error) ? error.kind : 'Internal'
    const { message } = toLabErrorData(error)
    if (kind === 'NoEngine') throw new RelayError('EngineGone', message)
    if (kind === 'NotFound' || kind === 'Conflict') throw new RelayError('NodeStopped', message)
    throw new RelayError('NoAnswer', message)
  }
}

function describeRefusal(container: string, exitCode: number, complaint: string): RelayError {
  if (/Connection refused|No such file or directory/.test(complaint) && complaint.includes(KUBELET_SOCKET_PATH))
    return new RelayError('KubeletStopped', `the kubelet of ${container} does not run`)
  if (exitCode === 126 || exitCode === 127)
    return new RelayError(
      'NoAnswer',
      `the relay does not start in ${container}: ${complaint || `exit code ${exitCode}`}`,
    )
  // A node that stops takes the relay with it, a kubelet that dies leaves it without a peer: the next attempt tells.
  return new RelayError('KubeletStopped', `the connection to ${container} was closed${complaint && `: ${complaint}`}`)
}
