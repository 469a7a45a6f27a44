/** Which versions of which files there were, as kept beside their contents. Pure: what is written and read is text. */
import type { ManifestAuthor, ManifestVersion } from '../../../common/lab/manifest-version.ts'

/** One version. Without `content` the file was removed. */
export interface HistoryEntry {
  version: string
  by: ManifestAuthor
  timeMs: number
  bytes: number
  /** SHA-256 of the content, in hexadecimal digits. */
  content?: string
}

/** By node (or node and folder), then by file; versions from the oldest to the newest. */
export type HistoryIndex = ReadonlyMap<string, NodeHistory>
type NodeHistory = ReadonlyMap<string, readonly HistoryEntry[]>

export interface HistoryLimits {
  versionsPerFile: number
  versionsPerLab: number
  /** Sum of all different contents. */
  bytesPerLab: number
}

const AUTHORS: readonly string[] = ['window', 'command line', 'outside'] satisfies ManifestAuthor[]

export function entriesOf(index: HistoryIndex, node: string, name: string): readonly HistoryEntry[] {
  return index.get(node)?.get(name) ?? []
}

/**
 * With one more version. What is as it was is none; but who wrote it is known better by Node Lab than by whoever only saw it:
 * an author takes the place of `outside`.
 */
export function addEntry(index: HistoryIndex, node: string, name: string, entry: HistoryEntry): HistoryIndex {
  const entries = entriesOf(index, node, name)
  const last = entries.at(-1)
  if (last === undefined && entry.content === undefined) return index
  if (last === undefined || last.content !== entry.content) return withEntries(index, node, name, [...entries, entry])
  if (last.by !== 'outside' || entry.by === 'outside') return index
  return withEntries(index, node, name, [...entries.slice(0, -1), { ...last, by: entry.by }])
}

function withEntries(index: HistoryIndex, node: string, name: string, entries: readonly HistoryEntry[]): HistoryIndex {
  const files = new Map(index.get(node))
  if (entries.length === 0) files.delete(name)
  else files.set(name, entries)
  return new Map(index).set(node, files)
}

/**
 * Forgets the oldest versions until the limits hold. Each node has an equal share of them, so that the pods of one, which may write
 * as they like, cannot have the versions of another forgotten.
 */
export function pruneIndex(index: HistoryIndex, limits: HistoryLimits): HistoryIndex {
  const nodes = [...index].filter(([, files]) => files.size > 0)
  const versions = Math.floor(limits.versionsPerLab / nodes.length)
  const bytes = Math.floor(limits.bytesPerLab / nodes.length)
  const pruned = nodes.map(
    ([node, files]) => [node, pruneFiles(files, { ...limits, versionsPerLab: versions, bytesPerLab: bytes })] as const,
  )
  return new Map(pruned.filter(([, files]) => files.size > 0))
}

/** The newest of all files first. Where a version is too much, so are the older ones of its file; other files go on. */
function pruneFiles(files: NodeHistory, limits: HistoryLimits): NodeHistory {
  const all = [...files].flatMap(([name, entries]) =>
    entries.slice(-limits.versionsPerFile).map((entry) => ({ name, entry })),
  )
  const newestFirst = all.toReversed().toSorted((one, other) => other.entry.timeMs - one.entry.timeMs)
  const kept = new Map<string, HistoryEntry[]>()
  const contents = new Set<string>()
  const full = new Set<string>()
  let bytes = 0
  for (const { name, entry } of newestFirst.slice(0, limits.versionsPerLab)) {
    const { content } = entry
    const more = content === undefined || contents.has(content) ? 0 : entry.bytes
    if (bytes + more > limits.bytesPerLab) full.add(name)
    if (full.has(name)) continue
    bytes += more
    if (content !== undefined) contents.add(content)
    kept.set(name, [entry, ...(kept.get(name) ?? [])])
  }
  return kept
}

/** Contents that some version needs. */
export function contentsOf(index: HistoryIndex): ReadonlySet<string> {
  const contents = [...index.values()].flatMap((files) => [...files.values()].flat()).map(({ content }) => content)
  return new Set(contents.filter((content) => content !== undefined))
}

/** The newest first. */
export function listVersions(index: HistoryIndex, node: string, name?: string): ManifestVersion[] {
  const files = [...(index.get(node) ?? [])].filter(([file]) => name === undefined || file === name)
  return files
    .flatMap(([file, entries]) => entries.toReversed().map((entry) => ({ file, entry })))
    .toSorted((one, other) => other.entry.timeMs - one.entry.timeMs)
    .map(({ file, entry: { version, by, timeMs, bytes, content } }) => ({
      name: file,
      version,
      time: new Date(timeMs).toISOString(),
      by,
      bytes,
      ...(content === undefined && { removed: true }),
    }))
}

export function stringifyIndex(index: HistoryIndex): string {
  const nodes = [...index].map(([node, files]) => [node, Object.fromEntries(files)] as const)
  return `${JSON.stringify({ nodes: Object.fromEntries(nodes) })}\n`
}

/** `undefined` for what was not written by `stringifyIndex`; single entries that are none are left out. */
export function parseIndex(text: string): HistoryIndex | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    // Half a file after a power cut is no index: whoever asked says so.
    return undefined
  }
  if (!isRecord(value) || !isRecord(value['nodes'])) return undefined
  return new Map(
    Object.entries(value['nodes']).map(([node, files]) => [
      node,
      new Map(
        Object.entries(isRecord(files) ? files : {}).map(([name, entries]) => [
          name,
          (Array.isArray(entries) ? entries : []).filter(isEntry),
        ]),
      ),
    ]),
  )
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isEntry(value: unknown): value is HistoryEntry {
  if (!isRecord(value)) return false
  const { version, by, timeMs, bytes, content } = value
  const hasContent = content === undefined || (typeof content === 'string' && /^[0-9a-f]{64}$/.test(content))
  const isTimed = typeof timeMs === 'number' && typeof bytes === 'number' && Number.isFinite(timeMs)
  return typeof version === 'string' && typeof by === 'string' && AUTHORS.includes(by) && isTimed && hasContent
}
