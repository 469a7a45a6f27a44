/** A manifest as a tree with positions, before it has types: what the YAML and the JSON reader both make. */

export interface MapEntry {
  key: string
  /** Offset of the key in the text, in UTF-16 units. */
  offset: number
  value: TreeNode
}

/** Duplicate keys are all kept, in the order of the text; the last one counts. */
export type TreeNode =
  | { kind: 'map'; offset: number; entries: MapEntry[] }
  | { kind: 'list'; offset: number; items: TreeNode[] }
  | { kind: 'scalar'; offset: number; value: string | number | boolean | null }

/** Why a text is no tree. `message` is in upstream's words; `line` and `column` are 1-based and point at the place. */
export interface TreeFault {
  message: string
  line?: number
  column?: number
}

export type TreeResult =
  | { ok: true; tree: TreeNode; /** The text goes on with another document, which is not read. */ more: boolean }
  | { ok: false; fault: TreeFault }

/** Deeper nesting than any Pod has by far; the limit keeps every walk of a tree within the stack. */
export const MAX_TREE_DEPTH = 200
/** More parts than any Pod has by far; the limit bounds time and memory for hostile files. */
export const MAX_TREE_NODES = 100_000
/**
 * More text than any Pod has, in YAML comments and blanks apart: an API server takes 1.5 MB at most. A kubelet reads files
 * of 10 MiB (facts 1.2.4); to take that much apart needs more memory than one of ours may have.
 */
export const MAX_TREE_CHARACTERS = 1024 * 1024

/** 1-based line and column of an offset. */
export function positionAt(text: string, offset: number): { line: number; column: number } {
  let line = 1
  let start = 0
  for (let end = text.indexOf('\n'); end >= 0 && end < offset; end = text.indexOf('\n', start)) {
    line += 1
    start = end + 1
  }
  return { line, column: offset - start + 1 }
}

/** The tree as plain data. */
export function treeToValue(node: TreeNode): unknown {
  switch (node.kind) {
    case 'scalar':
      return node.value
    case 'list':
      return node.items.map(treeToValue)
    case 'map':
      // Built from entries, so that a key such as `__proto__` is an ordinary member.
      return Object.fromEntries(node.entries.map((entry) => [entry.key, treeToValue(entry.value)]))
  }
}
