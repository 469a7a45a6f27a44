/** Whether one rule allows a request (pkg/apis/rbac/v1/evaluation_helpers.go). */
import type { AuthorizerAttributes } from '../authorizer.ts'
import type { PolicyRule } from '../../../common/api/rbac.ts'

const ALL = '*'

export function ruleAllows(rule: PolicyRule, attributes: AuthorizerAttributes): boolean {
  if (!matches(rule.verbs, attributes.verb)) return false
  if (attributes.type === 'path') return (rule.nonResourceURLs ?? []).some((url) => urlMatches(url, attributes.path))
  const { group, resource, subresource, name } = attributes
  const names = rule.resourceNames ?? []
  return (
    matches(rule.apiGroups ?? [], group) &&
    (rule.resources ?? []).some((one) => resourceMatches(one, resource, subresource)) &&
    (names.length === 0 || names.includes(name))
  )
}

function matches(allowed: readonly string[], asked: string): boolean {
  return allowed.includes(ALL) || allowed.includes(asked)
}

export function resourceMatches(allowed: string, resource: string, subresource: string): boolean {
  if (allowed === ALL) return true
  if (subresource === '') return allowed === resource
  return allowed === `${resource}/${subresource}` || allowed === `*/${subresource}`
}

export function urlMatches(allowed: string, path: string): boolean {
  return allowed === path || (allowed.endsWith(ALL) && path.startsWith(allowed.slice(0, -1)))
}
