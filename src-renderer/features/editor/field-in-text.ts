/** Fields of a manifest in its text: where their keys and values are, and what of the text goes when one is removed. Pure. */
import { yamlLanguage } from '@codemirror/lang-yaml'
import { keyOf, pathOf } from './cursor-place.ts'
import type { FieldPath } from './field-path.ts'

type Tree = ReturnType<typeof yamlLanguage.parser.parse>
type SyntaxNode = Tree['topNode']

interface TextRange {
  from: number
  to: number
}

export interface FieldInText {
  path: FieldPath
  /** Of an item of a list: its first line. */
  key: TextRange
  /** Of a scalar; maps and lists are marked by their key. */
  value?: TextRange
  whole: TextRange
  isFlow: boolean
}

/** All fields of the first document, in the order of the text. */
export function listFields(tree: Tree, text: string): FieldInText[] {
  const fields: FieldInText[] = []
  const first = tree.topNode.getChild('Document') ?? tree.topNode
  first.cursor().iterate(({ name, node }) => {
    const key = name === 'Pair' ? node.getChild('Key') : null
    if (key === null) return
    fields.push({ ...describe(node, text), path: [...pathOf(node, text), keyOf(node, text)], key: rangeOf(key) })
  })
  return fields
}

/** The last of that name, which counts; or the item of a list. `undefined` when the text has no such field. */
export function findField(tree: Tree, text: string, path: FieldPath): FieldInText | undefined {
  let at: SyntaxNode | null = contentOf(tree.topNode.getChild('Document'))
  let found: SyntaxNode | undefined
  for (const part of path) {
    const next = at === null ? undefined : childAt(at, part, text)
    if (next === undefined) return undefined
    found = next
    at = contentOf(next)
  }
  if (found === undefined) return undefined
  const key = found.getChild('Key')
  if (key !== null) return { ...describe(found, text), path, key: rangeOf(key) }
  // The tree counts the blanks behind a dash to its item.
  const start = at?.from ?? found.from
  const from = start + (/^\s*/.exec(text.slice(start, found.to))?.[0].length ?? 0)
  const lineEnd = text.indexOf('\n', from)
  return { ...describe(found, text), path, key: { from, to: Math.min(found.to, lineEnd < 0 ? text.length : lineEnd) } }
}

/**
 * The text that goes with a field in block style: its lines, those of its comment behind it included. `undefined` where taking it
 * out would leave no map: its only key, or one beside the dash of its item.
 */
export function removalOf({ whole, isFlow }: FieldInText, text: string): TextRange | undefined {
  if (isFlow) return undefined
  const lineStart = text.lastIndexOf('\n', whole.from - 1) + 1
  if (text.slice(lineStart, whole.from).trim() !== '') return undefined
  const lineEnd = text.indexOf('\n', Math.max(whole.from, whole.to - 1))
  return { from: lineStart, to: lineEnd < 0 ? text.length : lineEnd + 1 }
}

function describe(node: SyntaxNode, text: string): Omit<FieldInText, 'path' | 'key'> {
  const content = contentOf(node)
  const isScalar = content !== null && (content.name === 'Literal' || content.name === 'QuotedLiteral')
  const trimmed = text.slice(node.from, node.to).trimEnd().length
  return {
    ...(isScalar && { value: rangeOf(content) }),
    whole: { from: node.from, to: node.from + trimmed },
    isFlow: node.parent?.name === 'FlowMapping' || node.parent?.name === 'FlowSequence',
  }
}

function rangeOf({ from, to }: SyntaxNode): TextRange {
  return { from, to }
}

/** What a document, pair or item holds, without tags and anchors before it. */
function contentOf(node: SyntaxNode | null): SyntaxNode | null {
  if (node === null) return null
  let content = node.lastChild
  while (
    content !== null &&
    (content.type.isError ||
      !/^[A-Z]/.test(content.name) ||
      content.name === 'Key' ||
      content.name === 'Comment' ||
      content.name === 'DirectiveEnd')
  )
    content = content.prevSibling
  return content !== null && (content.name === 'Tagged' || content.name === 'Anchored') ? contentOf(content) : content
}

function childAt(container: SyntaxNode, part: string | number, text: string): SyntaxNode | undefined {
  if (container.name === 'BlockSequence' || container.name === 'FlowSequence') {
    return container.getChildren('Item')[Number(part)]
  }
  return container.getChildren('Pair').findLast((pair) => keyOf(pair, text) === String(part))
}
