/** WATCH: one JSON line for each event, until the client goes, the time is over or the server ends (facts 8.4). */
import type { Clock } from '../../../base/clock.ts'
import type { UnknownObject } from '../../../common/api/api-object.ts'
import { badRequest } from '../../../kube/status-error.ts'
import type { TablePrinter } from '../../registry/resource-definition.ts'
import type { RequestContext, ResourceStorage, WatchEvent } from '../../registry/resource-storage.ts'
import { encodeTable, partialObjectMetadata } from '../../table/encode-table.ts'
import type { ResponseForm } from '../../table/negotiate.ts'
import { negotiateObjectForm, readIncludeObject } from '../answer-object.ts'
import type { Exchange } from '../exchange.ts'
import { readWatchQuery } from '../list-query.ts'
import type { ResourceRequest } from '../request-info.ts'
import { setWarnings } from '../respond.ts'

/** As upstream's `--min-request-timeout`: a watch lasts once to twice as long. */
const MIN_WATCH_SECONDS = 1800
/** A client that reads slower than this much behind is let go, as one whose channel is full at upstream's. */
const MAX_UNSENT_BYTES = 8 * 1024 * 1024

export interface WatchTimes {
  clock: Clock
  /** Numbers in [0, 1). */
  random: () => number
}

export async function serveWatch(
  exchange: Exchange,
  info: ResourceRequest,
  context: RequestContext,
  storage: ResourceStorage,
  { clock, random }: WatchTimes,
): Promise<void> {
  const { response, signal } = exchange
  const form = negotiateObjectForm(exchange)
  const { request, timeoutSeconds } = readWatchQuery(withName(exchange.query, info), info.namespace)
  const encode = eventEncoder(form, storage.definition.printer, exchange.query, clock)
  const seconds = timeoutSeconds ?? MIN_WATCH_SECONDS * (1 + random())
  await new Promise<void>((resolve, reject) => {
    const end = (): void => {
      timer.cancel()
      signal.removeEventListener('abort', end)
      response.off('close', end)
      void Promise.resolve(watch.then((started) => started.dispose())).then(() => resolve(), reject)
    }
    const timer = clock.setTimer(seconds * 1000, end)
    signal.addEventListener('abort', end)
    response.once('close', end)
    const send = (event: WatchEvent): void => {
      if (!response.headersSent) beginStream(exchange)
      response.write(`${JSON.stringify({ type: event.type, object: encode(event) })}\n`)
      if (response.writableLength > MAX_UNSENT_BYTES) end()
    }
    const watch = storage.watch(context, request, { onEvent: send, onEnd: end })
    watch.then(
      () => {
        if (!response.headersSent) beginStream(exchange)
      },
      (error: unknown) => {
        timer.cancel()
        signal.removeEventListener('abort', end)
        response.off('close', end)
        reject(error)
      },
    )
    if (signal.aborted) end()
  })
  response.end()
}

/** Clients wait for the headers before they count the watch as begun. */
function beginStream(exchange: Exchange): void {
  const { response } = exchange
  setWarnings(exchange)
  response.setHeader('Cache-Control', 'no-cache, private')
  response.setHeader('Content-Type', 'application/json')
  response.statusCode = 200
  response.flushHeaders()
}

/** A watch of one object is one of all of that name. */
function withName(query: URLSearchParams, { namesObject, name }: ResourceRequest): URLSearchParams {
  if (!namesObject) return query
  const given = query.get('fieldSelector') ?? ''
  if (given !== '' && given !== `metadata.name=${name}`)
    throw badRequest('both a name and a field selector provided; please provide one or the other.')
  const copy = new URLSearchParams(query)
  copy.set('fieldSelector', `metadata.name=${name}`)
  return copy
}

function eventEncoder(
  form: ResponseForm,
  printer: TablePrinter<UnknownObject>,
  query: URLSearchParams,
  clock: Clock,
): (event: WatchEvent) => object {
  const includeObject = readIncludeObject(query)
  let isFirst = true
  return (event) => {
    if (event.type === 'ERROR') return event.object
    const { object } = event
    if (form.type === 'partialMetadata') return partialObjectMetadata(object)
    if (form.type !== 'table') return object
    const metadata = { resourceVersion: object.metadata.resourceVersion ?? '' }
    const withColumns = isFirst
    isFirst = false
    return encodeTable(printer, [object], metadata, { includeObject, now: clock.now(), withColumns })
  }
}
