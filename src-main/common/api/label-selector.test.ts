import { describe, expect, it } from 'vitest'
import { matchesLabels, parseLabelSelector, SelectorError } from './label-selector.ts'

const LABELS = { app: 'web', tier: 'front', generation: '7', in: 'yes' }

describe('given an object with labels', () => {
  it.each([
    ['', true],
    ['app=web', true],
    ['app==web', true],
    ['app = db', false],
    ['app!=db', true],
    ['missing!=db', true],
    ['app', true],
    ['!app', false],
    ['!missing', true],
    ['tier in (front, back)', true],
    ['tier notin (front)', false],
    ['missing notin (front)', true],
    ['missing in ()', false],
    ['app=web,tier=front', true],
    ['app=web,tier=back', false],
    ['in=yes', true],
    ['generation>6,generation<8', true],
    ['generation>7', false],
    ['app>1', false],
    ['missing=', false],
    ['constructor', false],
  ])('when the selector is %j, then it matches: %s', (text, expected) => {
    expect(matchesLabels(parseLabelSelector(text), LABELS)).toBe(expected)
  })
})

describe('given a selector that cannot be read', () => {
  it.each([
    ['a===b', "unable to parse requirement: found '=', expected: identifier"],
    ['a IN (b)', "unable to parse requirement: found 'IN', expected: in, notin, =, ==, !=, gt, lt"],
    ['a in b', "unable to parse requirement: found 'b' expected: '('"],
    ['a in (b', "unable to parse requirement: found '', expected: ',' or ')'"],
    ['a,', "found '', expected: identifier after ','"],
    ['=a', "found '=', expected: !, identifier, or 'end of string'"],
    ['a=b c', "found 'c', expected: ',' or 'end of string'"],
    [
      'a>x',
      `unable to parse requirement: values[0]: Invalid value: "x": for 'Gt', 'Lt' operators, the value must be an integer`,
    ],
  ])('when it is %j, then upstream’s words say what is wrong', (text, message) => {
    expect(() => parseLabelSelector(text)).toThrow(new SelectorError(message))
  })

  it('when a key or a value is no label, then the message says so at its path', () => {
    expect(() => parseLabelSelector('a/b/c=d')).toThrow(
      /^unable to parse requirement: <nil>: Invalid value: "a\/b\/c": /,
    )
    expect(() => parseLabelSelector('a=-')).toThrow(
      /^unable to parse requirement: values\[0\]\[a\]: Invalid value: "-": /,
    )
  })
})
