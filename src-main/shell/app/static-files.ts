/** The built renderer as a fixed list of files: what the list does not name cannot be asked for, whatever the path looks like. */
import { readdir, readFile } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'
import { LabError } from '../../common/lab-error.ts'

export interface StaticFile {
  contentType: string
  /** In the sense of the header: names of built parts change with what is in them, so a browser may keep those. */
  cacheControl: string
  read(): Promise<Buffer>
}

/** URL path, such as `/assets/index-1a2b.js`, to file. `/` is the page itself. */
export type StaticFiles = ReadonlyMap<string, StaticFile>

const BUILT_PARTS = '/assets/'

const CONTENT_TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
}

/** Lists the folder once; links and special files are left out. @throws LabError Unavailable when the app is not built */
export async function listStaticFiles(folder: string): Promise<StaticFiles> {
  const files = new Map<string, StaticFile>()
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    throw notBuilt(folder, error)
  })
  for (const entry of entries) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    const contentType = CONTENT_TYPES[extname(entry.name)] ?? 'application/octet-stream'
    const url = `/${relative(folder, path).split(sep).join('/')}`
    const cacheControl = url.startsWith(BUILT_PARTS) ? 'private, max-age=86400, immutable' : 'no-store'
    files.set(url, { contentType, cacheControl, read: () => readFile(path) })
  }
  const page = files.get('/index.html')
  if (page === undefined) throw notBuilt(folder)
  files.set('/', page)
  return files
}

function notBuilt(folder: string, cause?: unknown): LabError {
  return new LabError(
    {
      kind: 'Unavailable',
      message: `The app is not built: ${folder} has no index.html.`,
      remedy: 'Run `npm run build`.',
    },
    { cause },
  )
}

/**
 * Headers of every answer. Nothing but the app's own files and `connections` is allowed, in both shells.
 * `connections` are sources in the sense of CSP's connect-src.
 */
export function securityHeaders(connections: readonly string[]): Record<string, string> {
  const policy = {
    'default-src': ["'none'"],
    'script-src': ["'self'"],
    'style-src': ["'self'"],
    // xterm.js writes the colours of its cells into attributes. Style elements stay refused, and no markup from outside is ever put into the page.
    'style-src-attr': ["'unsafe-inline'"],
    'img-src': ["'self'", 'data:'],
    'font-src': ["'self'"],
    'connect-src': ["'self'", ...connections],
    'base-uri': ["'none'"],
    'form-action': ["'none'"],
    'frame-ancestors': ["'none'"],
  }
  return {
    'Content-Security-Policy': Object.entries(policy)
      .map(([directive, sources]) => `${directive} ${sources.join(' ')}`)
      .join('; '),
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Cache-Control': 'no-store',
  }
}
