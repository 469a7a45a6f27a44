/** An API server in the test's own process with all its gates, and certificates to go through them. */
import type { IncomingHttpHeaders } from 'node:http'
import { request } from 'node:https'
import { systemClock } from '../../src-main/base/clock.ts'
import { silentLogger } from '../../src-main/base/logger.ts'
import type { UnknownObject } from '../../src-main/common/api/api-object.ts'
import { parseSigningKey, parseVerificationKeys } from '../../src-main/apiserver/authentication/service-account-keys.ts'
import { forbiddenAddresses } from '../../src-main/apiserver/kubelet-client/allowed-address.ts'
import { createSecurityParts, type SecurityOptions } from '../../src-main/apiserver/create-security-parts.ts'
import { ALL_DEFINITIONS } from '../../src-main/apiserver/registry/all-definitions.ts'
import { LOOPBACK_CONTEXT } from '../../src-main/apiserver/registry/find-object.ts'
import type { Registry } from '../../src-main/apiserver/registry/resource-storage.ts'
import { newApiServer } from '../../src-main/apiserver/server/new-api-server.ts'
import { MemoryStore } from '../../src-main/apiserver/storage/memory/memory-store.ts'
import { waitUntil } from './wait-until.ts'
import { issueCertificate, makeAuthority, makeSigningKey, type KeyPair } from '../../src-main/lab/pki/certificate.ts'

/** What tests read of answers: a Status, or an object. */
export interface AnswerObject extends UnknownObject {
  message?: string
  reason?: string
}

export interface Answer {
  status: number
  headers: IncomingHttpHeaders
  text: string
  /** Of JSON answers. */
  json: AnswerObject | undefined
}

export interface Ask {
  method?: string
  body?: unknown
  headers?: Record<string, string>
  contentType?: string
}

export interface SecureApiServer extends AsyncDisposable {
  readonly port: number
  readonly registry: Registry
  /** The cluster's authority. */
  readonly authority: KeyPair
  /** A client certificate of the cluster's authority. */
  issueClient(commonName: string, ...organizations: string[]): Promise<KeyPair>
  /** @param identity undefined: without a certificate */
  ask(identity: KeyPair | undefined, path: string, ask?: Ask): Promise<Answer>
  /** Puts an object where the server keeps it, as the server itself. */
  put(object: UnknownObject): Promise<UnknownObject>
  /** A Node whose kubelet is on 127.0.0.1. */
  putNode(name: string, kubeletPort: number): Promise<UnknownObject>
}

export async function newSecureApiServer(
  change: (options: SecurityOptions) => SecurityOptions = (options) => options,
): Promise<SecureApiServer> {
  const now = Date.now()
  const clock = systemClock({ keepAlive: false })
  const authority = await makeAuthority('kubernetes', now)
  const serving = await issueCertificate(authority, {
    subject: { commonName: 'kube-apiserver' },
    usages: ['server'],
    dnsNames: ['localhost'],
    addresses: ['127.0.0.1'],
    now,
  })
  const client = (commonName: string, organizations: readonly string[]): Promise<KeyPair> =>
    issueCertificate(authority, { subject: { commonName, organizations }, usages: ['client'], now })
  const kubeletClient = await client('kube-apiserver-kubelet-client', ['kubeadm:cluster-admins'])
  const signing = await makeSigningKey()
  const options = change({
    authentication: {
      clientAuthorities: authority.certificate,
      requestHeader: undefined,
      serviceAccounts: {
        issuers: ['https://kubernetes.default.svc.cluster.local'],
        audiences: [],
        verificationKeys: parseVerificationKeys(signing.publicKey),
        signingKey: parseSigningKey(signing.privateKey),
      },
      anonymous: true,
    },
    authorizationModes: 'Node,RBAC',
    admission: { enabled: ['NodeRestriction'], disabled: [] },
    defaultTolerations: { notReadySeconds: 300, unreachableSeconds: 300 },
    kubelet: {
      certificate: kubeletClient.certificate,
      key: kubeletClient.key,
      authorities: undefined,
      addressTypes: ['InternalIP', 'ExternalIP', 'Hostname'],
      forbidden: forbiddenAddresses([]),
    },
  })
  let parts: ReturnType<typeof createSecurityParts> | undefined
  const { requestHeader } = options.authentication
  const server = await newApiServer({
    store: new MemoryStore({ clock }),
    definitions: ALL_DEFINITIONS,
    createParts: (registry) => (parts = createSecurityParts(options, registry, clock, silentLogger)),
    listen: {
      host: '127.0.0.1',
      port: 0,
      tls: {
        certificate: serving.certificate,
        key: serving.key,
        clientAuthorities: [authority.certificate, ...(requestHeader === undefined ? [] : [requestHeader.authorities])],
      },
    },
    advertisedAddress: '127.0.0.1:0',
    maxInflight: 0,
    clock,
    logger: silentLogger,
    random: Math.random,
  })
  const { registry, port } = server
  const put = (object: UnknownObject): Promise<UnknownObject> => putObject(registry, object)
  for (const name of ['default', 'kube-system', 'kube-node-lease'])
    await put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
  await put({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: 'default' } })
  const ask = (identity: KeyPair | undefined, path: string, what: Ask = {}): Promise<Answer> =>
    send(port, authority.certificate, identity, path, what)
  await waitUntil({ what: 'the API server is ready', intervalMs: 10 }, async () => {
    return (await ask(undefined, '/readyz')).status === 200 || undefined
  })
  return {
    port,
    registry,
    authority,
    issueClient: (commonName, ...organizations) => client(commonName, organizations),
    ask,
    put,
    async putNode(name, kubeletPort) {
      const node = await put({ apiVersion: 'v1', kind: 'Node', metadata: { name } })
      const status = {
        addresses: [{ type: 'InternalIP', address: '127.0.0.1' }],
        daemonEndpoints: { kubeletEndpoint: { Port: kubeletPort } },
      }
      const change = (current: UnknownObject | undefined): UnknownObject => ({ ...(current ?? node), status })
      const nodes = registry.find('', 'nodes')
      await nodes?.update(LOOPBACK_CONTEXT, '', name, change, { subresource: 'status' })
      return node
    },
    async [Symbol.asyncDispose]() {
      await parts?.dispose()
      await server.dispose()
    },
  }
}

async function putObject(registry: Registry, object: UnknownObject): Promise<UnknownObject> {
  const storage = registry.all.find(
    ({ definition: { group, version, kind } }) =>
      kind === object.kind && object.apiVersion === (group === '' ? version : `${group}/${version}`),
  )
  if (storage === undefined) throw new Error(`${object.kind} is not served`)
  return await storage.create(LOOPBACK_CONTEXT, object.metadata.namespace ?? '', structuredClone(object))
}

function send(
  port: number,
  ca: string,
  identity: KeyPair | undefined,
  path: string,
  { method = 'GET', body, headers = {}, contentType = 'application/json' }: Ask,
): Promise<Answer> {
  const content = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body)
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        host: '127.0.0.1',
        port,
        path,
        method,
        ca,
        agent: false,
        ...(identity === undefined ? {} : { cert: identity.certificate, key: identity.key }),
        headers: { ...(content === undefined ? {} : { 'Content-Type': contentType }), ...headers },
      },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString()
          const isJSON = (response.headers['content-type'] ?? '').startsWith('application/json')
          const json = isJSON ? (JSON.parse(text) as AnswerObject) : undefined
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json })
        })
      },
    )
    outgoing.on('error', reject)
    outgoing.end(content)
  })
}
