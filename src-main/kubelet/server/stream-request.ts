/** `/exec`, `/attach` and `/portForward`: what is asked of the runtime (cri-streaming's remotecommand and portforward options). */
import type { RuntimeService } from '../../container-runtime/cri.ts'
import { CriError } from '../../container-runtime/cri.ts'
import { rpcDescription } from '../runtime/describe-error.ts'
import { findRunningContainer, findSandbox } from './find-target.ts'
import { HttpProblem } from './http-problem.ts'
import type { KubeletHost } from './kubelet-host.ts'
import type { StreamRoute } from './request-route.ts'

interface StreamOptions {
  stdin: boolean
  stdout: boolean
  stderr: boolean
  tty: boolean
}

/**
 * The one-time address at which the runtime serves the stream.
 * @throws HttpProblem
 */
export async function openStream(
  route: StreamRoute,
  query: URLSearchParams,
  host: KubeletHost,
  runtime: RuntimeService,
): Promise<string> {
  switch (route.kind) {
    case 'Exec': {
      const options = parseStreamOptions(query)
      const { id } = findRunningContainer(host, route.target)
      return fromRuntime(runtime.exec({ containerId: id, cmd: query.getAll('command'), ...options }))
    }
    case 'Attach': {
      const options = parseStreamOptions(query)
      const { id } = findRunningContainer(host, route.target)
      return fromRuntime(runtime.attach({ containerId: id, ...options }))
    }
    case 'PortForward': {
      const port = parsePorts(query)
      return fromRuntime(runtime.portForward({ podSandboxId: findSandbox(host, route.target), port }))
    }
  }
}

/** A kubelet's own names: `kubectl`'s `stdin=true` has become `input=1` when an API server passes it on. */
export function parseStreamOptions(query: URLSearchParams): StreamOptions {
  const isSet = (name: string): boolean => query.get(name) === '1'
  const tty = isSet('tty')
  const options = { tty, stdin: isSet('input'), stdout: isSet('output'), stderr: isSet('error') && !tty }
  if (!options.stdin && !options.stdout && !options.stderr)
    throw new HttpProblem(400, 'you must specify at least 1 of stdin, stdout, stderr')
  return options
}

export function parsePorts(query: URLSearchParams): number[] {
  const values = query.getAll('port')
  if (values.length === 0) throw new HttpProblem(400, 'query parameter "port" is required')
  return values.flatMap((value) => {
    if (value === '') throw new HttpProblem(400, 'query parameter "port" cannot be empty')
    return value.split(',').map((word) => parsePort(word, value))
  })
}

function parsePort(word: string, value: string): number {
  const quoted = JSON.stringify(value)
  const reason = !/^\d+$/.test(word) ? 'invalid syntax' : Number(word) > 65_535 ? 'value out of range' : undefined
  if (reason !== undefined)
    throw new HttpProblem(
      400,
      `unable to parse ${quoted} as a port: strconv.ParseUint: parsing ${JSON.stringify(word)}: ${reason}`,
    )
  if (Number(word) < 1) throw new HttpProblem(400, `port ${quoted} must be > 0`)
  return Number(word)
}

/** @throws HttpProblem with the status that stands for the runtime's */
async function fromRuntime(address: Promise<string>): Promise<string> {
  try {
    return await address
  } catch (error) {
    const code = error instanceof CriError ? error.code : undefined
    if (code === 'NotFound') throw new HttpProblem(404, rpcDescription(error))
    if (code === 'ResourceExhausted') throw new HttpProblem(429, rpcDescription(error), { 'Retry-After': '1' })
    throw new HttpProblem(500, rpcDescription(error))
  }
}
