import { describe, expect, it } from 'vitest'
import { matchesFields, parseFieldSelector, requiredValue } from './field-selector.ts'

const FIELDS: Record<string, string> = { 'metadata.name': 'web', 'spec.nodeName': 'node01', odd: 'a,b=c\\' }
const read = (field: string): string => FIELDS[field] ?? ''

describe('given an object with fields', () => {
  it.each([
    ['', true],
    ['metadata.name=web', true],
    ['metadata.name==web', true],
    ['metadata.name!=web', false],
    ['metadata.name=web,spec.nodeName!=node02', true],
    ['spec.nodeName=', false],
    ['status.phase=', true],
    [String.raw`odd=a\,b\=c\\`, true],
  ])('when the selector is %j, then it matches: %s', (text, expected) => {
    expect(matchesFields(parseFieldSelector(text), read)).toBe(expected)
  })

  it('when a selector asks for one value, then it is known without looking at objects', () => {
    expect(requiredValue(parseFieldSelector('a!=b,metadata.name=web'), 'metadata.name')).toBe('web')
    expect(requiredValue(parseFieldSelector('metadata.name!=web'), 'metadata.name')).toBeUndefined()
  })
})

describe('given a selector that cannot be read', () => {
  it.each([
    ['metadata.name', "invalid selector: 'metadata.name'; can't understand 'metadata.name'"],
    ['a=b=c', 'invalid field selector: unescaped character in value: ='],
    [String.raw`a=\x`, String.raw`invalid field selector: invalid escape sequence: \x`],
  ])('when it is %j, then upstream’s words say what is wrong', (text, message) => {
    expect(() => parseFieldSelector(text)).toThrow(message)
  })
})
