/** Several authorizers in a row, and those that need no data (apiserver/pkg/authorization/{union,authorizerfactory}). */
import type { Authorizer, Decision } from './authorizer.ts'

export const SUPERUSER_GROUP = 'system:masters'

/** The first that allows or denies decides; otherwise the reasons of all are told. */
export function unionAuthorizer(authorizers: readonly Authorizer[]): Authorizer {
  return {
    async authorize(attributes) {
      const reasons: string[] = []
      for (const authorizer of authorizers) {
        const decision = await authorizer.authorize(attributes)
        if (decision.verdict !== 'noOpinion') return decision
        if (decision.reason !== '') reasons.push(decision.reason)
      }
      return { verdict: 'noOpinion', reason: reasons.join('\n') }
    },
  }
}

/** Stands before all modes: members of `system:masters` may do everything. */
export const SUPERUSER_AUTHORIZER: Authorizer = {
  authorize: ({ user }) =>
    Promise.resolve<Decision>(
      user.groups.includes(SUPERUSER_GROUP) ? { verdict: 'allow', reason: '' } : { verdict: 'noOpinion', reason: '' },
    ),
}

export const ALWAYS_ALLOW: Authorizer = { authorize: () => Promise.resolve({ verdict: 'allow', reason: '' }) }

export const ALWAYS_DENY: Authorizer = {
  authorize: () => Promise.resolve({ verdict: 'noOpinion', reason: 'Everything is forbidden.' }),
}
