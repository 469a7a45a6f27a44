/** Asks one container once whether it is well (facts 2.13.6, 2.13.7). */
import { request } from 'node:http'
import { request as secureRequest } from 'node:https'
import { connect } from 'node:net'
import type { Clock } from '../../base/clock.ts'
import type { Container, HTTPGetAction, Probe } from '../../common/api/core.ts'
import { CriError } from '../../container-runtime/cri.ts'
import type { RuntimeService } from '../../container-runtime/cri.ts'
import { dialError } from '../lifecycle/dial-error.ts'
import { portNumber } from '../lifecycle/port-number.ts'
import { requestPath } from '../lifecycle/request-path.ts'
import { checkGRPCHealth } from './grpc-health.ts'

export interface ProbeTarget {
  runtime: RuntimeService
  clock: Clock
  container: Container
  containerId: string
  /** Of the pod, or of the node for a pod in the node's network. */
  ip: string
}

/** `error`: the probe itself could not be carried out, which counts for nothing. */
export type ProbeOutcome = { kind: 'success' } | { kind: 'failure' | 'error'; output: string }

const MAX_OUTPUT_BYTES = 10 * 1024
const USER_AGENT = 'kube-probe/1.35'

export async function runProbe(target: ProbeTarget, probe: Probe): Promise<ProbeOutcome> {
  const timeoutSeconds = probe.timeoutSeconds ?? 1
  if (probe.exec !== undefined) return runExec(target, probe.exec.command ?? [], timeoutSeconds)
  const { clock, ip } = target
  if (probe.grpc !== undefined) {
    const { port, service = '' } = probe.grpc
    return checkGRPCHealth({ clock, host: ip, port, service, timeoutSeconds, userAgent: USER_AGENT })
  }
  const action = probe.httpGet ?? probe.tcpSocket
  if (action === undefined) return { kind: 'error', output: 'missing probe handler' }
  const port = portNumber(target.container, action.port)
  if (port === undefined) return { kind: 'error', output: `couldn't find port: ${String(action.port)}` }
  const host = action.host ?? ip
  const limit = new AbortController()
  const timer = clock.setTimer(timeoutSeconds * 1000, () => limit.abort())
  try {
    return probe.httpGet === undefined
      ? await connectTo(host, port, limit.signal)
      : await getFrom(probe.httpGet, host, port, limit.signal)
  } catch (error) {
    // Node.js refuses headers that no server would understand before anything is sent.
    return { kind: 'error', output: error instanceof Error ? error.message : String(error) }
  } finally {
    timer.cancel()
  }
}

async function runExec(target: ProbeTarget, command: string[], timeoutSeconds: number): Promise<ProbeOutcome> {
  try {
    const { exitCode, stdout, stderr } = await target.runtime.execSync(target.containerId, command, timeoutSeconds)
    if (exitCode === 0) return { kind: 'success' }
    return { kind: 'failure', output: Buffer.concat([stdout, stderr]).subarray(0, MAX_OUTPUT_BYTES).toString('utf8') }
  } catch (error) {
    if (error instanceof CriError && error.code === 'DeadlineExceeded')
      return {
        kind: 'failure',
        output: `command timed out: ${JSON.stringify(command.join(' '))} timed out after ${timeoutSeconds}s`,
      }
    return { kind: 'error', output: error instanceof Error ? error.message : String(error) }
  }
}

/** Redirects are not followed: their status counts as a success, as one to another host does upstream. */
function getFrom(action: HTTPGetAction, host: string, port: number, signal: AbortSignal): Promise<ProbeOutcome> {
  const secure = action.scheme === 'HTTPS'
  const path = requestPath(action.path)
  const own = Object.fromEntries((action.httpHeaders ?? []).map(({ name, value }) => [name, value]))
  const headers = { 'User-Agent': USER_AGENT, Accept: '*/*', ...own }
  const options = { host, port, path, headers, signal, agent: false as const }
  return new Promise((resolve) => {
    const outgoing = secure ? secureRequest({ ...options, rejectUnauthorized: false }) : request(options)
    outgoing.on('response', (response) => {
      response.destroy()
      const status = response.statusCode ?? 0
      if (status >= 200 && status < 400) resolve({ kind: 'success' })
      else resolve({ kind: 'failure', output: `HTTP probe failed with statuscode: ${status}` })
    })
    outgoing.on('error', (error) => {
      const url = `${secure ? 'https' : 'http'}://${host}:${port}${path}`
      const words = signal.aborted
        ? 'context deadline exceeded (Client.Timeout exceeded while awaiting headers)'
        : dialError(host, port, error)
      resolve({ kind: 'failure', output: `Get ${JSON.stringify(url)}: ${words}` })
    })
    outgoing.end()
  })
}

function connectTo(host: string, port: number, signal: AbortSignal): Promise<ProbeOutcome> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, signal })
    socket.on('connect', () => {
      socket.destroy()
      resolve({ kind: 'success' })
    })
    socket.on('error', (error) => {
      const output = signal.aborted ? `dial tcp ${host}:${port}: i/o timeout` : dialError(host, port, error)
      resolve({ kind: 'failure', output })
    })
  })
}
