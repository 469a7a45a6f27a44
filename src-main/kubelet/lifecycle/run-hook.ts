/** Runs a container's postStart or preStop handler (facts 2.14, 2.11.3). */
import { request } from 'node:http'
import { request as secureRequest } from 'node:https'
import { delay } from '../../base/clock.ts'
import type { Clock } from '../../base/clock.ts'
import type { Container, HTTPGetAction, LifecycleHandler } from '../../common/api/core.ts'
import type { RuntimeService } from '../../container-runtime/cri.ts'
import { portNumber } from './port-number.ts'
import { requestPath } from './request-path.ts'

export interface HookInput {
  runtime: RuntimeService
  clock: Clock
  container: Container
  containerId: string
  handler: LifecycleHandler
  /** Where `httpGet` goes when it names no host. */
  podIP: string
  /** 0: no limit. */
  timeoutSeconds: number
  signal: AbortSignal
}

/** Resolves when the handler succeeded. @throws Error with the words of the failure; the signal's reason */
export async function runHook(input: HookInput): Promise<void> {
  const { handler, signal } = input
  if (handler.exec !== undefined) {
    const command = handler.exec.command ?? []
    const result = await input.runtime.execSync(input.containerId, command, input.timeoutSeconds)
    if (result.exitCode === 0) return
    const output = Buffer.concat([result.stdout, result.stderr]).toString('utf8')
    throw new Error(
      `command '${command.join(' ')}' exited with ${result.exitCode}: ${output}, message: ${JSON.stringify(output)}`,
    )
  }
  if (handler.httpGet !== undefined) return getOverHttp(input, handler.httpGet)
  if (handler.sleep !== undefined) return delay(input.clock, handler.sleep.seconds * 1000, signal)
  throw new Error('invalid handler: only exec, httpGet and sleep can be run')
}

async function getOverHttp(input: HookInput, action: HTTPGetAction): Promise<void> {
  const port = portNumber(input.container, action.port)
  if (port === undefined)
    throw new Error(`couldn't find port: ${String(action.port)} in container ${input.container.name}`)
  const secure = action.scheme === 'HTTPS'
  const options = {
    host: action.host ?? input.podIP,
    port,
    path: requestPath(action.path),
    headers: Object.fromEntries((action.httpHeaders ?? []).map(({ name, value }) => [name, value])),
    signal: input.signal,
    agent: false as const,
  }
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const outgoing = secure ? secureRequest({ ...options, rejectUnauthorized: false }) : request(options)
  outgoing.on('error', reject)
  outgoing.on('response', (response) => {
    // Only the status matters; a body may have no end.
    response.destroy()
    const status = response.statusCode ?? 0
    if (status >= 200 && status < 400) resolve()
    else reject(new Error(`HTTP status ${status}`))
  })
  outgoing.end()
  return promise
}
