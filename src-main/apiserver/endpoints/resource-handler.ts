/** Which handler a request for a resource goes to. */
import { methodNotAllowed, unknownResource } from '../../kube/status-error.ts'
import { scalePart } from '../registry/scale-part.ts'
import type { RequestContext, ResourceStorage } from '../registry/resource-storage.ts'
import type { ApiServices } from './api-services.ts'
import type { Exchange } from './exchange.ts'
import { serveDelete, serveDeleteCollection } from './handlers/delete-handler.ts'
import { serveGet, serveList } from './handlers/read-handler.ts'
import { serveSubresource } from './handlers/subresource-handler.ts'
import { serveVirtual } from './handlers/virtual-handler.ts'
import { serveWatch } from './handlers/watch-handler.ts'
import { servePatch, serveUpdate, serveCreate, type WriterContext } from './handlers/write-handler.ts'
import type { ResourceRequest } from './request-info.ts'
import type { Subresource } from './subresource.ts'

const WRONG_METHOD = 'the server does not allow this method on the requested resource'

/** Whether any resource of that group and version is served. */
export function isServedVersion(services: ApiServices, group: string, version: string): boolean {
  return (
    services.registry.all.some(({ definition }) => definition.group === group && definition.version === version) ||
    services.virtualResources.some(({ gvk }) => gvk.group === group && gvk.version === version)
  )
}

/** @throws StatusError */
export async function serveResource(
  services: ApiServices,
  exchange: Exchange,
  info: ResourceRequest,
  context: RequestContext,
): Promise<void> {
  const now = services.clock.now()
  const virtual = services.virtualResources.find(
    ({ gvk, resource }) => gvk.group === info.group && gvk.version === info.version && resource === info.resource,
  )
  if (virtual !== undefined && info.subresource === '') {
    requireScope(virtual, info)
    return await serveVirtual(exchange, info, context, virtual, now)
  }
  const storage = findStorage(services, info)
  const subresource = findSubresource(services, info)
  if (subresource !== undefined) {
    requireMethod(subresource, exchange.method)
    const call = { exchange, info, context, subresource, parent: storage }
    return await serveSubresource(services, call)
  }
  const requireCreate = (): Promise<void> => services.authorize(context.user, { ...info, verb: 'create' })
  const writer = { ...context, requireCreate }
  if (info.subresource !== '') return await servePart(exchange, info, writer, storage, now)
  if (info.verb === 'watch') return await serveWatch(exchange, info, context, storage, services)
  if (info.namesObject) return await serveObject(exchange, info, writer, storage, now)
  return await serveCollection(exchange, info, writer, storage, now)
}

/** Of the path's resource. Throws `StatusError` 404. */
export function findStorage({ registry }: ApiServices, info: ResourceRequest): ResourceStorage {
  const storage = registry.find(info.group, info.resource)
  if (storage === undefined || storage.definition.version !== info.version) throw unknownResource()
  requireScope(storage.definition, info)
  return storage
}

/**
 * Authorization has gone by the namespace of the path: there must be none for what lies outside of namespaces, or who may do
 * everything in one could do it everywhere.
 */
function requireScope({ namespaced }: { namespaced: boolean }, info: ResourceRequest): void {
  // The namespace of a request of a namespace itself is its own name.
  const isItself = info.group === '' && info.resource === 'namespaces' && info.name === info.namespace
  const isOfNamespace = info.namespace !== '' && !isItself
  if (isOfNamespace && !namespaced) throw unknownResource()
  if (!isOfNamespace && namespaced && info.namesObject) throw unknownResource()
}

export function findSubresource(services: ApiServices, info: ResourceRequest): Subresource | undefined {
  return services.subresources.find(
    ({ group, resource, name }) =>
      group === info.group && resource === info.resource && name === info.subresource && info.subresource !== '',
  )
}

/** @throws StatusError 405 for a method that the subresource does not have, which nobody was authorized for */
export function requireMethod({ verbs }: Subresource, method: string): void {
  if (!Object.hasOwn(verbs, method)) throw wrongMethod()
}

type Call = [Exchange, ResourceRequest, WriterContext, ResourceStorage, number]

async function serveObject(...call: Call): Promise<void> {
  const [{ method }] = call
  switch (method) {
    case 'GET':
      return await serveGet(...call)
    case 'PUT':
      return await serveUpdate(...call)
    case 'PATCH':
      return await servePatch(...call)
    case 'DELETE':
      return await serveDelete(...call)
    default:
      throw wrongMethod()
  }
}

async function serveCollection(...call: Call): Promise<void> {
  const [{ method }, info, , storage] = call
  const acrossNamespaces = storage.definition.namespaced && info.namespace === ''
  if (method === 'GET') return await serveList(...call)
  if (method === 'POST' && !acrossNamespaces) return await serveCreate(...call)
  if (method === 'DELETE' && !acrossNamespaces) return await serveDeleteCollection(...call)
  throw wrongMethod()
}

/** The scale, the status, and other parts that are only ever put. */
async function servePart(...call: Call): Promise<void> {
  const [exchange, info, writer, storage, now] = call
  const { method } = exchange
  const { definition } = storage
  if (info.rest === '' && info.subresource === 'scale' && definition.isScalable === true) {
    const scale = [exchange, info, writer, scalePart(storage), now] as const
    if (method === 'GET') return await serveGet(...scale)
    if (method === 'PUT') return await serveUpdate(...scale)
    if (method === 'PATCH') return await servePatch(...scale)
    throw wrongMethod()
  }
  const isStatus = info.subresource === 'status' && definition.statusStrategy !== undefined
  const isPart = definition.parts !== undefined && Object.hasOwn(definition.parts, info.subresource)
  if (info.rest !== '' || !(isStatus || isPart)) throw unknownResource()
  if (method === 'PUT') return await serveUpdate(...call)
  if (method === 'GET' && isStatus) return await serveGet(...call)
  if (method === 'PATCH' && isStatus) return await servePatch(...call)
  throw wrongMethod()
}

function wrongMethod(): Error {
  return methodNotAllowed(WRONG_METHOD, { group: '', resource: '' })
}
