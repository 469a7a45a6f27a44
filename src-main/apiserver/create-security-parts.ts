/**
 * The gates and what is served behind them, made with the registry at hand: authentication, authorization, admission,
 * subresources, reviews, metrics.
 */
import type { Clock } from '../base/clock.ts'
import type { Disposable } from '../base/disposable.ts'
import type { Logger } from '../base/logger.ts'
import { chooseAdmissionPlugins, type AdmissionChoice } from './admission/admission-chain.ts'
import type { AdmissionPlugin } from './admission/admission-plugin.ts'
import { ALWAYS_ADMIT_PLUGIN, ALWAYS_DENY_PLUGIN } from './admission/always-plugins.ts'
import { defaultTolerationSeconds, type DefaultTolerations } from './admission/default-toleration-seconds.ts'
import { namespaceLifecycle } from './admission/namespace-lifecycle.ts'
import { nodeRestriction } from './admission/node-restriction/node-restriction.ts'
import { priority } from './admission/priority.ts'
import { serviceAccount } from './admission/service-account/service-account.ts'
import { TAINT_NODES_BY_CONDITION } from './admission/taint-nodes-by-condition.ts'
import { createAuthentication, type AuthenticationOptions } from './authentication/create-authentication.ts'
import { identityReviews } from './authentication/identity-reviews.ts'
import { createAuthorization, parseAuthorizationModes } from './authorization/create-authorizer.ts'
import { escalationCheck } from './authorization/rbac/escalation-check.ts'
import { ensureBootstrapPolicy } from './authorization/rbac/ensure-bootstrap-policy.ts'
import { accessReviews } from './authorization/reviews/access-reviews.ts'
import { ruleLister, selfSubjectRulesReview } from './authorization/reviews/rules-review.ts'
import { KubeletClient, type KubeletClientOptions } from './kubelet-client/kubelet-client.ts'
import { KubeletSampler } from './metrics-api/kubelet-sampler.ts'
import { metricsResources } from './metrics-api/metrics-resources.ts'
import type { Registry } from './registry/resource-storage.ts'
import type { ServerParts } from './server/new-api-server.ts'
import { nodeProxy } from './subresources/nodes/node-proxy.ts'
import { podBinding } from './subresources/pods/pod-binding.ts'
import { podEviction } from './subresources/pods/pod-eviction.ts'
import { podLog } from './subresources/pods/pod-log.ts'
import { podProxy } from './subresources/pods/pod-proxy.ts'
import { podStreams } from './subresources/pods/pod-streams.ts'
import { serviceAccountToken } from './subresources/serviceaccounts/token-request.ts'

export interface SecurityOptions {
  authentication: AuthenticationOptions
  /** `--authorization-mode`, separated by commas. */
  authorizationModes: string
  admission: AdmissionChoice
  defaultTolerations: DefaultTolerations
  kubelet: KubeletClientOptions
}

/** @throws Error in upstream's words for flags that cannot be followed */
export function createSecurityParts(
  options: SecurityOptions,
  registry: Registry,
  clock: Clock,
  logger: Logger,
): ServerParts & Disposable {
  const modes = parseAuthorizationModes(options.authorizationModes)
  const { authenticate, tokens } = createAuthentication(options.authentication, registry, clock, logger)
  const authorization = createAuthorization(modes, registry, clock, logger)
  const { authorizer, rbac } = authorization
  const kubelets = new KubeletClient(options.kubelet, registry)
  const sampler = new KubeletSampler(kubelets, registry, clock, logger)
  const now = (): number => clock.now()
  return {
    authenticate: (request) => authenticate(request, authorizer),
    authorizer,
    admission: [
      ...createPlugins(options, registry, clock),
      ...(rbac === undefined ? [] : [escalationCheck(rbac, authorizer)]),
    ],
    subresources: [
      podLog(kubelets),
      ...podStreams(kubelets, authorizer),
      podBinding(now),
      podEviction(registry, now),
      podProxy(options.kubelet.forbidden),
      nodeProxy(kubelets, options.kubelet.forbidden),
      ...(tokens?.canIssue === true ? [serviceAccountToken(registry, tokens)] : []),
    ],
    virtualResources: [
      ...identityReviews(tokens),
      ...accessReviews(authorizer),
      selfSubjectRulesReview(ruleLister(modes, rbac)),
      ...metricsResources(sampler, registry),
    ],
    postStartHooks: [
      ...(rbac === undefined ? [] : [{ name: 'rbac/bootstrap-roles', run: () => ensureBootstrapPolicy(registry) }]),
      { name: 'start-authorization-informers', run: () => authorization.synced },
    ],
    async dispose() {
      sampler.dispose()
      await authorization.dispose()
    },
  }
}

function createPlugins(options: SecurityOptions, registry: Registry, clock: Clock): AdmissionPlugin[] {
  return chooseAdmissionPlugins(
    [
      ALWAYS_ADMIT_PLUGIN,
      namespaceLifecycle(registry),
      serviceAccount({ registry, clock }),
      nodeRestriction(registry),
      TAINT_NODES_BY_CONDITION,
      priority(registry),
      defaultTolerationSeconds(options.defaultTolerations),
      ALWAYS_DENY_PLUGIN,
    ],
    options.admission,
  )
}
