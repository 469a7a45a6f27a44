/** `/containerLogs`: what the query asks for (facts 5.4; core/v1 PodLogOptions and its validation). */
import type { Clock } from '../../base/clock.ts'
import type { LogReadOptions } from '../private-channel/read-log.ts'
import { HttpProblem } from './http-problem.ts'

export interface ContainerLogRequest {
  previous: boolean
  /** Bytes after which the answer ends; `undefined`: none. */
  limitBytes: number | undefined
  options: LogReadOptions
}

/** @throws HttpProblem 400 for what cannot be read, 422 for what makes no sense */
export function parseLogRequest(query: URLSearchParams, clock: Clock): ContainerLogRequest {
  const tail = query.get('tail') ?? ''
  const tailLines = tail === '' ? integer(query, 'tailLines') : tail === 'all' ? undefined : toInteger(tail)
  const limitBytes = integer(query, 'limitBytes')
  const sinceSeconds = integer(query, 'sinceSeconds')
  const sinceTime = time(query, 'sinceTime')
  const isSensible =
    (tailLines ?? 0) >= 0 &&
    (limitBytes ?? 1) >= 1 &&
    (sinceSeconds ?? 1) >= 1 &&
    (sinceSeconds === undefined || sinceTime === undefined)
  if (!isSensible) throw new HttpProblem(422, '{"message": "Invalid request."}')
  const stream = query.get('stream') ?? ''
  if (stream !== '' && stream !== 'All')
    throw new HttpProblem(
      400,
      `unable to return the given log stream: ${JSON.stringify(stream)}. Please enable PodLogsQuerySplitStreams feature gate in kubelet`,
    )
  return {
    previous: flag(query, 'previous'),
    limitBytes,
    options: {
      follow: flag(query, 'follow'),
      timestamps: flag(query, 'timestamps'),
      tailLines,
      sinceTime: sinceSeconds === undefined ? sinceTime : new Date(clock.now() - sinceSeconds * 1000).toISOString(),
    },
  }
}

/** The first `limitBytes` bytes of a text that comes in pieces; a character that does not fit whole is cut, as upstream's are. */
export async function* takeBytes(pieces: AsyncIterable<string>, limitBytes: number): AsyncGenerator<Uint8Array> {
  let left = limitBytes
  for await (const piece of pieces) {
    const bytes = Buffer.from(piece).subarray(0, left)
    left -= bytes.length
    yield bytes
    if (left === 0) return
  }
}

function undecodable(): HttpProblem {
  return new HttpProblem(400, '{"message": "Unable to decode query."}')
}

/** As the API's own decoder: given without a value is yes, and so is any word but two. */
function flag(query: URLSearchParams, name: string): boolean {
  const value = query.get(name)
  return value !== null && value !== '0' && value.toLowerCase() !== 'false'
}

function integer(query: URLSearchParams, name: string): number | undefined {
  const value = query.get(name)
  return value === null || value === '' ? undefined : toInteger(value)
}

function toInteger(value: string): number {
  if (!/^[+-]?\d{1,15}$/.test(value)) throw undecodable()
  return Number(value)
}

/** RFC 3339; UTC with milliseconds. */
function time(query: URLSearchParams, name: string): string | undefined {
  const value = query.get(name)
  if (value === null || value === '') return undefined
  const milliseconds = Date.parse(value)
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(value) || Number.isNaN(milliseconds))
    throw undecodable()
  return new Date(milliseconds).toISOString()
}
