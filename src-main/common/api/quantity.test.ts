import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalQuantity, compareQuantities, formatQuantity, parseQuantity } from './quantity.ts'

const NANO = 1_000_000_000n

function nanos(text: string): bigint {
  const parsed = parseQuantity(text)
  if (!parsed.ok) throw new Error(parsed.message)
  return parsed.quantity.nanos
}

describe('parseQuantity', () => {
  it.each([
    ['0', 0n],
    ['1', NANO],
    ['100m', 100_000_000n],
    ['0.1', 100_000_000n],
    ['.5', NANO / 2n],
    ['5.', 5n * NANO],
    ['1e3', 1000n * NANO],
    ['1E3', 1000n * NANO],
    ['1e-3', 1_000_000n],
    ['64Mi', 64n * 1024n * 1024n * NANO],
    ['1.5Gi', 1536n * 1024n * 1024n * NANO],
    ['1k', 1000n * NANO],
    ['1E', 10n ** 18n * NANO],
    ['-2', -2n * NANO],
    ['+2', 2n * NANO],
    ['1n', 1n],
    ['0.1n', 1n],
    ['100E', (2n ** 63n - 1n) * NANO],
  ])('given %s, then the amount is exact, rounded up at a nano', (text, expected) => {
    expect(nanos(text)).toBe(expected)
  })

  it.each(['', ' ', 'x', '1K', '1mi', '1..2', '.', '-', '1 2', '1e', '0x10', 'NaN', '1'.repeat(200)])(
    'given %j, then it is refused in upstream words',
    (text) => {
      const parsed = parseQuantity(text)
      expect(parsed.ok ? '' : parsed.message).toContain('quantities must match the regular expression')
    },
  )

  it('given an absurd exponent, then it is refused at once', () => {
    expect(parseQuantity('1e999999999').ok).toBe(false)
  })

  it('given any text, then it never throws', () => {
    fc.assert(fc.property(fc.string(), (text) => typeof parseQuantity(text).ok === 'boolean'))
  })
})

describe('formatQuantity', () => {
  it.each([
    ['0.5', '500m'],
    ['1.5', '1500m'],
    ['1000m', '1'],
    ['2048Ki', '2Mi'],
    ['1.5Gi', '1536Mi'],
    ['512', '512'],
    ['1000000', '1M'],
    ['1e6', '1e6'],
    ['0Gi', '0'],
    ['0.5Ki', '512'],
    ['100M', '100M'],
  ])('given %s, then its canonical form is %s', (text, expected) => {
    expect(canonicalQuantity(text)).toBe(expected)
  })

  it('given any amount, when written and read again, then it is the same amount', () => {
    const amount = fc.bigInt({ min: -(10n ** 24n), max: 10n ** 24n })
    const format = fc.constantFrom('DecimalSI', 'BinarySI', 'DecimalExponent')
    fc.assert(
      fc.property(amount, format, (value, kind) => {
        expect(nanos(formatQuantity({ nanos: value, format: kind }))).toBe(value)
      }),
    )
  })

  it('given a canonical form, then it is its own canonical form', () => {
    const text = fc.tuple(fc.nat(), fc.constantFrom('', 'm', 'k', 'M', 'Ki', 'Mi', 'Gi')).map(([n, s]) => `${n}${s}`)
    fc.assert(
      fc.property(text, (quantity) => {
        const canonical = canonicalQuantity(quantity)
        expect(canonicalQuantity(canonical)).toBe(canonical)
      }),
    )
  })
})

describe('compareQuantities', () => {
  it('given different spellings, then amounts are compared', () => {
    const compare = (left: string, right: string) =>
      Math.sign(
        compareQuantities({ nanos: nanos(left), format: 'DecimalSI' }, { nanos: nanos(right), format: 'BinarySI' }),
      )
    expect(compare('1024', '1Ki')).toBe(0)
    expect(compare('1k', '1Ki')).toBe(-1)
    expect(compare('1', '999m')).toBe(1)
  })
})
