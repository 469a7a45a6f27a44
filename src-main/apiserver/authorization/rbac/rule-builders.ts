/** Short forms of rules for the bootstrap policy. */
import type { PolicyRule } from '../../../common/api/rbac.ts'

export const EVERYTHING = ['*']
export const READ = ['get', 'list', 'watch']
export const WRITE = ['create', 'update', 'patch', 'delete', 'deletecollection']
export const READ_WRITE = [...READ, ...WRITE]

export function rule(
  verbs: readonly string[],
  group: string,
  resources: readonly string[],
  resourceNames?: readonly string[],
): PolicyRule {
  return {
    verbs: [...verbs],
    apiGroups: [group],
    resources: [...resources],
    ...(resourceNames === undefined ? {} : { resourceNames: [...resourceNames] }),
  }
}

export function paths(verbs: readonly string[], nonResourceURLs: readonly string[]): PolicyRule {
  return { verbs: [...verbs], nonResourceURLs: [...nonResourceURLs] }
}
