/** A node reaches what its pods need, and what is its own (plugin/pkg/auth/authorizer/node/node_authorizer.go, 1.34). */
import { parseFieldSelector, requiredValue } from '../../../common/api/field-selector.ts'
import { SelectorError } from '../../../common/api/label-selector.ts'
import type { Authorizer, AuthorizerAttributes, Decision } from '../authorizer.ts'
import { ruleAllows } from '../rbac/rule-allows.ts'
import type { NodeGraph } from './node-graph.ts'
import { nodeNameOf } from './node-identity.ts'
import { NODE_RULES } from './node-rules.ts'

type ResourceAttributes = Extract<AuthorizerAttributes, { type: 'resource' }>

const ALLOW: Decision = { verdict: 'allow', reason: '' }
const READS = ['get', 'list', 'watch']
const LEASE_VERBS = ['get', 'create', 'update', 'patch', 'delete']
const LEASE_NAMESPACE = 'kube-node-lease'

export function nodeAuthorizer(graph: NodeGraph): Authorizer {
  return {
    authorize: (attributes) => Promise.resolve(decide(graph, attributes)),
  }
}

function decide(graph: NodeGraph, attributes: AuthorizerAttributes): Decision {
  const node = nodeNameOf(attributes.user)
  if (node === undefined) return no('')
  if (node === '') return no(`unknown node for user ${JSON.stringify(attributes.user.name)}`)
  if (attributes.type === 'resource') {
    const decision = decideResource(graph, node, attributes)
    if (decision !== undefined) return decision
  }
  return NODE_RULES.some((rule) => ruleAllows(rule, attributes)) ? ALLOW : no('')
}

/** Undefined for a resource that goes by the rules that all nodes have. */
function decideResource(graph: NodeGraph, node: string, attributes: ResourceAttributes): Decision | undefined {
  switch (`${attributes.group}/${attributes.resource}`) {
    case '/secrets':
    case '/configmaps':
      return decideNamespacedRead(graph, node, attributes)
    case '/serviceaccounts':
      return attributes.subresource === '' && attributes.verb === 'get'
        ? decidePath(graph, node, attributes)
        : decideTokenRequest(graph, node, attributes)
    case '/persistentvolumeclaims':
      return decideGet(graph, node, attributes)
    case '/nodes':
      return decideNode(node, attributes)
    case '/pods':
      return decidePod(graph, node, attributes)
    case 'coordination.k8s.io/leases':
      return decideLease(node, attributes)
    default:
      return undefined
  }
}

function decideNamespacedRead(graph: NodeGraph, node: string, attributes: ResourceAttributes): Decision {
  if (!READS.includes(attributes.verb)) return no('can only read resources of this type')
  if (attributes.subresource !== '') return no('cannot read subresource')
  if (attributes.namespace === '') return no('can only read namespaced object of this type')
  return decidePath(graph, node, attributes)
}

function decideGet(graph: NodeGraph, node: string, attributes: ResourceAttributes): Decision {
  if (attributes.verb !== 'get') return no('can only get individual resources of this type')
  if (attributes.subresource !== '') return no('cannot get subresource')
  return decidePath(graph, node, attributes)
}

function decideTokenRequest(graph: NodeGraph, node: string, attributes: ResourceAttributes): Decision {
  if (attributes.verb !== 'create' || attributes.name === '')
    return no('can only create tokens for individual service accounts')
  if (attributes.subresource !== 'token') return no('can only create token subresource of service account')
  return decidePath(graph, node, attributes)
}

function decidePath(graph: NodeGraph, node: string, { resource, namespace, name }: ResourceAttributes): Decision {
  if (name === '') return no('No Object name found')
  return graph.hasPath(node, resource, namespace, name)
    ? ALLOW
    : no(`no relationship found between node '${node}' and this object`)
}

function decideNode(node: string, { verb, subresource, name }: ResourceAttributes): Decision {
  // Which node is written is for NodeRestriction to look at, whose refusals say more.
  if (subresource === '' && ['create', 'update', 'patch'].includes(verb)) return ALLOW
  if (subresource === 'status' && ['update', 'patch'].includes(verb)) return ALLOW
  if (subresource !== '' || !READS.includes(verb)) return no('')
  if (name === node) return ALLOW
  return no(
    name === ''
      ? `node '${node}' cannot read all nodes, only its own Node object`
      : `node '${node}' cannot read '${name}', only its own Node object`,
  )
}

function decidePod(graph: NodeGraph, node: string, attributes: ResourceAttributes): Decision {
  const { verb, subresource, fieldSelector = '' } = attributes
  switch (`${verb} ${subresource}`) {
    case 'get ':
      return decidePath(graph, node, attributes)
    case 'list ':
    case 'watch ':
      return selectsNode(fieldSelector, node) ? ALLOW : no('can only list/watch pods with spec.nodeName field selector')
    case 'create ':
    case 'delete ':
    case 'update status':
    case 'patch status':
    case 'create eviction':
      return ALLOW
    default:
      return no('')
  }
}

/** A selector that cannot be read selects nothing here; it is refused by the list itself. */
function selectsNode(fieldSelector: string, node: string): boolean {
  try {
    return requiredValue(parseFieldSelector(fieldSelector), 'spec.nodeName') === node
  } catch (error) {
    if (error instanceof SelectorError) return false
    throw error
  }
}

function decideLease(node: string, { verb, namespace, name, subresource }: ResourceAttributes): Decision {
  if (!LEASE_VERBS.includes(verb)) return no('can only get, create, update, patch, or delete a node lease')
  if (namespace !== LEASE_NAMESPACE)
    return no(`can only access leases in the ${JSON.stringify(LEASE_NAMESPACE)} system namespace`)
  if (subresource !== '') return no('')
  // The name of what is created is in the body: NodeRestriction looks at it.
  if (verb !== 'create' && name !== node)
    return no('can only access node lease with the same name as the requesting node')
  return ALLOW
}

function no(reason: string): Decision {
  return { verdict: 'noOpinion', reason }
}
