/**
 * What differs between two values, as upstream's messages show it: in Go's notation, changed lines marked, what is far from a
 * change left out (github.com/google/go-cmp; golden api/54). Names and order of the fields are the schema's, which is near
 * to Go's types and not the same: their counts of identical fields may differ.
 */
import { isDeepStrictEqual } from 'node:util'
import type { FieldSchema, ObjectSchema } from '../../../../common/api/field-schema.ts'

type Mark = '-' | '+' | ' '

/** A line, or a value of several; `key` is empty in a list. */
interface Line {
  mark: Mark
  key: string
  text: string
}

const CONTEXT = 2
/** go-cmp writes blanks that nobody mistakes for those of a program. */
const BLANK = '\u00a0'

/** `type` is the Go type, such as `core.PodSpec`; the first value is marked `-`, the second `+`. */
export function describeChange(left: object, right: object, schema: ObjectSchema, type: string): string {
  const lines = [`${prefix(' ', 0)}${type}{`, ...describeFields(left, right, schema, 1), `${prefix(' ', 0)}}`]
  return `${lines.join('\n')}\n`
}

function describeFields(left: object, right: object, { fields }: ObjectSchema, depth: number): string[] {
  const entries = Object.entries(fields).map(([name, schema]) => ({
    key: goName(name),
    schema,
    left: memberOf(left, name),
    right: memberOf(right, name),
  }))
  return describeEntries(entries, depth, 'fields')
}

interface Entry {
  key: string
  schema: FieldSchema
  left: unknown
  right: unknown
}

/** Entries that differ, with what stands near them. */
function describeEntries(entries: readonly Entry[], depth: number, noun: 'fields' | 'elements'): string[] {
  const changed = entries.map(({ left, right }) => !isDeepStrictEqual(left, right))
  const result: string[] = []
  let group: Line[] = []
  const flush = (): void => {
    result.push(...formatGroup(group, depth))
    group = []
  }
  let hidden = 0
  const flushHidden = (): void => {
    if (hidden === 0) return
    flush()
    result.push(`${prefix(' ', depth)}... // ${hidden} identical ${hidden === 1 ? noun.slice(0, -1) : noun}`)
    hidden = 0
  }
  for (const [index, entry] of entries.entries()) {
    const isNear = changed.slice(Math.max(0, index - CONTEXT), index + CONTEXT + 1).includes(true)
    if (!isNear) {
      hidden += 1
      continue
    }
    flushHidden()
    const inner = changed[index] === true ? describeInside(entry, depth) : undefined
    if (inner === undefined) group.push(...describeWhole(entry, changed[index] === true))
    else {
      flush()
      result.push(...inner)
    }
  }
  flushHidden()
  flush()
  return result
}

/** A changed entry of several lines; undefined when it is better shown as a whole. */
function describeInside({ key, schema, left, right }: Entry, depth: number): string[] | undefined {
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return undefined
  const name = key === '' ? '' : `${key}: `
  const open = (type: string): string => `${prefix(' ', depth)}${name}${type}{`
  const close = `${prefix(' ', depth)}},`
  if (schema.type === 'object') {
    const type = key === '' ? '' : goType(schema)
    return [open(type), ...describeFields(left, right, schema, depth + 1), close]
  }
  if (schema.type !== 'array' || !Array.isArray(left) || !Array.isArray(right)) return undefined
  const length = Math.max(left.length, right.length)
  const items = Array.from({ length }, (_, index): Entry => {
    return { key: '', schema: schema.items, left: left[index] as unknown, right: right[index] as unknown }
  })
  return [open(goType(schema)), ...describeEntries(items, depth + 1, 'elements'), close]
}

function describeWhole({ key, schema, left, right }: Entry, isChanged: boolean): Line[] {
  if (!isChanged) return [{ mark: ' ', key, text: goValue(left, schema) }]
  // In a list there is nothing where the other list has an item more.
  const sides = [
    { mark: '-', value: left },
    { mark: '+', value: right },
  ] as const
  return sides
    .filter(({ value }) => key !== '' || value !== undefined)
    .map(({ mark, value }) => ({ mark, key, text: typedValue(value, schema) }))
}

/** Values of lines that follow each other stand in one column. */
function formatGroup(lines: readonly Line[], depth: number): string[] {
  const width = Math.max(0, ...lines.map(({ key }) => key.length)) + 1
  return lines.map(({ mark, key, text }) => {
    const name = key === '' ? '' : `${`${key}:`.padEnd(width)} `
    return `${prefix(mark, depth)}${name}${text},`
  })
}

function prefix(mark: Mark, depth: number): string {
  return `${mark === ' ' ? BLANK : mark}${BLANK}${'\t'.repeat(depth)}`
}

function memberOf(value: object, name: string): unknown {
  return (value as Record<string, unknown>)[name]
}

/** Words that Go writes in capitals at the beginning of a name. */
const ACRONYMS = /^(?:dns|tty|os|ip|uid|http|tcp|grpc|api|id)(?=$|[A-Z])/

function goName(name: string): string {
  const acronym = ACRONYMS.exec(name)?.[0]
  if (acronym !== undefined) return acronym.toUpperCase() + name.slice(acronym.length)
  return name.charAt(0).toUpperCase() + name.slice(1)
}

function goType(schema: FieldSchema): string {
  switch (schema.type) {
    case 'object':
      return `core.${schema.name}`
    case 'array':
      return `[]${goType(schema.items)}`
    case 'map':
      return `map[string]${goType(schema.items)}`
    case 'boolean':
      return 'bool'
    default:
      return schema.type === 'int32' || schema.type === 'int64' ? schema.type : 'string'
  }
}

/** With its type where it has members. */
function typedValue(value: unknown, schema: FieldSchema): string {
  const text = goValue(value, schema)
  return text.startsWith('{') ? `${goType(schema)}${text}` : text
}

function goValue(value: unknown, schema: FieldSchema): string {
  if (value === undefined || value === null) return zeroValue(schema)
  const address = schema.presence === 'pointer' ? '&' : ''
  if (schema.type === 'array' && Array.isArray(value)) {
    return `{${value.map((item) => goValue(item, schema.items)).join(', ')}}`
  }
  if (typeof value !== 'object') return `${address}${JSON.stringify(value)}`
  const members = Object.entries(value)
  if (schema.type === 'object') {
    const texts = members.map(([name, member]) => `${goName(name)}: ${goValue(member, schema.fields[name] ?? schema)}`)
    return `{${texts.join(', ')}}`
  }
  const items = schema.type === 'map' ? schema.items : schema
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}: ${goValue(member, items)}`).join(', ')}}`
}

function zeroValue(schema: FieldSchema): string {
  if (schema.presence === 'pointer') return 'nil'
  switch (schema.type) {
    case 'string':
    case 'quantity':
    case 'intOrString':
      return '""'
    case 'boolean':
      return 'false'
    case 'int32':
    case 'int64':
      return '0'
    case 'object':
    case 'array':
    case 'map':
    case 'time':
    case 'opaque':
      return 'nil'
  }
}
