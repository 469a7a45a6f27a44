/** DELETE of an object and of a collection (facts 8.5.7). */
import type { UnknownObject } from '../../../common/api/api-object.ts'
import type { Status } from '../../../common/api/status.ts'
import type { ResourceDefinition } from '../../registry/resource-definition.ts'
import type { RequestContext, ResourceStorage } from '../../registry/resource-storage.ts'
import { answerList, answerObject, negotiateObjectForm } from '../answer-object.ts'
import { readDeleteOptions } from '../delete-options.ts'
import type { Exchange } from '../exchange.ts'
import { readListQuery } from '../list-query.ts'
import type { ResourceRequest } from '../request-info.ts'
import { sendObject } from '../respond.ts'

/** Whose last state is the answer (upstream's `ReturnDeletedObject`); of others it is said that they are gone. */
const RETURN_DELETED = ['pods', 'services', 'serviceaccounts']

export async function serveDelete(
  exchange: Exchange,
  { namespace, name }: ResourceRequest,
  context: RequestContext,
  storage: ResourceStorage,
  now: number,
): Promise<void> {
  const form = negotiateObjectForm(exchange)
  const { request, acceptsWaiting } = readDeleteOptions(await exchange.body(), exchange.query)
  const { object, deleted } = await storage.delete(context, namespace, name, request)
  const code = !deleted && acceptsWaiting ? 202 : 200
  const { definition } = storage
  if (deleted && !(definition.group === '' && RETURN_DELETED.includes(definition.resource)))
    return await sendObject(exchange, code, success(definition, object))
  await answerObject(exchange, form, code, object, { printer: definition.printer, now })
}

export async function serveDeleteCollection(
  exchange: Exchange,
  { namespace }: ResourceRequest,
  context: RequestContext,
  storage: ResourceStorage,
  now: number,
): Promise<void> {
  const form = negotiateObjectForm(exchange)
  const list = readListQuery(exchange.query, namespace)
  const { request } = readDeleteOptions(await exchange.body(), exchange.query)
  const deleted = await storage.deleteCollection(context, list, request)
  await answerList(exchange, form, deleted, { printer: storage.definition.printer, now })
}

function success({ group, resource }: ResourceDefinition, { metadata }: UnknownObject): Status {
  const { name = '', uid = '' } = metadata
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: { name, ...(group === '' ? {} : { group }), kind: resource, uid },
  }
}
