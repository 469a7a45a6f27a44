import { describe, expect, it } from 'vitest'
import { en } from './en.ts'
import { ko } from './ko.ts'

function flatten(texts: object, path = ''): [string, string][] {
  return Object.entries(texts).flatMap(([key, value]: [string, unknown]) => {
    const full = path === '' ? key : `${path}.${key}`
    return typeof value === 'string' ? [[full, value] as [string, string]] : flatten(value as object, full)
  })
}

const placeholders = (text: string): string[] => [...new Set(text.match(/\{\w+\}/g) ?? [])].toSorted()
const korean = new Map(flatten(ko))

describe('messages', () => {
  it('given any English text, Korean is there and fills in nothing that English does not', () => {
    const problems = flatten(en).filter(([key, english]) => {
      const text = korean.get(key) ?? ''
      const known = new Set(placeholders(english))
      const isMissing = text === '' && english !== ''
      return isMissing || placeholders(text).some((name) => !known.has(name))
    })
    expect(problems).toEqual([])
  })

  it('given a text with several forms for numbers, Korean has as many', () => {
    const forms = (text: string): number => text.split(' | ').length
    const differing = flatten(en).filter(([key, english]) => forms(english) !== forms(korean.get(key) ?? ''))
    expect(differing).toEqual([])
  })
})
