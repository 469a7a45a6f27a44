/** All that one may do in a namespace: `kubectl auth can-i --list` (pkg/registry/authorization/selfsubjectrulesreview). */
import { badRequest } from '../../../kube/status-error.ts'
import type { UserInfo } from '../../authentication/user-info.ts'
import type { VirtualResource } from '../../endpoints/virtual-resource.ts'
import type { PolicyRule } from '../../../common/api/rbac.ts'
import { EVERYTHING, paths, rule } from '../rbac/rule-builders.ts'
import { resolveRules, type RbacSource } from '../rbac/rule-resolver.ts'
import { SUPERUSER_GROUP } from '../union-authorizer.ts'
import { SELF_SUBJECT_RULES_REVIEW } from './access-review-schema.ts'
import { reviewResource } from './access-reviews.ts'

/** What an authorizer can list; the node authorizer cannot, since its answers depend on pods. */
export interface RuleLister {
  /** @returns `incomplete` says why there may be more */
  rulesFor(user: UserInfo, namespace: string): { rules: PolicyRule[]; incomplete: string | undefined }
}

const ALL_RULES = [rule(EVERYTHING, '*', ['*']), paths(EVERYTHING, ['*'])]

/** @param source undefined without the mode RBAC */
export function ruleLister(modes: readonly string[], source: RbacSource | undefined): RuleLister {
  return {
    rulesFor(user, namespace) {
      const isAll = modes.includes('AlwaysAllow') || user.groups.includes(SUPERUSER_GROUP)
      const resolved = source === undefined ? [] : [...resolveRules(source, user, namespace)]
      const errors = resolved.flatMap((one) => (one.type === 'error' ? [one.message] : []))
      if (modes.includes('Node')) errors.push('node authorizer does not support user rule resolution')
      const rules = resolved.flatMap((one) => (one.type === 'rule' ? [one.rule] : []))
      return {
        rules: [...(isAll ? ALL_RULES : []), ...rules],
        incomplete: errors.length === 0 ? undefined : errors.join(', '),
      }
    },
  }
}

export function selfSubjectRulesReview(lister: RuleLister): VirtualResource {
  return reviewResource('SelfSubjectRulesReview', false, SELF_SUBJECT_RULES_REVIEW, ({ context }, review) => {
    const { namespace = '' } = (review['spec'] ?? {}) as { namespace?: string }
    if (namespace === '') throw badRequest('no namespace on request')
    const { rules, incomplete } = lister.rulesFor(context.user, namespace)
    const status = {
      resourceRules: rules.filter(({ resources }) => resources !== undefined),
      nonResourceRules: rules.filter(({ nonResourceURLs }) => nonResourceURLs !== undefined),
      incomplete: incomplete !== undefined,
      ...(incomplete === undefined ? {} : { evaluationError: incomplete }),
    }
    return Promise.resolve({ ...review, status })
  })
}
