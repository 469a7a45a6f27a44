/**
 * Field selectors as text, `spec.nodeName=node01,status.phase!=Failed`, with upstream's escapes and words for what is wrong
 * (apimachinery/pkg/fields/selector.go; facts 8.3.4).
 */
import { SelectorError } from './label-selector.ts'

export interface FieldRequirement {
  field: string
  equal: boolean
  value: string
}

/** All requirements hold; none at all matches everything. */
export type FieldSelector = readonly FieldRequirement[]

/** @throws SelectorError */
export function parseFieldSelector(text: string): FieldSelector {
  return splitTerms(text)
    .filter((term) => term !== '')
    .map((term) => {
      const match = /^(.*?)(!=|==|=)(.*)$/s.exec(term)
      if (match === null) throw new SelectorError(`invalid selector: '${text}'; can't understand '${term}'`)
      const [, field = '', operator, value = ''] = match
      return { field, equal: operator !== '!=', value: unescapeValue(value) }
    })
}

/** `read` gives a field's value; fields that it does not know were refused before. */
export function matchesFields(selector: FieldSelector, read: (field: string) => string): boolean {
  return selector.every(({ field, equal, value }) => (read(field) === value) === equal)
}

/** The value that a field must have, if the selector asks for exactly one. */
export function requiredValue(selector: FieldSelector, field: string): string | undefined {
  return selector.find((requirement) => requirement.field === field && requirement.equal)?.value
}

/** At commas that no backslash precedes; the escapes stay. */
function splitTerms(text: string): string[] {
  const terms = ['']
  let escaped = false
  for (const character of text) {
    if (character === ',' && !escaped) terms.push('')
    else terms[terms.length - 1] += character
    escaped = character === '\\' && !escaped
  }
  return terms
}

function unescapeValue(text: string): string {
  let value = ''
  let escaped = false
  for (const character of text) {
    const isSpecial = character === '\\' || character === ',' || character === '='
    if (escaped) {
      if (!isSpecial) throw new SelectorError(`invalid field selector: invalid escape sequence: \\${character}`)
      value += character
      escaped = false
    } else if (character === '\\') escaped = true
    else if (isSpecial) throw new SelectorError(`invalid field selector: unescaped character in value: ${character}`)
    else value += character
  }
  if (escaped) throw new SelectorError('invalid field selector: invalid escape sequence: \\')
  return value
}
