/** `--authorization-mode`: the authorizers in the order of the flag, behind the one for `system:masters`. */
import type { Clock } from '../../base/clock.ts'
import { DisposableStore, type Disposable } from '../../base/disposable.ts'
import type { Logger } from '../../base/logger.ts'
import type { Registry } from '../registry/resource-storage.ts'
import type { Authorizer } from './authorizer.ts'
import { NodeGraph } from './node/node-graph.ts'
import { nodeAuthorizer } from './node/node-authorizer.ts'
import { rbacAuthorizer, watchRbac, type RbacCache } from './rbac/rbac-authorizer.ts'
import { ResourceFollower } from './resource-follower.ts'
import { ALWAYS_ALLOW, ALWAYS_DENY, SUPERUSER_AUTHORIZER, unionAuthorizer } from './union-authorizer.ts'

const AUTHORIZATION_MODES = ['Node', 'RBAC', 'AlwaysAllow', 'AlwaysDeny'] as const

type AuthorizationMode = (typeof AUTHORIZATION_MODES)[number]

export interface Authorization extends Disposable {
  authorizer: Authorizer
  /** What RBAC has stored; undefined without that mode. */
  rbac: RbacCache | undefined
  /** Resolves when what decisions depend on has been read: before that, less is allowed than should be. */
  synced: Promise<void>
}

/** @throws Error in upstream's words for modes that are not known, named twice or missing */
export function parseAuthorizationModes(text: string): AuthorizationMode[] {
  const modes = text.split(',').filter((mode) => mode !== '')
  if (modes.length === 0) throw new Error('at least one authorization-mode must be passed')
  const known = (mode: string): mode is AuthorizationMode => AUTHORIZATION_MODES.some((one) => one === mode)
  return modes.map((mode, index) => {
    if (!known(mode)) throw new Error(`authorization-mode ${JSON.stringify(mode)} is not a valid mode`)
    if (modes.indexOf(mode) !== index)
      throw new Error(`authorization-mode ${JSON.stringify(modes)} has mode specified more than once`)
    return mode
  })
}

/** Begins to watch what the modes need. */
export function createAuthorization(
  modes: readonly AuthorizationMode[],
  registry: Registry,
  clock: Clock,
  logger: Logger,
): Authorization {
  const owned = new DisposableStore()
  const synced: Promise<void>[] = []
  let rbac: RbacCache | undefined
  const authorizers = modes.map((mode): Authorizer => {
    switch (mode) {
      case 'AlwaysAllow':
        return ALWAYS_ALLOW
      case 'AlwaysDeny':
        return ALWAYS_DENY
      case 'RBAC':
        rbac = owned.add(watchRbac(registry, clock, logger))
        synced.push(rbac.synced)
        return rbacAuthorizer(rbac)
      case 'Node': {
        const graph = new NodeGraph()
        const pods = registry.find('', 'pods')
        if (pods === undefined) throw new Error('the node authorizer needs pods to be served')
        synced.push(owned.add(new ResourceFollower(pods, clock, logger, graph)).synced)
        return nodeAuthorizer(graph)
      }
    }
  })
  return {
    authorizer: unionAuthorizer([SUPERUSER_AUTHORIZER, ...authorizers]),
    rbac,
    synced: Promise.all(synced).then(() => undefined),
    dispose: () => owned.dispose(),
  }
}
