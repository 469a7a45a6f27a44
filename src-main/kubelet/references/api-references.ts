/**
 * Reads what pods refer to from the API server (K/configmap, K/secret, K/token managers): at a pod's sync, again after a
 * while, and what was read last as long as the server is away.
 */
import type { Clock } from '../../base/clock.ts'
import type { ApiObject } from '../../common/api/api-object.ts'
import type { ConfigMap } from '../../common/api/config-map.ts'
import type { Pod } from '../../common/api/core.ts'
import type { Secret } from '../../common/api/secret.ts'
import type { ApiClient } from '../../kube/api-client.ts'
import { hasReason } from '../../kube/status-error.ts'
import { podReference, podUid } from '../pod-identity.ts'
import { computeReferences, tokenKey, type PodReferences, type ReferenceStore } from './pod-references.ts'
import type { ReferencedData, ReferencedKind, ServiceAccountToken, TokenRequest } from './pod-references.ts'
import { CONFIG_MAPS, SECRETS, SERVICE_ACCOUNTS } from '../../kube/resources.ts'

/** As upstream's cache without a word of the node's about it. */
const STALE_MS = 60_000
/** A token is renewed when so much of its life is over, or a day (K/token). */
const RENEW_FRACTION = 0.8
const RENEW_MS = 24 * 3_600_000

interface Loaded {
  objects: Map<string, { data: ReferencedData; readMs: number }>
  tokens: Map<string, { token: ServiceAccountToken; renewMs: number; expiresMs: number }>
}

/** `authentication.k8s.io/v1` TokenRequest. */
interface TokenRequestObject extends ApiObject {
  spec: {
    audiences: string[]
    expirationSeconds: number
    boundObjectRef: { apiVersion: 'v1'; kind: 'Pod'; name: string; uid: string }
  }
  status?: { token: string; expirationTimestamp: string }
}

export class ApiReferences implements ReferenceStore {
  readonly #client: ApiClient
  readonly #clock: Clock
  readonly #loaded = new Map<string, Loaded>()

  constructor(options: { client: ApiClient; clock: Clock }) {
    this.#client = options.client
    this.#clock = options.clock
  }

  async load(pod: Pod): Promise<void> {
    const { objects, tokens } = computeReferences(pod)
    if (objects.length === 0 && tokens.length === 0) return
    const loaded = this.#loadedOf(podUid(pod))
    await Promise.all([
      ...objects.map(({ kind, name }) => this.#loadObject(loaded, pod, kind, name)),
      ...tokens.map((request) => this.#loadToken(loaded, pod, request)),
    ])
  }

  of(pod: Pod): PodReferences {
    const loaded = this.#loaded.get(podUid(pod))
    return {
      data: (kind, name) => loaded?.objects.get(`${kind}/${name}`)?.data ?? notSynced(kind),
      token: (request) =>
        loaded?.tokens.get(tokenKey(request))?.token ?? { state: 'failed', message: 'failed to fetch token' },
    }
  }

  forget(uid: string): void {
    this.#loaded.delete(uid)
  }

  #loadedOf(uid: string): Loaded {
    const loaded = this.#loaded.get(uid) ?? { objects: new Map(), tokens: new Map() }
    this.#loaded.set(uid, loaded)
    return loaded
  }

  async #loadObject({ objects }: Loaded, pod: Pod, kind: ReferencedKind, name: string): Promise<void> {
    const key = `${kind}/${name}`
    const now = this.#clock.now()
    const known = objects.get(key)
    if (known?.data.state === 'found' && now - known.readMs < STALE_MS) return
    const data = await this.#read(kind, podReference(pod).namespace, name)
    if (data.state === 'failed' && known?.data.state === 'found') return
    objects.set(key, { data, readMs: now })
  }

  async #read(kind: ReferencedKind, namespace: string, name: string): Promise<ReferencedData> {
    try {
      if (kind === 'secret') {
        const { data } = await this.#client.get<Secret>(SECRETS, { namespace, name })
        return { state: 'found', data: new Map(decodeAll(data)) }
      }
      const { data = {}, binaryData } = await this.#client.get<ConfigMap>(CONFIG_MAPS, { namespace, name })
      const texts = Object.entries(data).map(([key, text]): [string, Buffer] => [key, Buffer.from(text)])
      return { state: 'found', data: new Map([...texts, ...decodeAll(binaryData)]) }
    } catch (error) {
      if (!hasReason(error, 'NotFound')) return notSynced(kind)
      return { state: 'missing', message: error.message }
    }
  }

  async #loadToken({ tokens }: Loaded, pod: Pod, request: TokenRequest): Promise<void> {
    const key = tokenKey(request)
    const now = this.#clock.now()
    const known = tokens.get(key)
    if (known !== undefined && known.token.state === 'found' && now < known.renewMs) return
    try {
      const { token, expirationTimestamp } = await this.#requestToken(pod, request)
      const expiresMs = Date.parse(expirationTimestamp)
      const renewMs = now + Math.min((expiresMs - now) * RENEW_FRACTION, RENEW_MS)
      tokens.set(key, { token: { state: 'found', token }, renewMs, expiresMs })
    } catch (error) {
      if (known?.token.state === 'found' && now < known.expiresMs) return
      const message = `failed to fetch token: ${error instanceof Error ? error.message : String(error)}`
      tokens.set(key, { token: { state: 'failed', message }, renewMs: now, expiresMs: now })
    }
  }

  async #requestToken(pod: Pod, request: TokenRequest): Promise<NonNullable<TokenRequestObject['status']>> {
    const { namespace, name, uid } = podReference(pod)
    const asked: TokenRequestObject = {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      metadata: {},
      spec: {
        audiences: request.audience === '' ? [] : [request.audience],
        expirationSeconds: request.expirationSeconds,
        boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name, uid },
      },
    }
    const account = pod.spec.serviceAccountName ?? 'default'
    const address = { namespace, name: account, subresource: 'token' }
    const { status } = await this.#client.create<TokenRequestObject>(SERVICE_ACCOUNTS, asked, address)
    if (status === undefined) throw new Error('the answer has no token')
    return status
  }
}

function* decodeAll(data: Record<string, string> = {}): Generator<[string, Buffer]> {
  for (const [key, encoded] of Object.entries(data)) yield [key, Buffer.from(encoded, 'base64')]
}

/** As a watch that never came to be says it (REPORT P2.2, references to API objects). */
function notSynced(kind: ReferencedKind): ReferencedData {
  return { state: 'failed', message: `failed to sync ${kind} cache: timed out waiting for the condition` }
}
