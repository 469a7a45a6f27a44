/** Objects and lists in the form that the client's `Accept` asks for: JSON, YAML, a Table, or metadata alone (facts 8.3.1). */
import type { ApiObject, ObjectList, UnknownObject } from '../../common/api/api-object.ts'
import { badRequest } from '../../kube/status-error.ts'
import type { TablePrinter } from '../registry/resource-definition.ts'
import {
  encodeTable,
  partialObjectMetadata,
  partialObjectMetadataList,
  type IncludeObject,
} from '../table/encode-table.ts'
import { negotiate, type ResponseForm } from '../table/negotiate.ts'
import type { Exchange } from './exchange.ts'
import { sendObject } from './respond.ts'

export interface AnswerContext {
  printer: TablePrinter<UnknownObject>
  /** Milliseconds since the epoch, for ages in Tables. */
  now: number
}

/** @throws StatusError 406 */
export function negotiateObjectForm({ request }: Exchange): ResponseForm {
  return negotiate(request.headers.accept, ['json', 'yaml', 'table', 'partialMetadata'])
}

/** @throws StatusError */
export function readIncludeObject(query: URLSearchParams): IncludeObject {
  const text = query.get('includeObject') ?? ''
  switch (text) {
    case '':
    case 'Metadata':
      return 'Metadata'
    case 'None':
    case 'Object':
      return text
    default:
      throw badRequest(`unrecognized includeObject value: ${JSON.stringify(text)}`)
  }
}

export async function answerObject(
  exchange: Exchange,
  form: ResponseForm,
  code: number,
  object: UnknownObject,
  { printer, now }: AnswerContext,
): Promise<void> {
  switch (form.type) {
    case 'table': {
      const { resourceVersion } = object.metadata
      const metadata = resourceVersion === undefined ? {} : { resourceVersion }
      const includeObject = readIncludeObject(exchange.query)
      const table = encodeTable(printer, [object], metadata, { includeObject, now, withColumns: true })
      return await sendObject(exchange, code, table)
    }
    case 'partialMetadata':
      return await sendObject(exchange, code, partialObjectMetadata(object))
    default:
      return await sendObject(exchange, code, object, form)
  }
}

export async function answerList(
  exchange: Exchange,
  form: ResponseForm,
  list: ObjectList,
  { printer, now }: AnswerContext,
): Promise<void> {
  switch (form.type) {
    case 'table': {
      const includeObject = readIncludeObject(exchange.query)
      const table = encodeTable(printer, list.items, list.metadata, { includeObject, now, withColumns: true })
      return await sendObject(exchange, 200, table)
    }
    case 'partialMetadata':
      return await sendObject(exchange, 200, partialObjectMetadataList(list.items, list.metadata))
    default: {
      // The list names the type of its items once.
      const items = list.items.map(withoutType)
      return await sendObject(exchange, 200, { ...list, items }, form)
    }
  }
}

function withoutType({ apiVersion: _, kind: __, ...rest }: ApiObject): object {
  return rest
}
