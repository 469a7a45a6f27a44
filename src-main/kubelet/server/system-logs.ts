/** `/logs/`: the node's `/var/log` as a file server shows it. Links are followed inside of it only, unlike upstream's. */
import type { Stats } from 'node:fs'
import { createReadStream } from 'node:fs'
import { readdir, realpath, stat } from 'node:fs/promises'
import { join, sep } from 'node:path'
import type { ReadStream } from 'node:fs'
import { HttpProblem } from './http-problem.ts'

export type SystemLog =
  | { kind: 'folder'; html: string }
  | { kind: 'file'; sizeBytes: number; open(): ReadStream }
  /** A folder is asked for with a slash behind it. */
  | { kind: 'redirect'; to: string }

/**
 * @param path decoded; an empty last part asks for a folder
 * @throws HttpProblem 404
 */
export async function readSystemLog(root: string, path: readonly string[]): Promise<SystemLog> {
  const names = path.at(-1) === '' ? path.slice(0, -1) : path
  if (names.some((name) => name === '' || name === '.' || name === '..' || /[/\0]/.test(name))) throw missing()
  const { real, stats } = await resolveInside(root, names)
  if (stats.isDirectory()) {
    if (path.at(-1) !== '') return { kind: 'redirect', to: `${encodeURIComponent(names.at(-1) ?? 'logs')}/` }
    return { kind: 'folder', html: await listFolder(real) }
  }
  if (!stats.isFile()) throw missing()
  // What is written meanwhile is the next reader's.
  const open = (): ReadStream => createReadStream(real, stats.size === 0 ? {} : { end: stats.size - 1 })
  return { kind: 'file', sizeBytes: stats.size, open }
}

async function resolveInside(root: string, names: readonly string[]): Promise<{ real: string; stats: Stats }> {
  try {
    const realRoot = await realpath(root)
    const real = await realpath(join(realRoot, ...names))
    if (real !== realRoot && !real.startsWith(realRoot + sep)) throw missing()
    return { real, stats: await stat(real) }
  } catch {
    // Whatever the reason, to the reader it is not there.
    throw missing()
  }
}

async function listFolder(folder: string): Promise<string> {
  const entries = await readdir(folder, { withFileTypes: true })
  const lines = entries
    .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
    .sort()
    .map((name) => `<a href="${relativeAddress(name)}">${escapeHtml(name)}</a>\n`)
  return `<pre>\n${lines.join('')}</pre>\n`
}

/** Of a name in the same folder; one with a colon would pass for an address of another kind (RFC 3986, 4.2). */
function relativeAddress(name: string): string {
  const path = encodeURI(name).replaceAll('#', '%23').replaceAll('?', '%3F')
  return path.includes(':') ? `./${path}` : path
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&#34;')
}

function missing(): HttpProblem {
  return new HttpProblem(404, '404 page not found\n')
}
