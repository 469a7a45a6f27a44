import { describe, expect, it } from 'vitest'
import { expandReferences } from './expand.ts'

const VALUES: Record<string, string> = { NAME: 'web', EMPTY: '' }

describe('expandReferences', () => {
  it.each([
    ['hello $(NAME)', 'hello web'],
    ['$(NAME)$(NAME)', 'webweb'],
    ['[$(EMPTY)]', '[]'],
    ['$(NOPE)', '$(NOPE)'],
    ['$$(NAME)', '$(NAME)'],
    ['$$$(NAME)', '$web'],
    ['$(NAME', '$(NAME'],
    ['costs 5$', 'costs 5$'],
    ['$NAME', '$NAME'],
    ['', ''],
  ])('given %s, then %s', (text, expanded) => {
    expect(expandReferences(text, (name) => VALUES[name])).toBe(expanded)
  })
})
