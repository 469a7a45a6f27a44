/**
 * The files of an image layer before they are a tarball: a map of paths, so that packages, generated files and a folder of
 * the project can be laid over one another, and the outcome does not depend on the order of a disk.
 */
import { MERGED_FOLDERS } from './debian/merged-folders.ts'

export type TreeEntry =
  | { kind: 'folder'; mode: number }
  | { kind: 'file'; mode: number; content: Uint8Array }
  | { kind: 'symlink'; target: string }

/** An entry with its path: relative, without a slash at either end. */
export type NamedEntry = TreeEntry & { path: string }

export class FileTree {
  readonly #entries = new Map<string, TreeEntry>()

  /** `bin`, `sbin` and `lib` as links into `usr`, as in Debian; whatever is put there lands in `usr`. */
  static merged(): FileTree {
    const tree = new FileTree()
    for (const name of MERGED_FOLDERS) {
      tree.folder(`usr/${name}`)
      tree.symlink(name, `usr/${name}`)
    }
    return tree
  }

  folder(path: string, mode = 0o755): void {
    const place = this.#place(path)
    const present = this.#entries.get(place)
    // A link to a folder stays a link: that is how a merged `usr` survives packages that name the old paths.
    if (present?.kind === 'symlink') return
    this.#entries.set(place, { kind: 'folder', mode })
  }

  file(path: string, content: Uint8Array | string, mode = 0o644): void {
    this.#entries.set(this.#place(path), {
      kind: 'file',
      mode,
      content: typeof content === 'string' ? Buffer.from(content) : content,
    })
  }

  symlink(path: string, target: string): void {
    this.#entries.set(this.#place(path), { kind: 'symlink', target })
  }

  /** Removes a path and all below it. */
  remove(path: string): void {
    const place = this.#place(path)
    for (const name of this.#entries.keys())
      if (name === place || name.startsWith(`${place}/`)) this.#entries.delete(name)
  }

  has(path: string): boolean {
    return this.#entries.has(this.#place(path))
  }

  get(path: string): TreeEntry | undefined {
    return this.#entries.get(this.#place(path))
  }

  /** Content of a file, links followed; `undefined` when there is none. */
  read(path: string): Uint8Array | undefined {
    let current = this.#place(path)
    for (let step = 0; step < 10; step++) {
      const entry = this.#entries.get(current)
      if (entry === undefined || entry.kind === 'folder') return undefined
      if (entry.kind === 'file') return entry.content
      current = this.#place(resolveLink(current, entry.target))
    }
    return undefined
  }

  paths(): string[] {
    return [...this.#entries.keys()]
  }

  /** Lays another tree over this one. */
  merge(other: FileTree): void {
    for (const entry of other.entries()) {
      switch (entry.kind) {
        case 'folder':
          this.folder(entry.path, entry.mode)
          break
        case 'file':
          this.file(entry.path, entry.content, entry.mode)
          break
        case 'symlink':
          this.symlink(entry.path, entry.target)
          break
      }
    }
  }

  /** Everything, parents before their children, with folders that nobody named. */
  entries(): NamedEntry[] {
    const all = new Map(this.#entries)
    for (const path of this.#entries.keys())
      for (const parent of parentsOf(path)) if (!all.has(parent)) all.set(parent, { kind: 'folder', mode: 0o755 })
    return [...all.keys()].sort().map((path) => ({ path, ...(all.get(path) ?? { kind: 'folder', mode: 0o755 }) }))
  }

  /** Where a path lands: a first component that is a link into `usr` is followed. */
  #place(path: string): string {
    const clean = path.replace(/^(\.?\/)+/, '').replace(/\/+$/, '')
    const slash = clean.indexOf('/')
    if (slash < 0) return clean
    const first = this.#entries.get(clean.slice(0, slash))
    return first?.kind === 'symlink' ? `${first.target}${clean.slice(slash)}` : clean
  }
}

function parentsOf(path: string): string[] {
  const parts = path.split('/')
  return parts.slice(1).map((_part, index) => parts.slice(0, index + 1).join('/'))
}

/** The path to which a link points, relative to the root. */
export function resolveLink(path: string, target: string): string {
  const parts = target.startsWith('/') ? [] : path.split('/').slice(0, -1)
  for (const part of target.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '' && part !== '.') parts.push(part)
  }
  return parts.join('/')
}
