/** Resources without storage: reviews, and what `metrics.k8s.io` measures. */
import type { UnknownObject } from '../../../common/api/api-object.ts'
import { methodNotAllowed } from '../../../kube/status-error.ts'
import type { TablePrinter } from '../../registry/resource-definition.ts'
import type { RequestContext } from '../../registry/resource-storage.ts'
import { answerList, answerObject, negotiateObjectForm } from '../answer-object.ts'
import type { Exchange } from '../exchange.ts'
import { readListQuery } from '../list-query.ts'
import { readObject } from '../request-body.ts'
import type { ResourceRequest } from '../request-info.ts'
import { sendObject } from '../respond.ts'
import type { VirtualRequest, VirtualResource } from '../virtual-resource.ts'
import { readWriteQuery } from '../write-query.ts'

const NAME_PRINTER: TablePrinter<UnknownObject> = {
  columns: [{ name: 'Name', type: 'string', format: 'name', description: 'Name of the object.', priority: 0 }],
  cells: ({ metadata }) => [metadata.name ?? ''],
}

export async function serveVirtual(
  exchange: Exchange,
  info: ResourceRequest,
  context: RequestContext,
  resource: VirtualResource,
  now: number,
): Promise<void> {
  const { namespace, name, verb } = info
  const request: VirtualRequest = { context, namespace, dryRun: false, signal: exchange.signal }
  const answer = { printer: resource.printer ?? NAME_PRINTER, now }
  if (verb === 'create' && resource.create !== undefined) {
    const { dryRun, fieldValidation } = readWriteQuery(exchange.query, 'CreateOptions')
    const kind = { ...resource.gvk, schema: resource.schema }
    const { object, warnings } = await readObject(exchange, kind, fieldValidation)
    warnings.forEach(context.warn)
    return await sendObject(exchange, 201, await resource.create({ ...request, dryRun }, object))
  }
  const form = negotiateObjectForm(exchange)
  if (verb === 'get' && resource.get !== undefined)
    return await answerObject(exchange, form, 200, await resource.get(request, name), answer)
  if (verb === 'list' && resource.list !== undefined) {
    const list = await resource.list(request, readListQuery(exchange.query, namespace))
    return await answerList(exchange, form, list, answer)
  }
  throw methodNotAllowed('the server does not allow this method on the requested resource', { group: '', resource: '' })
}
