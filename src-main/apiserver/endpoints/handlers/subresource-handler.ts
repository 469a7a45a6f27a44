/** Subresources that are no write of their object: bodies, admission and answers around their own handlers. */
import type { Duplex } from 'node:stream'
import type { UnknownObject } from '../../../common/api/api-object.ts'
import { badRequest } from '../../../kube/status-error.ts'
import type { AdmissionAttributes } from '../../admission/admission-plugin.ts'
import type { RequestContext, ResourceStorage } from '../../registry/resource-storage.ts'
import type { ApiServices } from '../api-services.ts'
import type { Exchange } from '../exchange.ts'
import { readObject } from '../request-body.ts'
import type { ResourceRequest } from '../request-info.ts'
import { sendObject } from '../respond.ts'
import type { Subresource, SubresourceRequest } from '../subresource.ts'
import { readWriteQuery } from '../write-query.ts'

export interface SubresourceCall {
  exchange: Exchange
  info: ResourceRequest
  context: RequestContext
  subresource: Subresource
  parent: ResourceStorage
}

/** Connections (exec, proxy) are kinds of options; everything else is an object that is sent. */
function isConnection({ kind }: Subresource): boolean {
  return kind.kind.endsWith('Options')
}

export async function serveSubresource(services: ApiServices, call: SubresourceCall): Promise<void> {
  const { exchange, subresource } = call
  const request = makeRequest(call)
  await admit(services, call, request)
  const answer = await subresource.serve(request)
  if (answer.type === 'raw') await answer.write(exchange.response)
  else await sendObject(exchange, answer.code, answer.object)
}

/** Gives the connection away. `StatusError` before anything has been written. */
export async function upgradeSubresource(
  services: ApiServices,
  call: SubresourceCall,
  socket: Duplex,
  head: Buffer,
): Promise<void> {
  const { subresource } = call
  if (subresource.upgrade === undefined) throw badRequest('Upgrade request required')
  const request = makeRequest(call)
  await admit(services, call, request)
  await subresource.upgrade(request, socket, head)
}

function makeRequest({ exchange, info, context, subresource, parent }: SubresourceCall): SubresourceRequest {
  const isRead = exchange.method === 'GET'
  const query = isRead || isConnection(subresource) ? undefined : readWriteQuery(exchange.query, 'CreateOptions')
  let body: Promise<UnknownObject> | undefined
  return {
    context,
    method: exchange.method,
    namespace: info.namespace,
    name: info.name,
    rest: info.rest,
    query: exchange.query,
    dryRun: query?.dryRun ?? false,
    body: () => (body ??= decode(exchange, context, subresource, query?.fieldValidation ?? 'Warn')),
    incoming: exchange.request,
    parent,
    signal: exchange.signal,
  }
}

async function decode(
  exchange: Exchange,
  context: RequestContext,
  { kind, schema, resource, name }: Subresource,
  fieldValidation: 'Strict' | 'Warn' | 'Ignore',
): Promise<UnknownObject> {
  if (schema === undefined) throw badRequest(`${resource}/${name} takes no body`)
  const { object, warnings } = await readObject(exchange, { ...kind, schema }, fieldValidation)
  warnings.forEach(context.warn)
  return object
}

async function admit(services: ApiServices, call: SubresourceCall, request: SubresourceRequest): Promise<void> {
  const { exchange, info, context, subresource } = call
  const isBody = exchange.method === 'POST' && !isConnection(subresource)
  if (!isBody && !isConnection(subresource)) return
  const attributes: AdmissionAttributes = {
    operation: isBody ? 'CREATE' : 'CONNECT',
    kind: subresource.kind,
    resource: { group: info.group, version: info.version, resource: info.resource },
    subresource: subresource.name,
    namespace: info.namespace,
    name: info.name,
    object: isBody ? await request.body() : undefined,
    oldObject: undefined,
    user: context.user,
    dryRun: request.dryRun,
    warn: context.warn,
  }
  await services.admission.admit(attributes)
  await services.admission.validate(attributes)
}
