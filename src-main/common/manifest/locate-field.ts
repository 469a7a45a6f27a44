/** From a field path, such as a validation fault has, to its place in the text. */
import { positionAt, type TreeNode } from './manifest-tree.ts'

/** 1-based line and column of the field, or of the innermost part of its path that the file has (a missing field has no place). */
export function locateField(tree: TreeNode, text: string, field: string): { line: number; column: number } {
  let node = tree
  let offset = tree.offset
  for (const part of field.match(/[^.[\]]+|\[[^\]]*\]/g) ?? []) {
    const key = part.startsWith('[') ? part.slice(1, -1) : part
    if (node.kind === 'list') {
      const item = node.items[Number(key)]
      if (item === undefined) break
      node = item
      offset = item.offset
    } else {
      const entry = node.kind === 'map' ? node.entries.findLast((candidate) => candidate.key === key) : undefined
      if (entry === undefined) break
      node = entry.value
      offset = entry.offset
    }
  }
  return positionAt(text, offset)
}
