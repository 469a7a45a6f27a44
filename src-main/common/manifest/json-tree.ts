/** JSON text → tree with positions. A file that begins with `{` is JSON to a kubelet, never YAML; faults read as upstream's. */
import { MAX_TREE_CHARACTERS, MAX_TREE_DEPTH, MAX_TREE_NODES, positionAt } from './manifest-tree.ts'
import type { MapEntry, TreeFault, TreeNode, TreeResult } from './manifest-tree.ts'

/** Whether a kubelet reads the text as JSON: its first character that is no blank is `{`. */
export function looksLikeJSON(text: string): boolean {
  return /^\s*\{/.test(text)
}

/** Reads one JSON value. Never throws. */
export function parseJSONTree(text: string): TreeResult {
  if (text.length > MAX_TREE_CHARACTERS)
    return { ok: false, fault: { message: `document has more than ${MAX_TREE_CHARACTERS} characters` } }
  const reader = new Reader(text)
  const tree = reader.value(0)
  reader.end()
  if (reader.fault !== undefined) return { ok: false, fault: reader.fault }
  return { ok: true, tree, more: false }
}

const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?/y
/** Everything but quote, backslash and control characters. */
const STRING_RUN = /[ !#-[\]-\uffff]*/y
const WHITESPACE = /[ \t\r\n]*/y
const LITERALS: Readonly<Record<string, { word: string; value: boolean | null }>> = {
  t: { word: 'true', value: true },
  f: { word: 'false', value: false },
  n: { word: 'null', value: null },
}
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}

class Reader {
  fault: TreeFault | undefined
  private at = 0
  private nodes = 0
  private readonly text: string

  constructor(text: string) {
    this.text = text
  }

  value(depth: number): TreeNode {
    const offset = this.skipBlanks()
    const none: TreeNode = { kind: 'scalar', offset, value: null }
    this.nodes += 1
    if (depth > MAX_TREE_DEPTH) this.fail('exceeded max depth')
    if (this.nodes > MAX_TREE_NODES) this.fail(`document has more than ${MAX_TREE_NODES} parts`)
    if (this.fault !== undefined) return none
    const character = this.text.charAt(this.at)
    if (character === '{') return { kind: 'map', offset, entries: this.members(depth) }
    if (character === '[') return { kind: 'list', offset, items: this.elements(depth) }
    if (character === '"') return { kind: 'scalar', offset, value: this.string() }
    if (/[-0-9]/.test(character)) return { kind: 'scalar', offset, value: this.number() }
    const literal = LITERALS[character]
    if (literal === undefined) {
      this.unexpected('looking for beginning of value')
      return none
    }
    return { kind: 'scalar', offset, value: this.literal(literal) }
  }

  /** Nothing but blanks may follow the value. */
  end(): void {
    this.skipBlanks()
    if (this.at < this.text.length) this.unexpected('after top-level value')
  }

  private members(depth: number): MapEntry[] {
    const entries: MapEntry[] = []
    this.at += 1
    if (this.take('}')) return entries
    while (this.fault === undefined) {
      const offset = this.skipBlanks()
      if (this.text.charAt(this.at) !== '"') {
        this.unexpected('looking for beginning of object key string')
        break
      }
      const key = this.string()
      if (!this.take(':')) this.unexpected('after object key')
      entries.push({ key, offset, value: this.value(depth + 1) })
      if (this.take('}')) break
      if (!this.take(',')) this.unexpected('after object key:value pair')
    }
    return entries
  }

  private elements(depth: number): TreeNode[] {
    const items: TreeNode[] = []
    this.at += 1
    if (this.take(']')) return items
    while (this.fault === undefined) {
      items.push(this.value(depth + 1))
      if (this.take(']')) break
      if (!this.take(',')) this.unexpected('after array element')
    }
    return items
  }

  private string(): string {
    const parts: string[] = []
    this.at += 1
    while (this.fault === undefined) {
      parts.push(this.match(STRING_RUN) ?? '')
      const character = this.text.charAt(this.at)
      if (character === '"') {
        this.at += 1
        break
      }
      if (character === '\\') parts.push(this.escape())
      else this.unexpected('in string literal')
    }
    // Go replaces half a surrogate pair in the same way.
    return parts.join('').toWellFormed()
  }

  private escape(): string {
    this.at += 1
    const character = this.text.charAt(this.at)
    const simple = ESCAPES[character]
    if (simple !== undefined) {
      this.at += 1
      return simple
    }
    const digits =
      character === 'u' ? /^[0-9a-fA-F]{4}/.exec(this.text.slice(this.at + 1, this.at + 5))?.[0] : undefined
    if (digits === undefined) {
      this.unexpected('in string escape code')
      return ''
    }
    this.at += 5
    return String.fromCharCode(Number.parseInt(digits, 16))
  }

  private number(): number {
    const digits = this.match(NUMBER)
    if (digits === undefined) {
      this.at += 1
      this.unexpected('in numeric literal')
      return 0
    }
    return Number(digits)
  }

  private literal({ word, value }: { word: string; value: boolean | null }): boolean | null {
    for (const expected of word) {
      if (this.text.charAt(this.at) !== expected) {
        this.unexpected(`in literal ${word} (expecting '${expected}')`)
        break
      }
      this.at += 1
    }
    return value
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at
    const found = pattern.exec(this.text)?.[0]
    if (found !== undefined) this.at += found.length
    return found
  }

  private skipBlanks(): number {
    this.match(WHITESPACE)
    return this.at
  }

  private take(character: string): boolean {
    this.skipBlanks()
    if (this.text.charAt(this.at) !== character) return false
    this.at += 1
    return true
  }

  private unexpected(where: string): void {
    if (this.at >= this.text.length) this.fail('unexpected end of JSON input')
    else this.fail(`invalid character ${quoteCharacter(this.text.charAt(this.at))} ${where}`)
  }

  private fail(problem: string): void {
    this.fault ??= {
      message: `couldn't get version/kind; json parse error: ${problem}`,
      ...positionAt(this.text, this.at),
    }
  }
}

function quoteCharacter(character: string): string {
  if (character === "'") return "'\\''"
  if (character === '"') return "'\"'"
  return `'${JSON.stringify(character).slice(1, -1)}'`
}
