/** Joins the parts of the API server: from a store and definitions to a port that answers. */
import type { IncomingMessage } from 'node:http'
import type { Clock } from '../../base/clock.ts'
import { DisposableStore, type Disposable } from '../../base/disposable.ts'
import type { Logger } from '../../base/logger.ts'
import { KUBERNETES_VERSION } from '../../common/kubernetes-version.ts'
import { admissionChain } from '../admission/run-admission.ts'
import type { AdmissionPlugin } from '../admission/admission-plugin.ts'
import type { UserInfo } from '../authentication/user-info.ts'
import type { Authorizer } from '../authorization/authorizer.ts'
import type { ApiServices } from '../endpoints/api-services.ts'
import { createDiscoveryHandler } from '../endpoints/discovery/discovery-handler.ts'
import type { Subresource } from '../endpoints/subresource.ts'
import type { VirtualResource } from '../endpoints/virtual-resource.ts'
import { OpenAPIDocuments } from '../openapi/open-api-documents.ts'
import { createRegistry } from '../registry/registry.ts'
import type { ResourceDefinition } from '../registry/resource-definition.ts'
import type { Registry } from '../registry/resource-storage.ts'
import type { Store } from '../storage/store.ts'
import { ApiHandler } from './api-handler.ts'
import { listenForRequests, type ListenOptions } from './api-listener.ts'
import { authorizeRequest } from './authorize-request.ts'
import { healthHandler, type HealthCheck } from './health/health-checks.ts'
import { FlowController } from '../flow-control/flow-controller.ts'
import { firstOf, metricsHandler, openAPIHandler, rootHandler, versionHandler } from './path-handlers.ts'
import { runPostStartHooks, type PostStartHook } from './post-start-hooks.ts'
import { ServerMetrics } from './server-metrics.ts'

/** What is made with the registry at hand. */
export interface ServerParts {
  /** With impersonation. Throws `StatusError` 401. */
  authenticate(request: IncomingMessage): Promise<UserInfo>
  authorizer: Authorizer
  /** In upstream's order. */
  admission: readonly AdmissionPlugin[]
  subresources: readonly Subresource[]
  virtualResources: readonly VirtualResource[]
  postStartHooks: readonly PostStartHook[]
}

export interface ApiServerOptions {
  store: Store
  definitions: readonly ResourceDefinition[]
  createParts(registry: Registry): ServerParts
  listen: ListenOptions
  /** `host:port` that discovery tells clients of. */
  advertisedAddress: string
  /** Of both kinds of requests together; 0: no limit of its own. */
  maxInflight: number
  clock: Clock
  logger: Logger
  /** Numbers in [0, 1). */
  random: () => number
}

export interface ApiServer extends Disposable {
  readonly port: number
  readonly registry: Registry
  /** Takes no new connections, and ends watches; `/readyz` fails from now on. */
  beginShutdown(): void
}

/** The server answers when this returns; its post-start hooks may still be at work. */
export async function newApiServer(options: ApiServerOptions): Promise<ApiServer> {
  const { store, clock, logger, random } = options
  const owned = new DisposableStore()
  const ending = new AbortController()
  let plugins: readonly AdmissionPlugin[] = []
  const admission = admissionChain(() => plugins)
  const registry = owned.add(createRegistry(options.definitions, { store, clock, logger, admission, random }))
  const parts = options.createParts(registry)
  plugins = parts.admission
  const { subresources, virtualResources, postStartHooks } = parts
  const authorize = authorizeRequest(parts.authorizer)
  const services: ApiServices = { registry, subresources, virtualResources, admission, authorize, clock, random }
  const metrics = new ServerMetrics()
  const hooks = owned.add(runPostStartHooks(postStartHooks, { clock, logger }))
  const handler = new ApiHandler({
    services,
    gate: { authenticate: parts.authenticate, authorize },
    flowControl: new FlowController({ clock: services.clock, maxInflight: options.maxInflight }),
    paths: createPathHandler(options, services, metrics, {
      hooks: hooks.checks,
      isEnding: () => ending.signal.aborted,
    }),
    logger,
    onAnswered: (answered) => metrics.onAnswered(answered),
    clock,
  })
  const listener = owned.add(
    await listenForRequests(options.listen, {
      handle: (request, response) => void handler.handle(request, response, ending.signal),
      upgrade: (request, response, socket, head) =>
        void handler.upgrade(request, response, socket, head, ending.signal),
    }),
  )
  return {
    port: listener.port,
    registry,
    beginShutdown() {
      ending.abort()
      listener.stopAccepting()
    },
    async dispose() {
      ending.abort()
      await owned.dispose()
    },
  }
}

function createPathHandler(
  options: ApiServerOptions,
  services: ApiServices,
  metrics: ServerMetrics,
  state: { hooks: readonly HealthCheck[]; isEnding: () => boolean },
): ReturnType<typeof firstOf> {
  const { definitions, store, clock, logger, advertisedAddress } = options
  const alive: HealthCheck[] = [
    { name: 'ping', check: () => undefined },
    { name: 'log', check: () => undefined },
    { name: 'etcd', check: async () => void (await store.currentRevision()) },
  ]
  const ready: HealthCheck[] = [
    ...alive,
    { name: 'etcd-readiness', check: async () => void (await store.currentRevision()) },
    ...state.hooks,
    { name: 'shutdown', check: () => refuseWhen(state.isEnding()) },
  ]
  const live = [...alive, ...state.hooks]
  return firstOf([
    healthHandler({ healthz: live, livez: live, readyz: ready }, (endpoint, failed) =>
      logger.info(`${failed.join(',')} check failed: ${endpoint}`),
    ),
    versionHandler(),
    createDiscoveryHandler(services, advertisedAddress),
    openAPIHandler(new OpenAPIDocuments(definitions, KUBERNETES_VERSION)),
    metricsHandler(() => metrics.families(clock.now())),
    rootHandler(() => rootPaths(services, ready)),
  ])
}

function refuseWhen(isEnding: boolean): void {
  if (isEnding) throw new Error('process is shutting down')
}

function rootPaths({ registry, virtualResources }: ApiServices, checks: readonly HealthCheck[]): string[] {
  const kinds = [...registry.all.map(({ definition }) => definition), ...virtualResources.map(({ gvk }) => gvk)]
  const groups = new Set<string>()
  for (const { group, version } of kinds)
    for (const path of group === ''
      ? ['/api', `/api/${version}`]
      : ['/apis', `/apis/${group}`, `/apis/${group}/${version}`])
      groups.add(path)
  const health = ['/healthz', '/livez', '/readyz'].flatMap((path) => [
    path,
    ...checks.map(({ name }) => `${path}/${name}`),
  ])
  return [...groups, ...health, '/metrics', '/openapi/v2', '/openapi/v3', '/version']
}
