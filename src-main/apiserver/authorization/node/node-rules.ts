/** What every node may do whatever runs on it (bootstrappolicy.NodeRules); all else goes by the graph. */
import type { PolicyRule } from '../../../common/api/rbac.ts'
import { READ, rule } from '../rbac/rule-builders.ts'

export const NODE_RULES: readonly PolicyRule[] = [
  rule(['create'], 'authentication.k8s.io', ['tokenreviews']),
  rule(['create'], 'authorization.k8s.io', ['subjectaccessreviews', 'localsubjectaccessreviews']),
  rule(READ, '', ['services']),
  rule(['create', 'patch', 'update'], '', ['events']),
  rule(['create', 'patch', 'update'], 'events.k8s.io', ['events']),
]
