/** Who asks, and whether he may: x509, token and anonymous, then AlwaysAllow or Webhook (cmd/kubelet/app/auth.go). */
import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Logger } from '../../base/logger.ts'
import { KubeletExit } from '../options/kubelet-options.ts'
import { describeReadError } from '../options/read-error.ts'
import { HttpProblem } from './http-problem.ts'
import type { RequestAttributes } from './request-attributes.ts'
import type { AccessSettings } from './server-settings.ts'

export interface UserInfo {
  name: string
  groups: readonly string[]
}

/** TokenReview. Resolves with `undefined` for a token that is nobody's. */
export interface TokenReviewer {
  review(token: string): Promise<UserInfo | undefined>
}

/** SubjectAccessReview. */
export interface AccessReviewer {
  isAllowed(user: UserInfo, attributes: RequestAttributes): Promise<boolean>
}

/** What an API server does for a kubelet. */
export interface Reviewers {
  tokens: TokenReviewer
  access: AccessReviewer
}

/** What a caller shows of himself. */
export interface Credentials {
  /** `none`: no certificate was shown; `untrusted`: it is not of the client CA. */
  certificate: 'none' | 'untrusted' | { commonName: string; organizations: readonly string[] }
  /** Of an `Authorization: Bearer` header. */
  token: string | undefined
}

export interface AccessControl {
  /** PEM of the CA whose certificates are believed; `undefined`: certificates are not asked for. */
  readonly clientCA: string | undefined
  /** @throws HttpProblem 401, 403, or 500 when the reviewer fails */
  check(credentials: Credentials, attributes: readonly RequestAttributes[]): Promise<UserInfo>
}

const ANONYMOUS: UserInfo = { name: 'system:anonymous', groups: ['system:unauthenticated'] }

/**
 * @param reviewers `undefined` without an API server
 * @throws KubeletExit when the settings need an API server and there is none, or cannot be followed
 */
export function createAccessControl(
  settings: AccessSettings,
  reviewers: Reviewers | undefined,
  logger: Logger,
): AccessControl {
  if (settings.tokenWebhook && reviewers === undefined)
    throw refusal('no client provided, cannot use webhook authentication')
  const authorize = chooseAuthorizer(settings.authorizationMode, reviewers?.access)
  const tokens = settings.tokenWebhook ? reviewers?.tokens : undefined
  return {
    clientCA: settings.clientCAFile === '' ? undefined : readClientCA(settings.clientCAFile),
    async check(credentials, attributes) {
      const user = await authenticate(credentials, settings.anonymous, tokens, logger)
      if (user === undefined) throw new HttpProblem(401, 'Unauthorized')
      for (const one of attributes) {
        let allowed: boolean
        try {
          allowed = await authorize(user, one)
        } catch (error) {
          logger.error('Authorization error', { err: error, user: user.name, subresource: one.subresource })
          throw new HttpProblem(500, `Authorization error (${describe(user, one, one.subresource, 'subresource')})`)
        }
        if (allowed) return user
      }
      const [first] = attributes
      if (first === undefined)
        throw new HttpProblem(403, 'Authorization error: could not determine attributes for request')
      const subresources = `[${attributes.map(({ subresource }) => subresource).join(' ')}]`
      throw new HttpProblem(403, `Forbidden (${describe(user, first, subresources, 'subresource(s)')})\n`)
    },
  }
}

function describe(user: UserInfo, { verb, resource }: RequestAttributes, subresources: string, word: string): string {
  return `user=${user.name}, verb=${verb}, resource=${resource}, ${word}=${subresources}`
}

/** Credentials that are wrong are not those of an anonymous caller: they are refused. */
async function authenticate(
  { certificate, token }: Credentials,
  anonymous: boolean,
  tokens: TokenReviewer | undefined,
  logger: Logger,
): Promise<UserInfo | undefined> {
  let isWrong = certificate === 'untrusted'
  // A certificate without a name says nothing about who has it.
  if (typeof certificate === 'object' && certificate.commonName !== '')
    return authenticated(certificate.commonName, certificate.organizations)
  if (token !== undefined && tokens !== undefined)
    try {
      const user = await tokens.review(token)
      if (user !== undefined) return authenticated(user.name, user.groups)
      isWrong = true
    } catch (error) {
      logger.error('Unable to authenticate the request due to an error', { err: error })
      isWrong = true
    }
  return anonymous && !isWrong ? ANONYMOUS : undefined
}

function authenticated(name: string, groups: readonly string[]): UserInfo {
  return { name, groups: [...new Set([...groups, 'system:authenticated'])] }
}

type Authorizer = (user: UserInfo, attributes: RequestAttributes) => Promise<boolean>

function chooseAuthorizer(mode: string, reviewer: AccessReviewer | undefined): Authorizer {
  switch (mode) {
    case 'AlwaysAllow':
      return () => Promise.resolve(true)
    case 'Webhook':
      if (reviewer === undefined) throw refusal('no client provided, cannot use webhook authorization')
      return (user, attributes) => reviewer.isAllowed(user, attributes)
    case '':
      throw refusal('no authorization mode specified')
    default:
      throw refusal(`unknown authorization mode ${mode}`)
  }
}

/** Checked as client-go does (util/cert): other blocks than certificates are passed over, one has to be there, all have to be good. */
function readClientCA(path: string): string {
  const unusable = (reason: string): KubeletExit => refusal(`unable to load client CA file ${path}: ${reason}`)
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    throw unusable(describeReadError(error, path, 'open'))
  }
  const certificates = text.match(CERTIFICATE_BLOCK) ?? []
  const noPool = `error creating pool from ${path}`
  if (certificates.length === 0) throw unusable(`${noPool}: data does not contain any valid RSA or ECDSA certificates`)
  for (const certificate of certificates)
    try {
      new X509Certificate(certificate)
    } catch (error) {
      throw unusable(`${noPool}: ${error instanceof Error ? error.message : String(error)}`)
    }
  return certificates.join('\n')
}

const CERTIFICATE_BLOCK = /^-----BEGIN CERTIFICATE-----$.*?^-----END CERTIFICATE-----$/gms

function refusal(reason: string): KubeletExit {
  return new KubeletExit(1, `failed to run Kubelet: ${reason}`)
}
