/** What a request means to an authoriser: a verb on a subresource of this node (facts 5.5; pkg/kubelet/server/auth.go). */

/** One of several that would do: whoever may do any of them may do it. */
export interface RequestAttributes {
  /** Empty for a method that is none of the API's. */
  verb: string
  resource: 'nodes'
  subresource: string
  nodeName: string
}

const VERBS: Readonly<Record<string, string>> = {
  POST: 'create',
  GET: 'get',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
}

/** Has a subresource of its own beside `proxy` since 1.33 (`KubeletFineGrainedAuthz`). */
const FINE_GRAINED: Readonly<Record<string, string>> = {
  pods: 'pods',
  runningpods: 'pods',
  healthz: 'healthz',
  configz: 'configz',
}

const INSTEAD_OF_PROXY: Readonly<Record<string, string>> = {
  stats: 'stats',
  metrics: 'metrics',
  logs: 'log',
  checkpoint: 'checkpoint',
}

/** @param root the decoded first part of the path */
export function computeRequestAttributes(method: string, root: string, nodeName: string): RequestAttributes[] {
  const own = Object.hasOwn(FINE_GRAINED, root) ? FINE_GRAINED[root] : undefined
  const general = Object.hasOwn(INSTEAD_OF_PROXY, root) ? INSTEAD_OF_PROXY[root] : undefined
  return [...(own === undefined ? [] : [own]), general ?? 'proxy'].map((subresource) => ({
    verb: VERBS[method] ?? '',
    resource: 'nodes',
    subresource,
    nodeName,
  }))
}
