/** The refusal of a request that no authorizer allows (apiserver/pkg/endpoints/handlers/responsewriters). */
import { forbidden, type StatusError } from '../../kube/status-error.ts'
import type { AuthorizerAttributes } from './authorizer.ts'

/** @param reason of the authorizers; empty when they gave none */
export function forbiddenRequest(attributes: AuthorizerAttributes, reason: string): StatusError {
  const message = reason === '' ? describe(attributes) : `${describe(attributes)}: ${reason}`
  if (attributes.type === 'path') return forbidden({ group: '', resource: '' }, '', message)
  return forbidden({ group: attributes.group, resource: attributes.resource }, attributes.name, message)
}

function describe(attributes: AuthorizerAttributes): string {
  const who = `User ${JSON.stringify(attributes.user.name)} cannot ${attributes.verb}`
  if (attributes.type === 'path') return `${who} path ${JSON.stringify(attributes.path)}`
  const { resource, subresource, group, namespace } = attributes
  const what = subresource === '' ? resource : `${resource}/${subresource}`
  const where = namespace === '' ? 'at the cluster scope' : `in the namespace ${JSON.stringify(namespace)}`
  return `${who} resource ${JSON.stringify(what)} in API group ${JSON.stringify(group)} ${where}`
}
