/** Text of a body → plain data, with the duplicate keys that JavaScript's own parser passes over in silence. */
import { looksLikeJSON, parseJSONTree } from '../../../common/manifest/json-tree.ts'
import { MAX_TREE_DEPTH, positionAt, treeToValue, type TreeNode } from '../../../common/manifest/manifest-tree.ts'
import { parseYAMLTree } from '../../../common/manifest/yaml-tree.ts'
import { FaultList } from './strict-faults.ts'

export type ParsedBody =
  | { ok: true; value: unknown; /** In upstream's words: `duplicate field "spec.paused"`. */ duplicates: string[] }
  | { ok: false; message: string }

/** Reads one JSON value. Never throws; what is deeper than any object is refused. */
export function parseJSON(text: string): ParsedBody {
  const shape = scan(text)
  if (shape.depth > MAX_TREE_DEPTH) return { ok: false, message: 'exceeded max depth' }
  const value = parseQuickly(text)
  if (value !== undefined && countMembers(value) === shape.members) return { ok: true, value, duplicates: [] }
  const parsed = parseJSONTree(text)
  if (!parsed.ok) return { ok: false, message: parsed.fault.message.replace(TYPE_META_PREFIX, '') }
  const faults = new FaultList()
  collectDuplicates(parsed.tree, '', (path) => faults.add(`duplicate field ${JSON.stringify(path)}`))
  return { ok: true, value: treeToValue(parsed.tree), duplicates: faults.texts }
}

/** Reads the first document of a YAML text (or JSON, which YAML readers take too). Never throws. */
export function parseYAML(text: string): ParsedBody {
  if (looksLikeJSON(text)) return parseJSON(text)
  const parsed = parseYAMLTree(text)
  if (!parsed.ok) return { ok: false, message: `error converting YAML to JSON: ${parsed.fault.message}` }
  const lines = new FaultList()
  collectDuplicates(parsed.tree, '', (_path, key, offset) =>
    lines.add(`  line ${positionAt(text, offset).line}: key ${JSON.stringify(key)} already set in map`),
  )
  const duplicates = lines.texts.length === 0 ? [] : [`yaml: unmarshal errors:\n${lines.texts.join('\n')}`]
  return { ok: true, value: treeToValue(parsed.tree), duplicates }
}

/** The tree reader speaks as a kubelet does, which looks for version and kind first. */
const TYPE_META_PREFIX = "couldn't get version/kind; json parse error: "

function parseQuickly(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // The tree reader says in upstream's words what is wrong.
    return undefined
  }
}

const QUOTE = 0x22
const COLON = 0x3a
const BACKSLASH = 0x5c

/** Members that are written, and how deep the text goes; of use only when the text is JSON. */
function scan(text: string): { members: number; depth: number } {
  let members = 0
  let depth = 0
  let deepest = 0
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) at = endOfString(text, at)
    else if (code === COLON) members += 1
    else if (code === 0x7b || code === 0x5b) {
      depth += 1
      if (depth > deepest) deepest = depth
    } else if (code === 0x7d || code === 0x5d) depth -= 1
  }
  return { members, depth: deepest }
}

/** Place of the closing quote. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let backslashes = 0
    while (text.charCodeAt(end - 1 - backslashes) === BACKSLASH) backslashes += 1
    if (backslashes % 2 === 0) return end
  }
  return text.length
}

function countMembers(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  let count = 0
  if (Array.isArray(value)) {
    for (const item of value) count += countMembers(item)
    return count
  }
  for (const key in value) count += 1 + countMembers((value as Record<string, unknown>)[key])
  return count
}

function collectDuplicates(
  node: TreeNode,
  path: string,
  report: (path: string, key: string, offset: number) => void,
): void {
  if (node.kind === 'list') {
    node.items.forEach((item, index) => collectDuplicates(item, `${path}[${index}]`, report))
  }
  if (node.kind !== 'map') return
  const seen = new Set<string>()
  for (const { key, offset, value } of node.entries) {
    const inner = path === '' ? key : `${path}.${key}`
    if (seen.has(key)) report(inner, key, offset)
    seen.add(key)
    collectDuplicates(value, inner, report)
  }
}
