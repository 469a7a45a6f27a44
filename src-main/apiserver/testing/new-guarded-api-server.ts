/** An API server with all its gates, as kubeadm sets it up: Node and RBAC, NodeRestriction; tokens are names of callers. */
import { generateKeyPairSync } from 'node:crypto'
import { parseSigningKey } from '../authentication/service-account-keys.ts'
import { forbiddenAddresses } from '../kubelet-client/allowed-address.ts'
import { createSecurityParts } from '../create-security-parts.ts'
import { ALL_DEFINITIONS } from '../registry/all-definitions.ts'
import { bootstrapHooks } from '../server/bootstrap/default-objects.ts'
import { newApiServer } from '../server/new-api-server.ts'
import { MemoryStore } from '../storage/memory/memory-store.ts'
import { systemClock } from '../../base/clock.ts'
import { silentLogger } from '../../base/logger.ts'
import { RestClient } from '../../kube/rest-client.ts'

export interface GuardedApiServer extends AsyncDisposable {
  administrator: RestClient
  /** With the credential of the node. */
  kubelet: RestClient
  /** With the credential of kube-scheduler. */
  scheduler: RestClient
}

const CALLERS: Readonly<Record<string, { name: string; groups: string[] }>> = {
  administrator: { name: 'kubernetes-admin', groups: ['system:masters', 'system:authenticated'] },
  scheduler: { name: 'system:kube-scheduler', groups: ['system:authenticated'] },
  kubelet: { name: 'system:node:node01', groups: ['system:nodes', 'system:authenticated'] },
}

export async function newGuardedApiServer(): Promise<GuardedApiServer> {
  const clock = systemClock({ keepAlive: false })
  const pair = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const signingKey = parseSigningKey(pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString())
  const store = new MemoryStore({ clock })
  const server = await newApiServer({
    store,
    definitions: ALL_DEFINITIONS,
    createParts(registry) {
      const issuer = 'https://kubernetes.default.svc.cluster.local'
      const parts = createSecurityParts(
        {
          authentication: {
            clientAuthorities: undefined,
            requestHeader: undefined,
            serviceAccounts: {
              issuers: [issuer],
              audiences: [issuer],
              signingKey,
              verificationKeys: [signingKey],
            },
            anonymous: false,
          },
          authorizationModes: 'Node,RBAC',
          admission: { enabled: ['NodeRestriction'], disabled: [] },
          defaultTolerations: { notReadySeconds: 300, unreachableSeconds: 300 },
          kubelet: {
            certificate: undefined,
            key: undefined,
            authorities: undefined,
            addressTypes: ['InternalIP'],
            forbidden: forbiddenAddresses([]),
          },
        },
        registry,
        clock,
        silentLogger,
      )
      const service = { clusterIP: '10.96.0.1', address: '172.30.0.11', port: 6443 }
      return {
        ...parts,
        authenticate(request) {
          const caller = CALLERS[request.headers.authorization?.replace('Bearer ', '') ?? '']
          return caller === undefined ? parts.authenticate(request) : Promise.resolve(caller)
        },
        postStartHooks: [...parts.postStartHooks, ...bootstrapHooks(registry, service)],
      }
    },
    listen: { host: '127.0.0.1', port: 0, tls: undefined },
    advertisedAddress: '127.0.0.1:0',
    maxInflight: 0,
    clock,
    logger: silentLogger,
    random: Math.random,
  })
  const connect = (token: string): RestClient =>
    new RestClient({
      access: { server: `http://127.0.0.1:${server.port}`, token, insecureSkipTLSVerify: false, namespace: 'default' },
      userAgent: token,
      clock,
    })
  const clients = {
    administrator: connect('administrator'),
    kubelet: connect('kubelet'),
    scheduler: connect('scheduler'),
  }
  return {
    ...clients,
    async [Symbol.asyncDispose]() {
      clients.administrator.dispose()
      clients.kubelet.dispose()
      clients.scheduler.dispose()
      await server.dispose()
    },
  }
}
