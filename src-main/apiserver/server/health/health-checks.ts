/** `/healthz`, `/livez`, `/readyz`: checks and their words (apiserver/pkg/server/healthz). */
import type { Exchange } from '../../endpoints/exchange.ts'
import { sendBytes, sendText } from '../../endpoints/respond.ts'
import type { PathHandler } from '../api-handler.ts'

/** Throws when it is not well; nobody but the log is told why. */
export interface HealthCheck {
  name: string
  check(): Promise<void> | void
}

export type HealthEndpoint = 'healthz' | 'livez' | 'readyz'

/** Each endpoint with its own checks, which are asked in order. */
export function healthHandler(
  checks: Readonly<Record<HealthEndpoint, readonly HealthCheck[]>>,
  onFailure: (endpoint: HealthEndpoint, failed: string[]) => void,
): PathHandler {
  return {
    async serve(exchange) {
      const [, endpoint = '', ...rest] = exchange.path.split('/')
      if (!isEndpoint(endpoint)) return false
      const name = rest.join('/')
      if (name === '') await answerAll(exchange, endpoint, checks[endpoint], onFailure)
      else {
        const check = checks[endpoint].find((candidate) => candidate.name === name)
        if (check === undefined) return false
        await answerOne(exchange, check)
      }
      return true
    },
  }
}

function isEndpoint(text: string): text is HealthEndpoint {
  return text === 'healthz' || text === 'livez' || text === 'readyz'
}

async function answerOne(exchange: Exchange, check: HealthCheck): Promise<void> {
  const problem = await run(check)
  if (problem === undefined) await sendOk(exchange, 'ok')
  else await sendText(exchange, 500, `internal server error: ${problem}\n`)
}

async function answerAll(
  exchange: Exchange,
  endpoint: HealthEndpoint,
  checks: readonly HealthCheck[],
  onFailure: (endpoint: HealthEndpoint, failed: string[]) => void,
): Promise<void> {
  const excluded = exchange.query.getAll('exclude')
  const failed: string[] = []
  let lines = ''
  for (const check of checks) {
    if (excluded.includes(check.name)) lines += `[+]${check.name} excluded: ok\n`
    else if ((await run(check)) === undefined) lines += `[+]${check.name} ok\n`
    else {
      failed.push(check.name)
      lines += `[-]${check.name} failed: reason withheld\n`
    }
  }
  const unknown = excluded.filter((name) => !checks.some((check) => check.name === name))
  if (unknown.length > 0) {
    const names = unknown.map((name) => JSON.stringify(name)).join(',')
    lines += `warn: some health checks cannot be excluded: no matches for ${names}\n`
  }
  if (failed.length > 0) {
    onFailure(endpoint, failed)
    await sendText(exchange, 500, `${lines}${endpoint} check failed\n`)
  } else await sendOk(exchange, exchange.query.has('verbose') ? `${lines}${endpoint} check passed\n` : 'ok')
}

async function sendOk(exchange: Exchange, text: string): Promise<void> {
  exchange.response.setHeader('X-Content-Type-Options', 'nosniff')
  await sendBytes(exchange, 200, 'text/plain; charset=utf-8', Buffer.from(text))
}

/** What is wrong; undefined: nothing. */
async function run({ check }: HealthCheck): Promise<string | undefined> {
  try {
    await check()
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
