/**
 * Label selectors as text, `app=web,tier in (front,back),!legacy`: upstream's grammar and words for what is wrong
 * (apimachinery/pkg/labels/selector.go; facts 8.3.4).
 */
import { formatAggregate, invalid, type FieldError } from '../validation/field-error.ts'
import { checkLabelValue, checkQualifiedName } from '../validation/names.ts'

type Operator = 'in' | 'notin' | '=' | '==' | '!=' | 'gt' | 'lt' | 'exists' | '!'

export interface LabelRequirement {
  key: string
  operator: Operator
  /** Sorted, each once; empty for `exists` and `!`. */
  values: readonly string[]
}

/** All requirements hold; none at all matches everything. */
export type LabelSelector = readonly LabelRequirement[]

/** `message` is upstream's. */
export class SelectorError extends Error {}

/** @throws SelectorError */
export function parseLabelSelector(text: string): LabelSelector {
  return new Parser(tokenize(text)).parse()
}

export function matchesLabels(selector: LabelSelector, labels: Readonly<Record<string, string>> = {}): boolean {
  return selector.every(({ key, operator, values }) => {
    const value = Object.hasOwn(labels, key) ? labels[key] : undefined
    switch (operator) {
      case 'in':
      case '=':
      case '==':
        return value !== undefined && values.includes(value)
      case 'notin':
      case '!=':
        return value === undefined || !values.includes(value)
      case 'exists':
        return value !== undefined
      case '!':
        return value === undefined
      case 'gt':
        return isInteger(value) && BigInt(value) > BigInt(values[0] ?? '')
      case 'lt':
        return isInteger(value) && BigInt(value) < BigInt(values[0] ?? '')
    }
  })
}

type TokenType = 'identifier' | 'end' | 'error' | 'in' | 'notin' | '(' | ')' | ',' | '!' | '=' | '==' | '!=' | '>' | '<'

interface Token {
  type: TokenType
  text: string
}

const SYMBOLS = ['==', '!=', '(', ')', ',', '!', '=', '>', '<'] as const
const END: Token = { type: 'end', text: '' }

function tokenize(text: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  while (at < text.length) {
    if (/[ \t\r\n]/.test(text.charAt(at))) {
      at++
      continue
    }
    const symbol = SYMBOLS.find((candidate) => text.startsWith(candidate, at))
    const word = symbol ?? /^[^=!(),><\s]+/.exec(text.slice(at))?.[0] ?? text.charAt(at)
    at += word.length
    tokens.push({ type: symbol ?? (word === 'in' || word === 'notin' ? word : 'identifier'), text: word })
  }
  return tokens
}

const BINARY: Partial<Record<TokenType, Operator>> = {
  in: 'in',
  notin: 'notin',
  '=': '=',
  '==': '==',
  '!=': '!=',
  '>': 'gt',
  '<': 'lt',
}

class Parser {
  readonly #tokens: Token[]
  #at = 0

  constructor(tokens: Token[]) {
    this.#tokens = tokens
  }

  parse(): LabelSelector {
    const requirements: LabelRequirement[] = []
    for (;;) {
      const { type, text } = this.#peek()
      if (type === 'end') return requirements
      if (type !== 'identifier' && type !== '!')
        throw new SelectorError(`found '${text}', expected: !, identifier, or 'end of string'`)
      requirements.push(this.#requirement())
      const separator = this.#take()
      if (separator.type === 'end') return requirements
      if (separator.type !== ',') throw new SelectorError(`found '${separator.text}', expected: ',' or 'end of string'`)
      const next = this.#peek()
      if (next.type !== 'identifier' && next.type !== '!')
        throw new SelectorError(`found '${next.text}', expected: identifier after ','`)
    }
  }

  #requirement(): LabelRequirement {
    const negated = this.#peek().type === '!'
    if (negated) this.#take()
    const key = this.#take()
    if (key.type !== 'identifier') fail(`found '${key.text}', expected: identifier`)
    // Upstream has no path for a key here, and says so.
    const faults = checkKey('<nil>', key.text)
    if (faults.length > 0) fail(formatAggregate(faults))
    const after = this.#peek().type
    if (negated) return requirement(key.text, '!', [])
    if (after === 'end' || after === ',') return requirement(key.text, 'exists', [])
    const operatorToken = this.#take(true)
    const operator = BINARY[operatorToken.type]
    if (operator === undefined) fail(`found '${operatorToken.text}', expected: in, notin, =, ==, !=, gt, lt`)
    return requirement(key.text, operator, operator === 'in' || operator === 'notin' ? this.#list() : [this.#value()])
  }

  #value(): string {
    const { type } = this.#peek()
    if (type === 'end' || type === ',') return ''
    const token = this.#take()
    if (token.type !== 'identifier') fail(`found '${token.text}', expected: identifier`)
    return token.text
  }

  #list(): string[] {
    const open = this.#take()
    if (open.type !== '(') fail(`found '${open.text}' expected: '('`)
    const first = this.#peek()
    if (first.type === ')') {
      this.#take()
      return ['']
    }
    if (first.type !== 'identifier' && first.type !== ',')
      fail(`found '${first.text}', expected: ',', ')' or identifier`)
    const values: string[] = []
    for (;;) {
      values.push(this.#peek().type === 'identifier' ? this.#take().text : '')
      const token = this.#take()
      if (token.type === ')') return values
      if (token.type !== ',') fail(`found '${token.text}', expected: ',' or ')'`)
      const next = this.#peek()
      if (next.type !== 'identifier' && next.type !== ',' && next.type !== ')')
        fail(`found '${next.text}', expected: ',', or identifier`)
    }
  }

  /** `in` and `notin` are words like others, but where an operator stands. */
  #take(asOperator = false): Token {
    const token = this.#peek(asOperator)
    this.#at++
    return token
  }

  #peek(asOperator = false): Token {
    const token = this.#tokens[this.#at] ?? END
    const isWord = !asOperator && (token.type === 'in' || token.type === 'notin')
    return isWord ? { type: 'identifier', text: token.text } : token
  }
}

function requirement(key: string, operator: Operator, values: string[]): LabelRequirement {
  const faults: FieldError[] = []
  if (operator === 'gt' || operator === 'lt')
    values.forEach((value, index) => {
      if (!isInteger(value))
        faults.push(invalid(`values[${index}]`, value, "for 'Gt', 'Lt' operators, the value must be an integer"))
    })
  const sorted = [...new Set(values)].sort()
  sorted.forEach((value, index) => {
    const wrong = checkLabelValue(value)
    if (wrong.length > 0) faults.push(invalid(`values[${index}][${key}]`, value, wrong.join('; ')))
  })
  if (faults.length > 0) fail(formatAggregate(faults))
  return { key, operator, values: sorted }
}

function checkKey(field: string, key: string): FieldError[] {
  const wrong = checkQualifiedName(key)
  return wrong.length === 0 ? [] : [invalid(field, key, wrong.join('; '))]
}

function isInteger(value: string | undefined): value is string {
  return value !== undefined && /^[+-]?\d{1,18}$/.test(value)
}

function fail(message: string): never {
  throw new SelectorError(`unable to parse requirement: ${message}`)
}
