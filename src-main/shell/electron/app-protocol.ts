/** `app://node-lab/…`: the built renderer under an origin of its own, instead of `file://`, which has none. */
import type { Protocol } from 'electron'
import { toDisposable, type Disposable } from '../../base/disposable.ts'
import { listStaticFiles, securityHeaders } from '../app/static-files.ts'

const SCHEME = 'app'
const HOST = 'node-lab'
export const APP_URL = `${SCHEME}://${HOST}/`

/** Must run before the app is ready. */
export function registerAppScheme(protocol: Protocol): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ])
}

/** Whether a frame of this URL is our own page. */
export function isAppUrl(url: string): boolean {
  const parsed = URL.parse(url)
  return parsed !== null && parsed.protocol === `${SCHEME}:` && parsed.host === HOST
}

/** @throws LabError Unavailable when the app is not built */
export async function serveAppProtocol(protocol: Protocol, staticFolder: string): Promise<Disposable> {
  const files = await listStaticFiles(staticFolder)
  const headers = securityHeaders([])
  protocol.handle(SCHEME, async (request) => {
    const url = URL.parse(request.url)
    const file = url !== null && isAppUrl(request.url) && request.method === 'GET' ? files.get(url.pathname) : undefined
    if (file === undefined) return new Response('There is no such file.\n', { status: 404, headers })
    // A copy: `Response` takes views of an ArrayBuffer, and a Buffer may sit on another kind of memory.
    const content = new Uint8Array(await file.read())
    return new Response(content, { headers: { ...headers, 'Content-Type': file.contentType } })
  })
  return toDisposable(() => protocol.unhandle(SCHEME))
}
