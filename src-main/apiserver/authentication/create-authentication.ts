/** The flags of authentication made into what they mean. */
import type { IncomingMessage } from 'node:http'
import type { Clock } from '../../base/clock.ts'
import type { Logger } from '../../base/logger.ts'
import type { Authorizer } from '../authorization/authorizer.ts'
import type { Registry } from '../registry/resource-storage.ts'
import { createRequestAuthenticator } from './authenticate-request.ts'
import { bearerTokenAuthenticator } from './bearer-token.ts'
import { parseCertificates } from './certificate-chain.ts'
import { clientCertificateAuthenticator } from './client-certificate.ts'
import { impersonate } from './impersonation.ts'
import { requestHeaderAuthenticator, type RequestHeaderOptions } from './request-header.ts'
import { ServiceAccountTokens, type ServiceAccountTokenOptions } from './service-account-tokens.ts'
import type { UserInfo } from './user-info.ts'

export interface AuthenticationOptions {
  /** PEM of `--client-ca-file`. */
  clientAuthorities: string | undefined
  /** With PEM of `--requestheader-client-ca-file`; undefined: such headers mean nothing. */
  requestHeader: (Omit<RequestHeaderOptions, 'authorities'> & { authorities: string }) | undefined
  /** Undefined: there are no service account tokens. */
  serviceAccounts: ServiceAccountTokenOptions | undefined
  /** `--anonymous-auth`. */
  anonymous: boolean
}

export interface Authentication {
  /**
   * Who makes a request, and as whom he acts.
   * @throws StatusError 401, or 403 for an impersonation that is not allowed
   */
  authenticate(request: IncomingMessage, authorizer: Authorizer): Promise<UserInfo>
  tokens: ServiceAccountTokens | undefined
}

/** @throws Error for PEM that cannot be read */
export function createAuthentication(
  { clientAuthorities, requestHeader, serviceAccounts, anonymous }: AuthenticationOptions,
  registry: Registry,
  clock: Clock,
  logger: Logger,
): Authentication {
  const tokens = serviceAccounts === undefined ? undefined : new ServiceAccountTokens(serviceAccounts, registry, clock)
  const authenticator = createRequestAuthenticator(
    [
      ...(requestHeader === undefined
        ? []
        : [
            requestHeaderAuthenticator(
              { ...requestHeader, authorities: parseCertificates(requestHeader.authorities) },
              clock,
            ),
          ]),
      ...(clientAuthorities === undefined
        ? []
        : [clientCertificateAuthenticator(parseCertificates(clientAuthorities), clock)]),
      bearerTokenAuthenticator(tokens),
    ],
    anonymous,
    logger,
  )
  return {
    tokens,
    async authenticate(request, authorizer) {
      return await impersonate(request, await authenticator.authenticate(request), authorizer)
    },
  }
}
