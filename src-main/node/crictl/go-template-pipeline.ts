/** What stands between the braces of a Go template: commands, joined by bars. */
import type { JsonValue } from './proto-json.ts'
import { CrictlError } from './verb.ts'

export interface Scope {
  dot: JsonValue
  variables: Map<string, JsonValue>
}

/** @throws CrictlError for an unknown function, a missing key, or words that are no pipeline */
export function evaluatePipeline(source: string, scope: Scope): JsonValue {
  const words = splitWords(source)
  if (words.length === 0) throw new CrictlError('failed to generate go-template: missing value for command')
  let passed: JsonValue | undefined
  let command: string[] = []
  for (const word of [...words, '|']) {
    if (word !== '|') {
      command.push(word)
      continue
    }
    passed = evaluateCommand(command, passed, scope)
    command = []
  }
  return passed ?? null
}

/** Empty values are false, as in Go. */
export function isTrue(value: JsonValue): boolean {
  if (value === null) return false
  if (typeof value !== 'object') return Boolean(value)
  return Object.keys(value).length > 0
}

/** As Go's `fmt.Print` shows what JSON was decoded to. */
export function printValue(value: JsonValue): string {
  if (value === null) return '<no value>'
  if (Array.isArray(value)) return `[${value.map(printValue).join(' ')}]`
  if (typeof value !== 'object') return String(value)
  const keys = Object.keys(value).sort()
  return `map[${keys.map((key) => `${key}:${printValue(value[key] ?? null)}`).join(' ')}]`
}

/** Quoted texts, brackets and fields each stay one word. */
function splitWords(source: string): string[] {
  const words: string[] = []
  let rest = source.trim()
  while (rest !== '') {
    const word = rest.startsWith('(') ? takeBracket(rest) : /^("(?:\\.|[^"\\])*"|`[^`]*`|\||[^\s|()]+)/.exec(rest)?.[0]
    if (word === undefined) throw new CrictlError(`failed to generate go-template: unexpected ${JSON.stringify(rest)}`)
    words.push(word)
    rest = rest.slice(word.length).trimStart()
  }
  return words
}

/** From the opening bracket to the one that closes it, with a field behind it. */
function takeBracket(text: string): string {
  let depth = 0
  for (let index = 0; index < text.length; index++) {
    if (text[index] === '"') index = text.indexOf('"', index + 1)
    if (index < 0) break
    if (text[index] === '(') depth++
    if (text[index] === ')' && --depth === 0)
      return text.slice(0, index + 1) + (/^[.\w]+/.exec(text.slice(index + 1))?.[0] ?? '')
  }
  throw new CrictlError('failed to generate go-template: unclosed left paren')
}

function evaluateCommand(words: string[], passed: JsonValue | undefined, scope: Scope): JsonValue {
  const [name = '', ...rest] = words
  const operation = FUNCTIONS[name]
  if (operation === undefined) {
    if (rest.length > 0 || passed !== undefined || (/^[a-z]\w*$/i.test(name) && !/^(true|false|nil)$/.test(name)))
      throw new CrictlError(`failed to generate go-template: function ${JSON.stringify(name)} not defined`)
    return evaluateOperand(name, scope)
  }
  const operands = rest.map((word) => evaluateOperand(word, scope))
  return operation(...operands, ...(passed === undefined ? [] : [passed]))
}

function evaluateOperand(word: string, scope: Scope): JsonValue {
  if (word.startsWith('"')) return JSON.parse(word) as string
  if (word.startsWith('`')) return word.slice(1, -1)
  if (/^-?\d+(\.\d+)?$/.test(word)) return Number(word)
  if (word === 'true' || word === 'false') return word === 'true'
  if (word === 'nil') return null
  if (word.startsWith('(')) {
    const end = word.lastIndexOf(')')
    return followFields(evaluatePipeline(word.slice(1, end), scope), word.slice(end + 1))
  }
  const [, variable, fields] = /^(\$\w*)?((?:\.\w+)*\.?)$/.exec(word) ?? []
  if (fields === undefined) throw new CrictlError(`failed to generate go-template: bad operand ${JSON.stringify(word)}`)
  if (variable === undefined) return followFields(scope.dot, fields)
  const value = scope.variables.get(variable)
  if (value === undefined)
    throw new CrictlError(`failed to generate go-template: undefined variable ${JSON.stringify(variable)}`)
  return followFields(value, fields)
}

function followFields(value: JsonValue, fields: string): JsonValue {
  return fields
    .split('.')
    .filter((field) => field !== '')
    .reduce((holder, field) => {
      if (holder === null || typeof holder !== 'object' || Array.isArray(holder))
        throw new CrictlError(`failed to template data: can't evaluate field ${field} in ${printValue(holder)}`)
      if (!Object.hasOwn(holder, field))
        throw new CrictlError(`failed to template data: map has no entry for key ${JSON.stringify(field)}`)
      return holder[field] ?? null
    }, value)
}

const asText = (value: JsonValue | undefined): string => (typeof value === 'string' ? value : printValue(value ?? null))

const FUNCTIONS: Record<string, (...operands: JsonValue[]) => JsonValue> = {
  json: (value = null) => `${JSON.stringify(value)}\n`,
  lower: (value) => asText(value).toLowerCase(),
  upper: (value) => asText(value).toUpperCase(),
  title: (value) => asText(value).replace(/(^|\s)\p{L}/gu, (letter) => letter.toUpperCase()),
  len: (value = null) =>
    value !== null && typeof value === 'object' ? Object.keys(value).length : asText(value).length,
  index: (holder = null, ...keys) => keys.reduce(takeIndex, holder),
  print: (...values) => values.map(asText).join(''),
  println: (...values) => `${values.map(asText).join(' ')}\n`,
  printf: (format = '', ...values) =>
    asText(format).replace(/%(%|[svdqt])/g, (_, verb: string) => {
      if (verb === '%') return '%'
      const value = values.shift()
      return verb === 'q' ? JSON.stringify(asText(value)) : asText(value)
    }),
  eq: (first = null, ...others) => others.some((other) => asText(first) === asText(other)),
  ne: (first = null, second = null) => asText(first) !== asText(second),
  not: (value = null) => !isTrue(value),
  and: (...values) => values.find((value) => !isTrue(value)) ?? values.at(-1) ?? null,
  or: (...values) => values.find(isTrue) ?? values.at(-1) ?? null,
}

function takeIndex(holder: JsonValue, key: JsonValue): JsonValue {
  if (holder === null || typeof holder !== 'object')
    throw new CrictlError(`failed to template data: can't index item of ${printValue(holder)}`)
  if (!Array.isArray(holder)) return holder[String(key)] ?? ''
  const item = holder[Number(key)]
  if (item === undefined) throw new CrictlError(`failed to template data: index out of range: ${String(key)}`)
  return item
}
