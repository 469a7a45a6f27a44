/** The path that a proxy request asks for behind `/proxy`, with its query. */
import { posix } from 'node:path'
import type { SubresourceRequest } from '../../endpoints/subresource.ts'

/** Steps upwards end at the root, as they do upstream; a `/` at the end stays. */
export function proxyPath({ rest, incoming }: Pick<SubresourceRequest, 'rest' | 'incoming'>): string {
  const { url = '' } = incoming
  const mark = url.indexOf('?')
  const [rawPath, search] = mark < 0 ? [url, ''] : [url.slice(0, mark), url.slice(mark)]
  const path = posix.join('/', rest, rawPath.endsWith('/') ? '/' : '')
  return `${path.split('/').map(encodeURIComponent).join('/')}${search}`
}
