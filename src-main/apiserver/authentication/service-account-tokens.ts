/**
 * Service account tokens: signed here, and believed while what they are bound to exists (pkg/serviceaccount). A token
 * belongs to a service account, and mostly also to a pod, a secret or a node.
 */
import { randomUUID } from 'node:crypto'
import { decodeProtectedHeader, errors, jwtVerify, SignJWT, type JWTPayload } from 'jose'
import type { Clock } from '../../base/clock.ts'
import type { Registry } from '../registry/resource-storage.ts'
import type { AuthenticatedToken, TokenAuthenticator } from './bearer-token.ts'
import { findStaleBinding } from './bound-objects.ts'
import type { SigningKey, VerificationKey } from './service-account-keys.ts'
import { serviceAccountGroups, serviceAccountUserName } from './service-account-name.ts'
import type { UserInfo } from './user-info.ts'

/** An object by name and uid, as a claim has it. */
export interface BoundReference {
  name: string
  uid: string
}

/** What a token is bound to: the `kubernetes.io` claim. */
export interface TokenBinding {
  namespace: string
  serviceaccount: BoundReference
  pod?: BoundReference
  secret?: BoundReference
  node?: BoundReference
}

export interface ServiceAccountTokenOptions {
  /** `--service-account-issuer`: the first one signs, all are believed. */
  issuers: readonly [string, ...string[]]
  /** `--api-audiences`; the issuers when none are given. */
  audiences: readonly string[]
  /** Tokens of other keys than these are nobody's. */
  verificationKeys: readonly VerificationKey[]
  /** Undefined: no tokens are issued. */
  signingKey: SigningKey | undefined
}

interface IssuedToken {
  token: string
  /** Seconds since the epoch. */
  issuedAt: number
}

interface IssueRequest {
  binding: TokenBinding
  audiences: readonly string[]
  lifetimeSeconds: number
  /** The kubelet is asked to renew before the token ends: seconds from now at which a use is noted. */
  warnAfterSeconds?: number
}

export class ServiceAccountTokens implements TokenAuthenticator {
  readonly #options: ServiceAccountTokenOptions
  readonly #registry: Registry
  readonly #clock: Clock

  constructor(options: ServiceAccountTokenOptions, registry: Registry, clock: Clock) {
    this.#options = options
    this.#registry = registry
    this.#clock = clock
  }

  /** For whom tokens are when nobody says. */
  get audiences(): readonly string[] {
    return this.#options.audiences.length > 0 ? this.#options.audiences : this.#options.issuers
  }

  get canIssue(): boolean {
    return this.#options.signingKey !== undefined
  }

  /** @throws Error without a signing key */
  async issue({ binding, audiences, lifetimeSeconds, warnAfterSeconds }: IssueRequest): Promise<IssuedToken> {
    const { signingKey, issuers } = this.#options
    if (signingKey === undefined) throw new Error('no key to sign service account tokens')
    const nowSeconds = Math.floor(this.#clock.now() / 1000)
    const warn = warnAfterSeconds === undefined ? {} : { warnafter: nowSeconds + warnAfterSeconds }
    const token = await new SignJWT({ 'kubernetes.io': { ...binding, ...warn } })
      .setProtectedHeader({ alg: signingKey.algorithm, kid: signingKey.id })
      .setIssuer(issuers[0])
      .setSubject(serviceAccountUserName({ namespace: binding.namespace, name: binding.serviceaccount.name }))
      .setAudience([...audiences])
      .setIssuedAt(nowSeconds)
      .setNotBefore(nowSeconds)
      .setExpirationTime(nowSeconds + lifetimeSeconds)
      .setJti(randomUUID())
      .sign(signingKey.privateKey)
    return { token, issuedAt: nowSeconds }
  }

  async authenticateToken(token: string, audiences = this.audiences): Promise<AuthenticatedToken | undefined> {
    const payload = await this.#verify(token)
    const binding = payload === undefined ? undefined : readBinding(payload)
    if (payload === undefined || binding === undefined) return undefined
    const forWhom = [payload.aud ?? []].flat()
    const common = audiences.filter((audience) => forWhom.includes(audience))
    if (common.length === 0) return undefined
    const stale = await findStaleBinding(this.#registry, binding, this.#clock.now())
    return stale === undefined ? { user: computeUser(binding, payload.jti), audiences: common } : undefined
  }

  /** The claims of a token that one of our keys has signed and whose time has not passed. */
  async #verify(token: string): Promise<JWTPayload | undefined> {
    for (const { key, algorithm } of this.#candidates(token)) {
      try {
        const { payload } = await jwtVerify(token, key, {
          algorithms: [algorithm],
          issuer: [...this.#options.issuers],
          currentDate: new Date(this.#clock.now()),
          requiredClaims: ['exp', 'sub'],
        })
        return payload
      } catch (error) {
        // Whatever is wrong with a token makes it nobody's; another key may still fit.
        if (!(error instanceof errors.JOSEError)) throw error
      }
    }
    return undefined
  }

  #candidates(token: string): readonly VerificationKey[] {
    const keys = this.#options.verificationKeys
    try {
      const { kid, alg } = decodeProtectedHeader(token)
      return keys.filter(({ id, algorithm }) => algorithm === alg && (kid === undefined || id === kid))
    } catch {
      // It is no JWT.
      return []
    }
  }
}

/** Undefined when the claim has another form, or speaks of another account than the token's subject. */
function readBinding(payload: JWTPayload): TokenBinding | undefined {
  const claim = payload['kubernetes.io'] as Partial<TokenBinding> | undefined
  if (typeof claim?.namespace !== 'string' || !isReference(claim.serviceaccount)) return undefined
  const { namespace, serviceaccount, pod, secret, node } = claim
  if (payload.sub !== serviceAccountUserName({ namespace, name: serviceaccount.name })) return undefined
  const others = { pod, secret, node }
  if (Object.values(others).some((other) => other !== undefined && !isReference(other))) return undefined
  return {
    namespace,
    serviceaccount,
    ...(pod === undefined ? {} : { pod }),
    ...(secret === undefined ? {} : { secret }),
    ...(node === undefined ? {} : { node }),
  }
}

function isReference(value: Partial<BoundReference> | undefined): value is BoundReference {
  return typeof value?.name === 'string' && typeof value.uid === 'string'
}

function computeUser({ namespace, serviceaccount, pod, node }: TokenBinding, id: string | undefined): UserInfo {
  const extra = (word: string, value: string | undefined) =>
    value === undefined ? {} : { [`authentication.kubernetes.io/${word}`]: [value] }
  return {
    name: serviceAccountUserName({ namespace, name: serviceaccount.name }),
    uid: serviceaccount.uid,
    groups: serviceAccountGroups(namespace),
    extra: {
      ...extra('credential-id', id === undefined ? undefined : `JTI=${id}`),
      ...extra('node-name', node?.name),
      ...extra('node-uid', node?.uid),
      ...extra('pod-name', pod?.name),
      ...extra('pod-uid', pod?.uid),
    },
  }
}
