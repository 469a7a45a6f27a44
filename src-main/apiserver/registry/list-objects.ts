/** LIST: pages, selectors and which moment is read (upstream's storage/etcd3 GetList; facts 8.3.5). */
import type { ListMeta, ObjectList, UnknownObject } from '../../common/api/api-object.ts'
import { groupVersion } from '../../common/api/api-object.ts'
import { StatusError, badRequest, expired, tooLargeResourceVersion } from '../../kube/status-error.ts'
import { StoreError, type ListPage, type Store } from '../storage/store.ts'
import { decodeContinue, encodeContinue } from './continue-token.ts'
import { checkSelection } from './object-selection.ts'
import type { ResourceDefinition } from './resource-definition.ts'
import type { ListRequest } from './resource-storage.ts'
import { parseResourceVersion } from './resource-version.ts'
import { keyPrefix, storageKey } from './storage-key.ts'
import { interpretReadFailure } from './store-failure.ts'
import { decodeStored } from './stored-object.ts'

/** With a selector more is read at once than was asked for, as most will not match. */
const LARGEST_PAGE = 10_000

const CONTINUE_EXPIRED =
  'The provided continue parameter is too old to display a consistent list result. You can start a new list without ' +
  'the continue parameter, or use the continue token in this response to retrieve the remainder of the results. ' +
  'Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted ' +
  'between the time the first chunk was returned and now may show up in the list.'

/** @throws StatusError */
export async function listObjects(
  store: Store,
  definition: ResourceDefinition,
  request: ListRequest,
): Promise<ObjectList> {
  const selection = checkSelection(definition, request)
  const prefix = keyPrefix(definition, request.namespace)
  const start = computeStart(request, prefix)
  const limit = Math.max(0, request.limit ?? 0)
  const items: UnknownObject[] = []
  let { revision, fromKey } = start
  let lastKey = ''
  let pageSize = limit
  let remaining: number
  const isOneObject = selection.name !== undefined && (request.namespace !== '' || !definition.namespaced)
  if (isOneObject && fromKey === undefined) return await listOne(store, definition, request, selection, start)
  do {
    const page = await readPage(store, prefix, { limit: pageSize, fromKey, revision }, request.continue)
    if (start.notOlderThan > page.revision) throw tooLargeResourceVersion(start.notOlderThan, page.revision)
    revision ??= page.revision
    remaining = page.remaining
    for (const [index, entry] of page.entries.entries()) {
      if (limit > 0 && items.length === limit) {
        remaining += page.entries.length - index
        break
      }
      lastKey = entry.key
      const object = decodeStored(definition, entry.value, entry.modRevision)
      if (selection.matches(object)) items.push(object)
    }
    fromKey = `${lastKey}\0`
    pageSize = Math.min(pageSize * 2, LARGEST_PAGE)
  } while (remaining > 0 && items.length < limit)
  const metadata: ListMeta = { resourceVersion: String(revision) }
  if (remaining > 0) {
    metadata.continue = encodeContinue(lastKey, prefix, start.isInconsistent ? undefined : revision)
    if (selection.isEverything) metadata.remainingItemCount = remaining
  }
  return { kind: definition.listKind, apiVersion: groupVersion(definition), metadata, items }
}

interface Start {
  /** Undefined for the newest. */
  revision: number | undefined
  notOlderThan: number
  fromKey: string | undefined
  /** The pages before were read at another revision. */
  isInconsistent: boolean
}

function computeStart(request: ListRequest, prefix: string): Start {
  const asked = parseResourceVersion(request.resourceVersion)
  if (request.continue !== undefined && request.continue !== '') {
    if (asked !== 0) throw badRequest('specifying resource version is not allowed when using continue')
    const token = decodeContinue(request.continue, prefix)
    return { ...token, notOlderThan: 0, isInconsistent: token.revision === undefined }
  }
  // Before `resourceVersionMatch` there was one rule: a page at a revision is a page of exactly that revision.
  const isExact =
    request.resourceVersionMatch === 'Exact' ||
    (request.resourceVersionMatch === undefined && (request.limit ?? 0) > 0 && asked > 0)
  return {
    revision: isExact ? asked : undefined,
    notOlderThan: isExact ? 0 : asked,
    fromKey: undefined,
    isInconsistent: false,
  }
}

interface Page {
  limit: number
  fromKey: string | undefined
  revision: number | undefined
}

async function readPage(
  store: Store,
  prefix: string,
  { limit, fromKey, revision }: Page,
  continued: string | undefined,
): Promise<ListPage> {
  try {
    return await store.list(prefix, {
      limit,
      ...(fromKey === undefined ? {} : { fromKey }),
      ...(revision === undefined ? {} : { revision }),
    })
  } catch (error) {
    const isExpired = error instanceof StoreError && error.fault.kind === 'compacted'
    if (isExpired && continued !== undefined && fromKey !== undefined) throw continueExpired(fromKey, prefix)
    throw interpretReadFailure(error, revision)
  }
}

/** Says how to go on: without a fixed revision. */
function continueExpired(fromKey: string, prefix: string): StatusError {
  const { status } = expired(CONTINUE_EXPIRED)
  const token = encodeContinue(fromKey.replace(/\0$/, ''), prefix, undefined)
  return new StatusError({ ...status, metadata: { continue: token } })
}

/** The selector allows one name only: what lies under its key is all there can be. */
async function listOne(
  store: Store,
  definition: ResourceDefinition,
  request: ListRequest,
  selection: ReturnType<typeof checkSelection>,
  { revision, notOlderThan }: Start,
): Promise<ObjectList> {
  const key = storageKey(definition, request.namespace, selection.name ?? '')
  const prefix = keyPrefix(definition, request.namespace)
  const page = await readPage(store, prefix, { limit: 1, fromKey: key, revision }, undefined)
  if (notOlderThan > page.revision) throw tooLargeResourceVersion(notOlderThan, page.revision)
  const items = page.entries
    .filter((entry) => entry.key === key)
    .map((entry) => decodeStored(definition, entry.value, entry.modRevision))
    .filter((object) => selection.matches(object))
  const metadata = { resourceVersion: String(revision ?? page.revision) }
  return { kind: definition.listKind, apiVersion: groupVersion(definition), metadata, items }
}
