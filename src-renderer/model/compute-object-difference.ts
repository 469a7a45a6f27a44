/**
 * Two readings of one object, line by line as YAML: what the kubelet says beside what the API server says. What has to differ,
 * or says nothing about the object, is left out or explained. Pure; takes anything, also what is no object.
 */
import { explainDifference, isNoise, type DifferenceNote } from './difference-note.ts'
import { formatYamlScalar } from './yaml-scalar.ts'

export interface ObjectLine {
  /** The way to the field, such as `spec.containers[main].image`: unique. */
  path: string
  depth: number
  /** `name:` or `-`, with the value of a leaf; absent on the side that does not have it. */
  left?: string
  right?: string
  /** On a branch `changed` means that something below it is. */
  state: 'same' | 'changed' | 'left-only' | 'right-only'
  isBranch: boolean
  note?: DifferenceNote
}

export interface ObjectDifference {
  lines: ObjectLine[]
  /** Leaves that are not the same. */
  count: number
  /** The object is longer than what is shown. */
  isCut: boolean
}

const MAXIMUM_LINES = 3_000
const MAXIMUM_DEPTH = 40
const MAXIMUM_CHARACTERS = 1_000

/** In which order the parts of an object are read; the rest follows by name. */
const FIRST_KEYS = [
  'apiVersion',
  'kind',
  'metadata',
  'name',
  'namespace',
  'uid',
  'labels',
  'annotations',
  'spec',
  'status',
]
/** Members that tell the items of a list apart. */
const IDENTITIES = ['name', 'type', 'containerPort', 'mountPath', 'ip', 'uid', 'key'] as const

/** A side that is `undefined` is not there: every line is then the other's. */
export function computeObjectDifference(left: unknown, right: unknown): ObjectDifference {
  const walk = new Walk()
  walk.members(left, right, '', 0)
  return { lines: walk.lines, count: walk.count, isCut: walk.isCut }
}

/** The object as YAML, whole. */
export function renderYaml(value: unknown): string {
  const walk = new Walk(Number.POSITIVE_INFINITY)
  walk.members(value, value, '', 0)
  return walk.lines.map(({ depth, left = '' }) => `${'  '.repeat(depth)}${left}\n`).join('')
}

type Branch = Map<string, unknown>

interface Pair {
  left: unknown
  right: unknown
}

interface Place {
  path: string
  label: string
  depth: number
  /** What was explained above holds for all that is below. */
  said: DifferenceNote | undefined
}

class Walk {
  readonly lines: ObjectLine[] = []
  count = 0
  isCut = false
  readonly #limit: number

  constructor(limit = MAXIMUM_CHARACTERS) {
    this.#limit = limit
  }

  /** @returns whether anything below differs */
  members(left: unknown, right: unknown, path: string, depth: number, said?: DifferenceNote): boolean {
    const [ofLeft, ofRight] = [branchOf(left), branchOf(right)]
    const isList = Array.isArray(left ?? right)
    const keys = [...new Set([...(ofLeft?.keys() ?? []), ...(ofRight?.keys() ?? [])])]
    const ordered = isList ? keys : keys.toSorted(compareKeys)
    let differs = false
    for (const key of ordered) {
      const below = isList ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`
      const hint = isList && !/^\d+$/.test(key) ? `- # ${key}` : '-'
      const label = isList ? hint : `${formatYamlScalar(key, this.#limit)}:`
      const pair = { left: ofLeft?.get(key), right: ofRight?.get(key) }
      if (this.#member(pair, { path: below, label, depth, said })) differs = true
    }
    return differs
  }

  #member({ left, right }: Pair, { path, label, depth, said }: Place): boolean {
    if (isNoise(path)) return false
    if (this.lines.length >= MAXIMUM_LINES && this.#limit === MAXIMUM_CHARACTERS) {
      this.isCut = true
      return false
    }
    const isBranch = hasMembers(left) || hasMembers(right)
    const state = left === undefined ? 'right-only' : right === undefined ? 'left-only' : 'same'
    const line: ObjectLine = { path, depth, state, isBranch }
    this.lines.push(line)
    const text = (value: unknown): string => this.#lineOf(value, label, depth)
    if (left !== undefined) line.left = text(left)
    if (right !== undefined) line.right = text(right)
    const note = explainDifference(path)
    const isDeep = isBranch && depth < MAXIMUM_DEPTH
    const differs = isDeep ? this.members(left, right, path, depth + 1, note ?? said) : line.left !== line.right
    if (differs && state === 'same') line.state = 'changed'
    if (differs && !isBranch) this.count += 1
    if (line.state !== 'same' && note !== undefined && note !== said) line.note = note
    return line.state !== 'same'
  }

  #lineOf(value: unknown, label: string, depth: number): string {
    if (hasMembers(value)) return depth >= MAXIMUM_DEPTH ? `${label} …` : label
    const leaf = Array.isArray(value) ? '[]' : isObject(value) ? '{}' : formatYamlScalar(value, this.#limit)
    return `${label} ${leaf}`
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function hasMembers(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : isObject(value) && Object.keys(value).length > 0
}

function branchOf(value: unknown): Branch | undefined {
  if (Array.isArray(value)) return listBranch(value)
  return isObject(value) ? new Map(Object.entries(value)) : undefined
}

/** Items by what identifies them, so that one that moved is the same; by their place where that is not unique. */
function listBranch(items: readonly unknown[]): Branch {
  for (const member of IDENTITIES) {
    const keys = items.map((item) => (isObject(item) ? item[member] : undefined))
    const isUnique = keys.every((key) => typeof key === 'string' || typeof key === 'number')
    if (isUnique && new Set(keys.map(String)).size === items.length)
      return new Map(items.map((item, index) => [String(keys[index]).replaceAll(/\s+/g, ' ').slice(0, 80), item]))
  }
  return new Map(items.map((item, index) => [String(index), item]))
}

function compareKeys(one: string, other: string): number {
  const [first, second] = [FIRST_KEYS.indexOf(one), FIRST_KEYS.indexOf(other)]
  if (first !== -1 || second !== -1) return (first === -1 ? 99 : first) - (second === -1 ? 99 : second)
  return one < other ? -1 : 1
}
