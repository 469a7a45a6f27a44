/** The kubelet's HTTP servers: the API on 10250, its reading part on 10255, health on 10248 (facts 5.1). */
import { getCiphers } from 'node:tls'
import type { Timer } from '../../base/clock.ts'
import type { Disposable } from '../../base/disposable.ts'
import { DisposableStore, toDisposable } from '../../base/disposable.ts'
import { KubeletExit } from '../options/kubelet-options.ts'
import type { AccessControl } from './access-control.ts'
import { kubeletChecks, PING_ONLY, watchSyncLoop } from './health-checks.ts'
import { listenHttp } from './http-listener.ts'
import type { ServerContext } from './request-handler.ts'
import type { ServerSettings } from './server-settings.ts'
import { loadServingPair } from './serving-certificate.ts'
import { computeCiphers, computeMinVersion } from './tls-options.ts'

const HEALTHZ_RETRY_MS = 5000

export interface StartServersOptions {
  settings: ServerSettings
  access: AccessControl
  /** Where a self-signed pair is kept. */
  certDirectory: string
  context: Omit<ServerContext, 'health'>
}

export interface KubeletServers extends Disposable {
  /** Where they listen; the system chooses for port 0. */
  readonly ports: { secure?: number; readOnly?: number; healthz?: number }
}

/** Resolves when they listen. @throws KubeletExit when a certificate or a port cannot be had, upon which a kubelet ends */
export async function startServers(options: StartServersOptions): Promise<KubeletServers> {
  const owned = new DisposableStore()
  const ports: { secure?: number; readOnly?: number; healthz?: number } = {}
  try {
    const syncLoop = owned.add(watchSyncLoop(options.context.host, options.context.clock))
    const context: ServerContext = { ...options.context, health: kubeletChecks(syncLoop.check) }
    const { healthz, readOnly, secure, timeouts } = options.settings
    if (healthz !== null) owned.add(serveHealth(options, (port) => (ports.healthz = port)))
    if (readOnly !== null) {
      context.logger.info('Starting to listen read-only', { ...readOnly })
      const routes = { serves: 'reading', debuggingHandlers: false, systemLogHandler: false } as const
      const listener = await orEnd(listenHttp({ listener: readOnly, context, routes, timeouts, secure: undefined }))
      ports.readOnly = owned.add(listener).port
    }
    if (secure !== null) ports.secure = await serveSecurely(options, context, owned)
    return { ports, dispose: () => owned.dispose() }
  } catch (error) {
    await owned.dispose()
    throw error
  }
}

async function serveSecurely(
  { settings, access, certDirectory }: StartServersOptions,
  context: ServerContext,
  owned: DisposableStore,
): Promise<number> {
  const { secure: listener, tls, debuggingHandlers, systemLogHandler, timeouts } = settings
  if (listener === null) throw new Error('the server is switched off')
  const { clock, logger, host } = context
  const pair = await loadServingPair({
    certFile: tls.certFile,
    keyFile: tls.keyFile,
    directory: certDirectory,
    nodeName: host.info().nodeName,
    nowMs: clock.now(),
    logger,
  })
  const ciphers = computeCiphers(tls, getCiphers())
  const secure = {
    tls: { ...pair, minVersion: computeMinVersion(tls), ...(ciphers === undefined ? {} : { ciphers }) },
    access,
  }
  logger.info('Starting to listen', { ...listener })
  if (debuggingHandlers) logger.info('Adding debug handlers to kubelet server')
  const routes = { serves: 'everything', debuggingHandlers, systemLogHandler } as const
  return owned.add(await orEnd(listenHttp({ listener, context, routes, timeouts, secure }))).port
}

async function orEnd<Value>(value: Promise<Value>): Promise<Value> {
  try {
    return await value
  } catch (error) {
    throw new KubeletExit(1, `Failed to listen and serve: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** Says only that the process answers. A port that is taken does not end a kubelet: it is tried again. */
function serveHealth(options: StartServersOptions, onPort: (port: number) => void): Disposable {
  const { clock, logger } = options.context
  const owned = new DisposableStore()
  const { healthz: listener, timeouts } = options.settings
  if (listener === null) return owned
  const context: ServerContext = { ...options.context, health: PING_ONLY }
  const routes = { serves: 'health', debuggingHandlers: false, systemLogHandler: false } as const
  let retry: Timer | undefined
  owned.add(toDisposable(() => retry?.cancel()))
  const attempt = (): void => {
    listenHttp({ listener, context, routes, timeouts, secure: undefined }).then(
      (server) => onPort(owned.add(server).port),
      (error: unknown) => {
        logger.error('Failed to start healthz server', { err: error })
        retry = clock.setTimer(HEALTHZ_RETRY_MS, attempt)
      },
    )
  }
  attempt()
  return owned
}
