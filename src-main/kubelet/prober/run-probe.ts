/** Asks one container once whether it is well (facts 2.13.6, 2.13.7). */
import { connect } from 'node:net'
import type { Clock } from '../../base/clock.ts'
import type { Container, HTTPGetAction, Probe } from '../../common/api/core.ts'
import { CriError } from '../../container-runtime/cri.ts'
import type { RuntimeService } from '../../container-runtime/cri.ts'
import { expandStatically } from '../env/expand.ts'
import { dialError } from '../../base/dial-error.ts'
import { httpGet, userAgent } from '../lifecycle/http-get.ts'
import { portNumber } from '../lifecycle/port-number.ts'
import { checkGRPCHealth } from './grpc-health.ts'

export interface ProbeTarget {
  runtime: RuntimeService
  clock: Clock
  container: Container
  containerId: string
  /** Of the pod, or of the node for a pod in the node's network. */
  ip: string
}

/** `warning` is a success with something to say; `error`: the probe itself could not be carried out, which counts for nothing. */
export type ProbeOutcome = { kind: 'success' } | { kind: 'warning' | 'failure' | 'error'; output: string }

export type RunProbe = (target: ProbeTarget, probe: Probe) => Promise<ProbeOutcome>

const MAX_OUTPUT_BYTES = 10 * 1024
/** To Node.js no host is the node itself. */
const NO_ADDRESS: ProbeOutcome = { kind: 'error', output: 'the pod has no address yet' }

/** Does not throw: what Node.js refuses to carry out is an error of the probe. */
export async function runProbe(target: ProbeTarget, probe: Probe): Promise<ProbeOutcome> {
  try {
    return await carryOut(target, probe)
  } catch (error) {
    return { kind: 'error', output: error instanceof Error ? error.message : String(error) }
  }
}

async function carryOut(target: ProbeTarget, probe: Probe): Promise<ProbeOutcome> {
  const timeoutSeconds = probe.timeoutSeconds ?? 1
  if (probe.exec !== undefined)
    return runExec(target, expandStatically(probe.exec.command ?? [], target.container.env), timeoutSeconds)
  const { clock, ip } = target
  if (probe.grpc !== undefined) {
    if (ip === '') return NO_ADDRESS
    const { port, service = '' } = probe.grpc
    return checkGRPCHealth({ clock, host: ip, port, service, timeoutSeconds, userAgent: userAgent('probe') })
  }
  const action = probe.httpGet ?? probe.tcpSocket
  if (action === undefined) return { kind: 'error', output: 'missing probe handler' }
  const port = portNumber(target.container, action.port)
  if (port === undefined) return { kind: 'error', output: `couldn't find port: ${String(action.port)}` }
  const limit = new AbortController()
  const timer = clock.setTimer(timeoutSeconds * 1000, () => limit.abort())
  try {
    return probe.httpGet === undefined
      ? await connectTo(action.host || ip, port, limit.signal)
      : await getFrom(probe.httpGet, ip, port, limit.signal)
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
    throw error
  }
}

/** Redirects that leave the host count as a success, with a warning. */
async function getFrom(
  action: HTTPGetAction,
  defaultHost: string,
  port: number,
  signal: AbortSignal,
): Promise<ProbeOutcome> {
  const result = await httpGet({ action, defaultHost, port, purpose: 'probe', signal })
  switch (result.kind) {
    case 'failed':
      return { kind: 'failure', output: result.words }
    case 'error':
      return { kind: 'error', output: result.words }
    case 'answered':
      if (result.status < 200 || result.status >= 400)
        return { kind: 'failure', output: `HTTP probe failed with statuscode: ${result.status}` }
      return result.status < 300
        ? { kind: 'success' }
        : { kind: 'warning', output: `Probe terminated redirects, Response body: ${result.body}` }
  }
}

async function connectTo(host: string, port: number, signal: AbortSignal): Promise<ProbeOutcome> {
  if (host === '') return NO_ADDRESS
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
