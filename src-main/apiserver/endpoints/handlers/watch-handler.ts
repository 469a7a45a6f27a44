/** WATCH: one JSON line for each event, until the client goes, the time is over or the server ends (facts 8.4). */
import type { Clock } from '../../../base/clock.ts'
import type { ListMeta, UnknownObject } from '../../../common/api/api-object.ts'
import { badRequest } from '../../../kube/status-error.ts'
import type { TablePrinter } from '../../registry/resource-definition.ts'
import type { ObjectWatch, RequestContext, ResourceStorage, WatchEvent } from '../../registry/resource-storage.ts'
import { encodeTable, partialObjectMetadata, type Table } from '../../table/encode-table.ts'
import type { ResponseForm } from '../../table/negotiate.ts'
import { negotiateObjectForm, readIncludeObject } from '../answer-object.ts'
import type { Exchange } from '../exchange.ts'
import { readWatchQuery } from '../list-query.ts'
import type { ResourceRequest } from '../request-info.ts'
import { setWarnings } from '../respond.ts'

/** As upstream's `--min-request-timeout`: a watch lasts once to twice as long. */
const MIN_WATCH_SECONDS = 1800

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
  const deadlineMs = clock.now() + 1000 * (timeoutSeconds ?? MIN_WATCH_SECONDS * (1 + random()))
  const ended = Promise.withResolvers<void>()
  const end = (): void => ended.resolve()
  const timer = clock.setTimer(deadlineMs - clock.now(), end)
  signal.addEventListener('abort', end)
  const send = (event: WatchEvent): boolean => {
    if (!response.headersSent) beginStream(exchange)
    const isReading = response.write(`${JSON.stringify({ type: event.type, object: encode(event) })}\n`)
    if (!isReading) response.once('drain', resume)
    return isReading
  }
  const resume = (): void => watch?.resume()
  let watch: ObjectWatch | undefined
  try {
    watch = await storage.watch(context, { ...request, deadlineMs }, { onEvent: send, onEnd: end })
    if (!response.headersSent) beginStream(exchange)
    if (!signal.aborted) await ended.promise
  } finally {
    timer.cancel()
    signal.removeEventListener('abort', end)
    await watch?.dispose()
  }
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
    if (event.type === 'BOOKMARK') return bookmarkTable(object, metadata)
    const withColumns = isFirst
    isFirst = false
    return encodeTable(printer, [object], metadata, { includeObject, now: clock.now(), withColumns })
  }
}

/** It has nothing to print. */
function bookmarkTable(object: UnknownObject, metadata: ListMeta): Table {
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: null,
    rows: [{ cells: [], object: partialObjectMetadata(object) }],
  }
}
