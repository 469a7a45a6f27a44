/** Pulls an image through the engine, for as long as it gets on. */
import type { Clock } from '../../base/clock.ts'
import type { Logger } from '../../base/logger.ts'
import type { ImageReference } from '../../common/api/image-reference.ts'
import { CriError } from '../cri.ts'
import type { AuthConfig } from '../cri.ts'
import { toCriError } from './engine-client.ts'
import type { EngineClient } from './engine-client.ts'
import { PullProgress, StallTimer } from './pull-progress.ts'

/** As cri-dockerd's `--image-pull-progress-deadline`. */
export const PULL_STALL_LIMIT_MS = 60_000
const LOG_EVERY_MS = 10_000

export interface PullContext {
  engine: EngineClient
  clock: Clock
  logger: Logger
  /** A pull that has not moved for so long is given up. */
  stallLimitMs: number
}

/** @throws CriError NotFound, DeadlineExceeded, or Unknown with the engine's words */
export async function pullImage(
  context: PullContext,
  reference: ImageReference,
  auth: AuthConfig | undefined,
): Promise<void> {
  const { engine, clock, logger, stallLimitMs } = context
  const { repository, tag = 'latest', digest } = reference
  const image = digest === undefined ? `${repository}:${tag}` : `${repository}@${digest}`
  const abort = new AbortController()
  const stall = new StallTimer(clock, stallLimitMs, () => abort.abort())
  const progress = new PullProgress()
  let loggedAtMs = clock.now()
  try {
    const stream = await engine.stream('/images/create', {
      method: 'POST',
      query: { fromImage: repository, tag: digest ?? tag },
      signal: abort.signal,
      ...(auth === undefined ? {} : { headers: { 'x-registry-auth': encodeAuth(auth) } }),
    })
    stream.setEncoding('utf8')
    for await (const chunk of stream) {
      if (progress.push(chunk as string)) stall.touch()
      if (clock.now() - loggedAtMs < LOG_EVERY_MS) continue
      loggedAtMs = clock.now()
      logger.info('pulling image', { image, progress: progress.describe() })
    }
  } catch (error) {
    if (!abort.signal.aborted) throw toCriError(error)
    const seconds = stallLimitMs / 1000
    throw new CriError(
      'DeadlineExceeded',
      `pull of image ${image} made no progress for ${seconds}s: ${progress.describe()}`,
    )
  } finally {
    stall.dispose()
  }
  if (progress.error !== undefined) throw new CriError('Unknown', `Error response from daemon: ${progress.error}`)
}

/** As the engine's API has it: JSON in URL-safe base64, with padding; without it, the engine passes it over in silence. */
function encodeAuth(auth: AuthConfig): string {
  const { username, password, auth: joined, serverAddress, identityToken, registryToken } = auth
  const [user = '', ...rest] = joined === '' ? [] : Buffer.from(joined, 'base64').toString('utf8').split(':')
  const content = {
    username: username === '' ? user : username,
    password: password === '' ? rest.join(':') : password,
    serveraddress: serverAddress,
    identitytoken: identityToken,
    registrytoken: registryToken,
  }
  return Buffer.from(JSON.stringify(content)).toString('base64').replaceAll('+', '-').replaceAll('/', '_')
}
