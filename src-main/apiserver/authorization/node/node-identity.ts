/** Which users are nodes (pkg/auth/nodeidentifier). */
import type { UserInfo } from '../../authentication/user-info.ts'

const USER_PREFIX = 'system:node:'
const NODES_GROUP = 'system:nodes'

/** The node's name; undefined for a user who is no node. */
export function nodeNameOf({ name, groups }: UserInfo): string | undefined {
  return name.startsWith(USER_PREFIX) && groups.includes(NODES_GROUP) ? name.slice(USER_PREFIX.length) : undefined
}
