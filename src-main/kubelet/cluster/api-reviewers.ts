/** Asks the API server who calls the kubelet's API and what he may do (facts 5.5; cmd/kubelet/app/auth.go). */
import type { ApiObject, GroupVersionResource } from '../../common/api/api-object.ts'
import type { ApiClient } from '../../kube/api-client.ts'
import type { Reviewers } from '../server/access-control.ts'

const TOKEN_REVIEWS: GroupVersionResource = { group: 'authentication.k8s.io', version: 'v1', resource: 'tokenreviews' }
const ACCESS_REVIEWS: GroupVersionResource = {
  group: 'authorization.k8s.io',
  version: 'v1',
  resource: 'subjectaccessreviews',
}

interface TokenReview extends ApiObject {
  spec: { token: string }
  status?: { authenticated?: boolean; user?: { username?: string; groups?: string[] }; error?: string }
}

interface SubjectAccessReview extends ApiObject {
  spec: {
    user: string
    groups: readonly string[]
    resourceAttributes: { verb: string; version: string; resource: string; subresource: string; name: string }
  }
  status?: { allowed: boolean }
}

export function apiReviewers(client: ApiClient): Reviewers {
  return {
    tokens: {
      async review(token) {
        const review: TokenReview = {
          apiVersion: 'authentication.k8s.io/v1',
          kind: 'TokenReview',
          metadata: {},
          spec: { token },
        }
        const { status } = await client.create<TokenReview>(TOKEN_REVIEWS, review)
        if (status?.authenticated !== true) return undefined
        return { name: status.user?.username ?? '', groups: status.user?.groups ?? [] }
      },
    },
    access: {
      async isAllowed(user, { verb, resource, subresource, nodeName }) {
        const review: SubjectAccessReview = {
          apiVersion: 'authorization.k8s.io/v1',
          kind: 'SubjectAccessReview',
          metadata: {},
          spec: {
            user: user.name,
            groups: user.groups,
            resourceAttributes: { verb, version: 'v1', resource, subresource, name: nodeName },
          },
        }
        const { status } = await client.create<SubjectAccessReview>(ACCESS_REVIEWS, review)
        return status?.allowed === true
      },
    },
  }
}
