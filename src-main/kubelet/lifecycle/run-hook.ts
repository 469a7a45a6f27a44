/** Runs a container's postStart or preStop handler (facts 2.14, 2.11.3). */
import { delay } from '../../base/clock.ts'
import type { Clock } from '../../base/clock.ts'
import type { Container, HTTPGetAction, LifecycleHandler } from '../../common/api/core.ts'
import type { PodReference } from '../../common/lab/file-verdict.ts'
import type { RuntimeService } from '../../container-runtime/cri.ts'
import { formatPodReference } from '../pod-identity.ts'
import { errorDescription, isRuntimeUnavailable } from '../runtime/describe-error.ts'
import type { TimelineRecorder } from '../timeline/timeline.ts'
import { httpGet } from './http-get.ts'
import { portNumber } from './port-number.ts'

export interface HookInput {
  runtime: RuntimeService
  clock: Clock
  timeline: TimelineRecorder
  pod: PodReference
  container: Container
  containerId: string
  handler: LifecycleHandler
  /** Where `httpGet` goes when it names no host. */
  podIP: string
  /** 0: no limit. */
  timeoutSeconds: number
  signal: AbortSignal
}

/** Resolves when the handler succeeded. @throws HookError; CriError `Unavailable`; the signal's reason */
export async function runHook(input: HookInput): Promise<void> {
  const { handler, signal } = input
  if (handler.exec !== undefined) return runCommand(input, handler.exec.command ?? [])
  if (handler.httpGet !== undefined) return getOverHttp(input, handler.httpGet)
  if (handler.sleep !== undefined) return delay(input.clock, handler.sleep.seconds * 1000, signal)
  throw new HookError('Cannot run handler: invalid handler: only exec, httpGet and sleep can be run')
}

/** A handler failed; the message is what a waiting state shows. */
export class HookError extends Error {}

async function runCommand(input: HookInput, command: string[]): Promise<void> {
  const fail = (error: string, output: string, cause?: unknown): never => {
    throw hookError(input, `Exec lifecycle hook ([${command.join(' ')}])`, error, output, cause)
  }
  try {
    const { exitCode, stdout, stderr } = await input.runtime.execSync(input.containerId, command, input.timeoutSeconds)
    if (exitCode === 0) return
    const errors = Buffer.from(stderr).toString('utf8')
    fail(
      `command '${command.join(' ')}' exited with ${exitCode}: ${errors}`,
      Buffer.from(stdout).toString('utf8') + errors,
    )
  } catch (error) {
    if (error instanceof HookError || isRuntimeUnavailable(error)) throw error
    fail(errorDescription(error), '', error)
  }
}

/** The answer's status does not matter: whoever answered was told. */
async function getOverHttp(input: HookInput, action: HTTPGetAction): Promise<void> {
  const fail = (words: string): never => {
    throw hookError(input, `HTTP lifecycle hook (${action.path ?? '/'})`, words, '')
  }
  const port = portNumber(input.container, action.port)
  if (port === undefined) return fail(`couldn't find port: ${String(action.port)}`)
  const request = { defaultHost: input.podIP, port, purpose: 'lifecycle' as const, signal: input.signal }
  const result = await httpGet({ ...request, action })
  if (result.kind === 'failed' && result.plainHttp) {
    const plain = await httpGet({ ...request, action: withoutTls(action) })
    if (plain.kind !== 'answered') return fail(result.words)
    input.timeline.record({
      subject: 'container',
      pod: input.pod,
      container: input.container.name,
      type: 'Warning',
      reason: 'LifecycleHTTPFallback',
      message: `request to HTTPS lifecycle hook ${action.host ?? input.podIP}:${port} got HTTP response, retry with HTTP succeeded`,
    })
    return
  }
  input.signal.throwIfAborted()
  if (result.kind === 'failed') fail(result.words)
}

/** What was meant for a TLS connection only is not sent without one. */
function withoutTls(action: HTTPGetAction): HTTPGetAction {
  const httpHeaders = (action.httpHeaders ?? []).filter(({ name }) => name.toLowerCase() !== 'authorization')
  return { ...action, scheme: 'HTTP', httpHeaders }
}

function hookError(
  { pod, container }: HookInput,
  what: string,
  error: string,
  output: string,
  cause?: unknown,
): HookError {
  return new HookError(
    `${what} for Container ${JSON.stringify(container.name)} in Pod ${JSON.stringify(formatPodReference(pod))} failed - error: ${error}, message: ${JSON.stringify(output)}`,
    cause === undefined ? {} : { cause },
  )
}
