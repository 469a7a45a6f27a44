/**
 * Go's templates over JSON, as far as they are used with `crictl … -o go-template`: fields, `index`, `range`, `if`, `with`,
 * `else`, variables, pipelines, comparisons, `len`, `printf`, `json`, `lower`, `upper`, `title`.
 */
import { evaluatePipeline, isTrue, printValue, type Scope } from './go-template-pipeline.ts'
import type { JsonValue } from './proto-json.ts'
import { CrictlError } from './verb.ts'

interface Block {
  keyword: 'range' | 'if' | 'with'
  pipeline: string
  body: Part[]
  otherwise: Part[]
}
type Part = { text: string } | { pipeline: string } | Block

/** @throws CrictlError for what is no template, or a key that is not there */
export function renderGoTemplate(template: string, data: JsonValue): string {
  const tokens = tokenize(template)
  const parts = parseParts(tokens, [])
  return renderParts(parts, { dot: data, variables: new Map([['$', data]]) })
}

/** Texts at even places, actions at odd ones; `{{-` and `-}}` have trimmed the texts beside them. */
function tokenize(template: string): string[] {
  const tokens: string[] = []
  let rest = template
  let trimsNext = false
  for (;;) {
    const begin = rest.indexOf('{{')
    let text = begin < 0 ? rest : rest.slice(0, begin)
    if (trimsNext) text = text.trimStart()
    if (begin < 0) return [...tokens, text]
    const end = rest.indexOf('}}', begin)
    if (end < 0) throw new CrictlError('failed to generate go-template: unclosed action')
    let action = rest.slice(begin + 2, end)
    if (/^-\s/.test(action)) {
      text = text.trimEnd()
      action = action.slice(1)
    }
    trimsNext = /\s-$/.test(action)
    if (trimsNext) action = action.slice(0, -1)
    tokens.push(text, action.trim())
    rest = rest.slice(end + 2)
  }
}

/** Takes tokens from the front up to one of the `ends`, which stays. */
function parseParts(tokens: string[], ends: string[]): Part[] {
  const parts: Part[] = []
  for (;;) {
    const text = tokens.shift()
    if (text !== undefined && text !== '') parts.push({ text })
    const action = tokens[0]
    if (action === undefined) {
      if (ends.length > 0) throw new CrictlError('failed to generate go-template: unexpected EOF')
      return parts
    }
    const [, keyword = ''] = /^(range|if|with|else|end)\b/.exec(action) ?? []
    if (keyword === 'else' || keyword === 'end') {
      if (!ends.includes(keyword)) throw new CrictlError(`failed to generate go-template: unexpected {{${keyword}}}`)
      return parts
    }
    tokens.shift()
    if (keyword === 'range' || keyword === 'if' || keyword === 'with')
      parts.push(parseBlock(keyword, action.slice(keyword.length).trim(), tokens))
    else if (!/^\/\*.*\*\/$/s.test(action)) parts.push({ pipeline: action })
  }
}

function parseBlock(keyword: Block['keyword'], pipeline: string, tokens: string[]): Block {
  const body = parseParts(tokens, ['else', 'end'])
  const closing = tokens.shift()
  if (closing === 'end') return { keyword, pipeline, body, otherwise: [] }
  const [, chained] = /^else\s+if\b(.*)$/s.exec(closing ?? '') ?? []
  // The inner block takes the `end` that is written once for both.
  if (chained !== undefined) return { keyword, pipeline, body, otherwise: [parseBlock('if', chained.trim(), tokens)] }
  const otherwise = parseParts(tokens, ['end'])
  tokens.shift()
  return { keyword, pipeline, body, otherwise }
}

function renderParts(parts: readonly Part[], scope: Scope): string {
  return parts.map((part) => renderPart(part, scope)).join('')
}

function renderPart(part: Part, scope: Scope): string {
  if ('text' in part) return part.text
  if ('keyword' in part) return renderBlock(part, scope)
  const [, variable, pipeline] = /^(\$\w*)\s*:?=\s*(.*)$/s.exec(part.pipeline) ?? []
  if (variable === undefined || pipeline === undefined) return printValue(evaluatePipeline(part.pipeline, scope))
  scope.variables.set(variable, evaluatePipeline(pipeline, scope))
  return ''
}

function renderBlock({ keyword, pipeline, body, otherwise }: Block, scope: Scope): string {
  const [, names = '', source = pipeline] = /^((?:\$\w+\s*,\s*)?\$\w+)\s*:=\s*(.*)$/s.exec(pipeline) ?? []
  const value = evaluatePipeline(source, scope)
  const variables = names === '' ? [] : names.split(/\s*,\s*/)
  const inner = (dot: JsonValue, key: JsonValue): string => {
    const bound = new Map(scope.variables)
    const [first, second] = variables
    if (first !== undefined) bound.set(first, second === undefined ? dot : key)
    if (second !== undefined) bound.set(second, dot)
    return renderParts(body, { dot, variables: bound })
  }
  if (!isTrue(value)) return renderParts(otherwise, scope)
  if (keyword === 'if') return renderParts(body, scope)
  if (keyword === 'with') return inner(value, value)
  if (value === null || typeof value !== 'object')
    throw new CrictlError(`failed to template data: range can't iterate over ${printValue(value)}`)
  if (Array.isArray(value)) return value.map((item, index) => inner(item, index)).join('')
  return Object.keys(value)
    .sort()
    .map((key) => inner(value[key] ?? null, key))
    .join('')
}
