/** GET of an object, and LIST. */
import type { ObjectPart, RequestContext, ResourceStorage } from '../../registry/resource-storage.ts'
import { answerList, answerObject, negotiateObjectForm } from '../answer-object.ts'
import type { Exchange } from '../exchange.ts'
import { readListQuery } from '../list-query.ts'
import type { ResourceRequest } from '../request-info.ts'

export async function serveGet(
  exchange: Exchange,
  { namespace, name }: ResourceRequest,
  context: RequestContext,
  storage: ObjectPart,
  now: number,
): Promise<void> {
  const form = negotiateObjectForm(exchange)
  const object = await storage.get(context, namespace, name, exchange.query.get('resourceVersion') ?? '')
  await answerObject(exchange, form, 200, object, { printer: storage.definition.printer, now })
}

export async function serveList(
  exchange: Exchange,
  { namespace }: ResourceRequest,
  context: RequestContext,
  storage: ResourceStorage,
  now: number,
): Promise<void> {
  const form = negotiateObjectForm(exchange)
  const list = await storage.list(context, readListQuery(exchange.query, namespace))
  await answerList(exchange, form, list, { printer: storage.definition.printer, now })
}
