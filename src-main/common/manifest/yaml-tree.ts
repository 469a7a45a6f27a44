/** YAML text → tree: the first document only, YAML 1.1 values, aliases resolved, everything bounded. */
import { isAlias, isMap, isScalar, isSeq } from 'yaml'
import type { Alias, Node, Pair, YAMLMap } from 'yaml'
import { controlCharacterAt } from './decode-text.ts'
import { readFirstDocument } from './first-document.ts'
import { MAX_TREE_DEPTH, MAX_TREE_NODES, positionAt } from './manifest-tree.ts'
import type { MapEntry, TreeFault, TreeNode, TreeResult } from './manifest-tree.ts'
import { plainFault, yamlFault } from './yaml-fault.ts'
import { resolvePlainScalar, resolveTaggedScalar } from './yaml-scalar.ts'

/** Reads the first document of a YAML text. Never throws; text without a document is the scalar `null`. */
export function parseYAMLTree(text: string): TreeResult {
  const control = controlCharacterAt(text)
  if (control >= 0) return { ok: false, fault: plainFault(text, control, 'control characters are not allowed') }
  const first = readFirstDocument(text)
  if (!first.ok) return first
  const { document, more, originalOffset } = first
  const error = document?.errors[0]
  if (error !== undefined) return { ok: false, fault: yamlFault(text, error, originalOffset(error.pos[0])) }
  const contents = document?.contents ?? null
  if (document === undefined || contents === null)
    return { ok: true, tree: { kind: 'scalar', offset: 0, value: null }, more }
  const converter = new Converter(text, originalOffset)
  const tree = converter.convert(contents, 0)
  return converter.fault === undefined ? { ok: true, tree, more } : { ok: false, fault: converter.fault }
}

const MERGE_KEY = '<<'

/** Turns the parser's nodes into ours. The first fault ends the walk; what is made after it is of no use. */
class Converter {
  fault: TreeFault | undefined
  private readonly anchors = new Map<string, Node>()
  private readonly open = new Set<string>()
  private visited = 0
  private aliased = 0
  private aliasDepth = 0
  private readonly text: string
  private readonly originalOffset: (offset: number) => number

  constructor(text: string, originalOffset: (offset: number) => number) {
    this.text = text
    this.originalOffset = originalOffset
  }

  convert(node: unknown, depth: number): TreeNode {
    const offset = this.offsetOf(node)
    const nothing: TreeNode = { kind: 'scalar', offset, value: null }
    if (this.fault !== undefined) return nothing
    this.count(offset)
    if (depth > MAX_TREE_DEPTH) this.fail('exceeded max depth', offset)
    if (this.fault !== undefined) return nothing
    if (isAlias(node)) return this.alias(node, depth)
    const anchor = isScalar(node) || isMap(node) || isSeq(node) ? node.anchor : undefined
    if (anchor === undefined) return this.content(node, offset, depth)
    this.anchors.set(anchor, node as Node)
    this.open.add(anchor)
    const tree = this.content(node, offset, depth)
    this.open.delete(anchor)
    return tree
  }

  private content(node: unknown, offset: number, depth: number): TreeNode {
    if (isMap(node)) return this.map(node, offset, depth)
    if (isSeq(node)) return { kind: 'list', offset, items: node.items.map((item) => this.convert(item, depth + 1)) }
    return { kind: 'scalar', offset, value: this.scalar(node, offset) }
  }

  private alias(node: Alias.Parsed | Alias, depth: number): TreeNode {
    const offset = this.offsetOf(node)
    const target = this.anchors.get(node.source)
    if (target === undefined) this.fail(`unknown anchor '${node.source}' referenced`, offset)
    else if (this.open.has(node.source)) this.fail(`anchor '${node.source}' value contains itself`, offset)
    if (target === undefined || this.fault !== undefined) return { kind: 'scalar', offset, value: null }
    this.aliasDepth += 1
    this.open.add(node.source)
    const tree = this.content(target, offset, depth + 1)
    this.open.delete(node.source)
    this.aliasDepth -= 1
    return tree
  }

  private map(node: YAMLMap, offset: number, depth: number): TreeNode {
    const entries: MapEntry[] = []
    const merged: MapEntry[] = []
    for (const pair of node.items as Pair[]) {
      const key = this.convert(pair.key, depth + 1)
      const value = this.convert(pair.value, depth + 1)
      if (this.fault !== undefined) break
      if (key.kind !== 'scalar') {
        this.fail('invalid map key', key.offset)
      } else if (key.value === MERGE_KEY && isScalar(pair.key) && pair.key.type === 'PLAIN') {
        merged.push(...this.mergedEntries(value))
      } else {
        entries.push({ key: String(key.value), offset: key.offset, value })
      }
    }
    const own = new Set(entries.map((entry) => entry.key))
    return { kind: 'map', offset, entries: [...merged.filter((entry) => !own.has(entry.key)), ...entries] }
  }

  /** Of several merged maps the first has precedence, so it comes last. */
  private mergedEntries(value: TreeNode): MapEntry[] {
    const sources = value.kind === 'list' ? value.items : [value]
    const entries = new Map<string, MapEntry>()
    for (const source of sources) {
      if (source.kind !== 'map') {
        this.fail('map merge requires map or sequence of maps as the value', source.offset)
        break
      }
      for (const entry of source.entries) if (!entries.has(entry.key)) entries.set(entry.key, entry)
    }
    return [...entries.values()]
  }

  private scalar(node: unknown, offset: number): string | number | boolean | null {
    if (!isScalar(node)) return null
    const text = typeof node.value === 'string' ? node.value : ''
    if (node.tag !== undefined && node.tag !== '!') {
      const value = resolveTaggedScalar(node.tag, text)
      if (value === undefined) this.fail(`cannot decode !!str \`${text.slice(0, 40)}\` as a ${node.tag}`, offset)
      return value ?? null
    }
    return node.type === 'PLAIN' || node.type === undefined ? resolvePlainScalar(text) : text
  }

  /** Upstream's own rule against alias bombs: the share of what aliases add may shrink only as the document grows. */
  private count(offset: number): void {
    this.visited += 1
    if (this.aliasDepth > 0) this.aliased += 1
    const excessive = this.aliased > 100 && this.visited > 1000 && this.aliased / this.visited > 0.99
    if (excessive || this.visited > MAX_TREE_NODES) this.fail('document contains excessive aliasing', offset)
  }

  private offsetOf(node: unknown): number {
    const range = isScalar(node) || isMap(node) || isSeq(node) || isAlias(node) ? node.range : undefined
    return this.originalOffset(range?.[0] ?? 0)
  }

  private fail(problem: string, offset: number): void {
    this.fault ??= { message: `yaml: ${problem}`, ...positionAt(this.text, offset) }
  }
}
