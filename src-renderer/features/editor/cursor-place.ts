/**
 * Where in a manifest a position is: the path of keys and indices, and whether a key or a value is being written there. Taken from
 * the syntax tree of what stands before the position, completed by a stand-in for what is yet to be typed, so that the text may be
 * as unfinished as it likes. JSON is read as YAML's flow style, of which it is a part. Pure.
 */
import { yamlLanguage } from '@codemirror/lang-yaml'
import type { FieldPath } from './field-path.ts'

type SyntaxNode = ReturnType<typeof yamlLanguage.parser.parse>['topNode']

export interface CursorPlace {
  kind: 'key' | 'value'
  /** Of a key: the map that it belongs to. Of a value: its own. */
  path: FieldPath
  /** Where the word that is being written begins, with its opening quote. */
  from: number
  /** What of the word stands before the position, without quotes. */
  word: string
  /** Column (from 0) at which the word begins. */
  column: number
  /** The other keys of that map, before and after the position. */
  siblings: readonly string[]
  /** Flow style, as in JSON: keys are quoted there, and end in commas. */
  isFlow: boolean
}

/** Any word will do: it is found by its place. */
const STAND_IN = 'x'
const CLOSERS: Readonly<Record<string, string>> = { '{': '}', '[': ']' }

/** `undefined` where neither key nor value can stand: in comments, in blocks of text, after a value. */
export function findCursorPlace(text: string, position: number): CursorPlace | undefined {
  const before = text.slice(0, position)
  const lineStart = before.lastIndexOf('\n') + 1
  const line = before.slice(lineStart)
  if (/(^|\s)#/.test(line.replaceAll(/"[^"]*"|'[^']*'/g, ''))) return undefined
  const open = openBrackets(before)
  const token = open.length > 0 ? flowToken(line, open[0] ?? '') : blockToken(line)
  if (token === undefined) return undefined
  const from = position - token.text.length
  const closing = open.map((bracket) => CLOSERS[bracket] ?? '').join('')
  const completed = `${text.slice(0, from)}${STAND_IN}${token.isKey ? ': ' : ' '}${closing}`
  const found = nodeAt(completed, from)
  if (found === undefined) return undefined
  const parent = found.parent
  const isKey = parent?.name === 'Key'
  const column = from - lineStart
  return {
    kind: isKey ? 'key' : 'value',
    path: pathOf(isKey ? (parent.parent?.parent ?? parent) : found, completed),
    from,
    word: token.text.replace(/^["']/, ''),
    column,
    siblings: isKey ? siblingKeys(parent, completed, open.length > 0 ? '' : text.slice(position), column) : [],
    isFlow: open.length > 0,
  }
}

interface Token {
  text: string
  isKey: boolean
}

/** In block style a line is a key, or an item, until it has a colon. */
function blockToken(line: string): Token | undefined {
  const rest = /^[ \t]*(?:- +)*(.*)$/.exec(line)?.[1] ?? ''
  if (/^(?:"[^":]*|'[^':]*|[^\s:#"'{[&*!|>%@`][^\s:#]*)?$/.test(rest)) return { text: rest, isKey: true }
  const value = /^(?:"[^"]*"|'[^']*'|[^\s"'#][^:#]*?)\s*:[ \t]+(.*)$/.exec(rest)?.[1]
  if (value === undefined || /^[&*!|>]|^(["']).*\1/.test(value)) return undefined
  return { text: value, isKey: false }
}

function flowToken(line: string, bracket: string): Token {
  const quotes = line.match(/(?<!\\)"/g) ?? []
  const pattern = quotes.length % 2 === 1 ? /"[^"]*$/ : /[^\s,[\]{}"':]*$/
  const text = pattern.exec(line)?.[0] ?? ''
  const rest = line.slice(0, line.length - text.length).trimEnd()
  return { text, isKey: bracket === '{' && !rest.endsWith(':') }
}

/** Brackets of flow style that are open at the end of the text, the innermost first. */
function openBrackets(text: string): string[] {
  const brackets: string[] = []
  let last: SyntaxNode | null = yamlLanguage.parser.parse(text).topNode
  const chain: SyntaxNode[] = []
  while (last !== null) {
    chain.unshift(last)
    last = lastProper(last)
  }
  for (const node of chain) {
    const first = node.firstChild?.name ?? ''
    const closer = CLOSERS[first]
    if (closer !== undefined && lastProper(node)?.name !== closer) brackets.push(first)
  }
  return brackets
}

function lastProper(node: SyntaxNode): SyntaxNode | null {
  let child = node.lastChild
  while (child !== null && child.type.isError && child.firstChild === null) child = child.prevSibling
  return child
}

/** The scalar that begins there, unless it became part of something else. */
function nodeAt(text: string, offset: number): SyntaxNode | undefined {
  const node = yamlLanguage.parser.parse(text).resolveInner(offset, 1)
  return node.name === 'Literal' && node.from === offset ? node : undefined
}

/** The path of a node: the keys and indices of what encloses it. */
export function pathOf(node: SyntaxNode, text: string): FieldPath {
  const path: (string | number)[] = []
  for (let at: SyntaxNode | null = node; at !== null; at = at.parent) {
    const { parent } = at
    if (parent?.name === 'Pair' && at.name !== 'Key') path.unshift(keyOf(parent, text))
    if (at.name === 'Item' && parent !== null) path.unshift(indexOf(at))
  }
  return path
}

/** The key of a `Pair`, without quotes. */
export function keyOf(pair: SyntaxNode, text: string): string {
  const key = pair.getChild('Key')
  return key === null ? '' : text.slice(key.from, key.to).replace(/^(["'])(.*)\1$/s, '$2')
}

function indexOf(item: SyntaxNode): number {
  let index = 0
  for (let at = item.prevSibling; at !== null; at = at.prevSibling) if (at.name === 'Item') index += 1
  return index
}

function siblingKeys(key: SyntaxNode, text: string, after: string, column: number): string[] {
  const pair = key.parent
  const keys: string[] = []
  for (let at = pair?.prevSibling ?? null; at !== null; at = at.prevSibling)
    if (at.name === 'Pair') keys.unshift(keyOf(at, text))
  for (const line of after.split('\n').slice(1)) {
    if (/^\s*(#.*)?$/.test(line)) continue
    const indent = line.length - line.trimStart().length
    if (indent < column) break
    const name = indent === column ? /^["']?([^\s:"']+)["']?\s*:/.exec(line.trimStart())?.[1] : undefined
    if (name !== undefined) keys.push(name)
  }
  return keys
}
