/** The address of a request, decoded once for everybody who looks at it. */
import { badRequest } from '../../kube/status-error.ts'

export interface RequestAddress {
  /** Decoded, without the query. */
  path: string
  query: URLSearchParams
}

/** @throws StatusError for escapes that mean nothing */
export function parseAddress(url: string): RequestAddress {
  const mark = url.indexOf('?')
  const rawPath = mark < 0 ? url : url.slice(0, mark)
  const query = new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1))
  try {
    return { path: decodeURIComponent(rawPath), query }
  } catch {
    throw badRequest(`invalid URL escape in ${JSON.stringify(rawPath)}`)
  }
}
