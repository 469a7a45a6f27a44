/** An API server in the test's own process: the store in memory, a free port, and everybody is an administrator unless said otherwise. */
import type { IncomingMessage } from 'node:http'
import { systemClock, type Clock } from '../../base/clock.ts'
import { silentLogger } from '../../base/logger.ts'
import type { AdmissionPlugin } from '../admission/admission-plugin.ts'
import type { UserInfo } from '../authentication/user-info.ts'
import type { Authorizer } from '../authorization/authorizer.ts'
import type { Subresource } from '../endpoints/subresource.ts'
import type { VirtualResource } from '../endpoints/virtual-resource.ts'
import { ALL_DEFINITIONS } from '../registry/all-definitions.ts'
import type { ResourceDefinition } from '../registry/resource-definition.ts'
import type { Registry } from '../registry/resource-storage.ts'
import type { TlsFiles } from '../server/api-listener.ts'
import { newApiServer, type ApiServer } from '../server/new-api-server.ts'
import { MemoryStore } from '../storage/memory/memory-store.ts'
import type { Store } from '../storage/store.ts'

export interface TestApiServerOptions {
  definitions?: readonly ResourceDefinition[]
  store?: Store
  clock?: Clock
  /** Undefined: plain HTTP. */
  tls?: TlsFiles
  authenticate?: (request: IncomingMessage) => Promise<UserInfo>
  authorizer?: Authorizer
  admission?: readonly AdmissionPlugin[]
  /** Below its own objects. */
  subresources?: (registry: Registry) => readonly Subresource[]
  virtualResources?: readonly VirtualResource[]
  /** 0: no limit. */
  maxRequestsInflight?: number
}

export interface TestApiServer extends ApiServer {
  readonly store: Store
  /** Such as `http://127.0.0.1:40001`. */
  readonly url: string
}

const ADMINISTRATOR: UserInfo = { name: 'kubernetes-admin', groups: ['system:masters', 'system:authenticated'] }
const ALLOW_ALL: Authorizer = { authorize: () => Promise.resolve({ verdict: 'allow', reason: '' }) }

export async function newTestApiServer(options: TestApiServerOptions = {}): Promise<TestApiServer> {
  const clock = options.clock ?? systemClock({ keepAlive: false })
  const store = options.store ?? new MemoryStore({ clock })
  const server = await newApiServer({
    store,
    definitions: options.definitions ?? ALL_DEFINITIONS,
    createParts: (registry) => ({
      authenticate: options.authenticate ?? (() => Promise.resolve(ADMINISTRATOR)),
      authorizer: options.authorizer ?? ALLOW_ALL,
      admission: options.admission ?? [],
      subresources: options.subresources?.(registry) ?? [],
      virtualResources: options.virtualResources ?? [],
      postStartHooks: [],
    }),
    listen: { host: '127.0.0.1', port: 0, tls: options.tls },
    advertisedAddress: '127.0.0.1:0',
    maxInflight: options.maxRequestsInflight ?? 0,
    clock,
    logger: silentLogger,
    random: Math.random,
  })
  const scheme = options.tls === undefined ? 'http' : 'https'
  return { ...server, store, url: `${scheme}://127.0.0.1:${server.port}`, dispose: () => server.dispose() }
}
