/** The query of LIST, WATCH and of deletions of collections, with upstream's rules for what goes together. */
import { forbidden, unsupported, type FieldError } from '../../common/validation/field-error.ts'
import { invalid } from '../../kube/status-error.ts'
import type { ListRequest, WatchRequest } from '../registry/resource-storage.ts'
import { readFlag, readInteger, readOptionalFlag } from './query-values.ts'

const NOT_OLDER_THAN = 'NotOlderThan'
const LIST_OPTIONS = { group: 'meta.k8s.io', version: 'v1', kind: 'ListOptions' }

/** @throws StatusError */
export function readListQuery(query: URLSearchParams, namespace: string): ListRequest {
  const limit = readInteger(query, 'limit')
  refuse(validateList(query))
  const match = query.get('resourceVersionMatch')
  return {
    namespace,
    ...texts(query, ['labelSelector', 'fieldSelector', 'resourceVersion', 'continue']),
    ...(limit === undefined ? {} : { limit }),
    ...(match === 'Exact' || match === NOT_OLDER_THAN ? { resourceVersionMatch: match } : {}),
  }
}

export interface WatchQuery {
  request: WatchRequest
  /** Undefined: the server decides. */
  timeoutSeconds: number | undefined
}

/** @throws StatusError */
export function readWatchQuery(query: URLSearchParams, namespace: string): WatchQuery {
  refuse(validateWatch(query))
  const sendInitialEvents = readOptionalFlag(query, 'sendInitialEvents')
  return {
    request: {
      namespace,
      ...texts(query, ['labelSelector', 'fieldSelector', 'resourceVersion']),
      ...(sendInitialEvents === undefined ? {} : { sendInitialEvents }),
      allowWatchBookmarks: readFlag(query, 'allowWatchBookmarks'),
    },
    timeoutSeconds: readInteger(query, 'timeoutSeconds'),
  }
}

/** Only those that say something. */
function texts<Name extends string>(query: URLSearchParams, names: readonly Name[]): Partial<Record<Name, string>> {
  const found: Partial<Record<Name, string>> = {}
  for (const name of names) {
    const text = query.get(name)
    if (text !== null && text !== '') found[name] = text
  }
  return found
}

function validateList(query: URLSearchParams): FieldError[] {
  const errors: FieldError[] = []
  const match = query.get('resourceVersionMatch') ?? ''
  const field = 'resourceVersionMatch'
  const revision = query.get('resourceVersion') ?? ''
  if (match !== '') {
    if (revision === '')
      errors.push(forbidden(field, 'resourceVersionMatch is forbidden unless resourceVersion is provided'))
    if (isGiven(query, 'continue'))
      errors.push(forbidden(field, 'resourceVersionMatch is forbidden when continue is provided'))
    if (match !== 'Exact' && match !== NOT_OLDER_THAN)
      errors.push(unsupported(field, match, ['Exact', NOT_OLDER_THAN, '']))
    if (match === 'Exact' && revision === '0')
      errors.push(forbidden(field, 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"'))
  }
  if (query.has('sendInitialEvents'))
    errors.push(forbidden('sendInitialEvents', 'sendInitialEvents is forbidden for list'))
  return errors
}

function validateWatch(query: URLSearchParams): FieldError[] {
  const errors: FieldError[] = []
  const match = query.get('resourceVersionMatch') ?? ''
  const field = 'resourceVersionMatch'
  const wantsInitial = query.has('sendInitialEvents')
  if (wantsInitial && match !== NOT_OLDER_THAN)
    errors.push(forbidden(field, `sendInitialEvents requires setting resourceVersionMatch to ${NOT_OLDER_THAN}`))
  if (match !== '') {
    if (!wantsInitial)
      errors.push(forbidden(field, 'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided'))
    if (match !== NOT_OLDER_THAN) errors.push(unsupported(field, match, [NOT_OLDER_THAN]))
    if (isGiven(query, 'continue'))
      errors.push(forbidden(field, 'resourceVersionMatch is forbidden when continue is provided'))
  }
  return errors
}

function isGiven(query: URLSearchParams, name: string): boolean {
  return (query.get(name) ?? '') !== ''
}

function refuse(errors: FieldError[]): void {
  if (errors.length > 0) throw invalid(LIST_OPTIONS, '', errors)
}
