/**
 * Kubernetes quantities (`100m`, `64Mi`, `1e3`): exact amounts with a decimal or a binary suffix. Kept as whole nano-units
 * in a bigint; whatever is finer is rounded up, as upstream does.
 */
import type { QuantityString } from './core.ts'

/** Which suffixes the canonical form uses. */
export type QuantityFormat = 'DecimalSI' | 'BinarySI' | 'DecimalExponent'

export interface Quantity {
  /** Amount × 10⁹. */
  nanos: bigint
  format: QuantityFormat
}

export type ParsedQuantity = { ok: true; quantity: Quantity } | { ok: false; message: string }

const NANO = 1_000_000_000n
const PATTERN = /^([+-]?)([0-9]*)(?:\.([0-9]*))?(Ki|Mi|Gi|Ti|Pi|Ei|n|u|m|k|M|G|T|P|E|[eE][+-]?[0-9]+)?$/
const WRONG_FORM = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
const MAX_LENGTH = 128
/** Upstream caps amounts at 2⁶³-1. */
const MAX_NANOS = (2n ** 63n - 1n) * NANO

const BINARY: Readonly<Record<string, bigint>> = {
  Ki: 2n ** 10n,
  Mi: 2n ** 20n,
  Gi: 2n ** 30n,
  Ti: 2n ** 40n,
  Pi: 2n ** 50n,
  Ei: 2n ** 60n,
}
const DECIMAL_EXPONENT: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
}

/** Reads a quantity as written in a manifest. Never throws. */
export function parseQuantity(text: QuantityString): ParsedQuantity {
  const source = String(text).trim()
  const match = source.length > MAX_LENGTH ? null : PATTERN.exec(source)
  const [, sign = '', whole = '', fraction = '', suffix = ''] = match ?? []
  if (match === null || whole + fraction === '') return { ok: false, message: WRONG_FORM }
  const binary = BINARY[suffix]
  const exponent = decimalExponent(suffix)
  if (Math.abs(exponent) > 1000) return { ok: false, message: "unable to parse quantity's suffix" }
  const digits = BigInt(whole + fraction)
  const scale = 9 - fraction.length + exponent
  const scaled = digits * (binary ?? 1n)
  const magnitude = scale >= 0 ? scaled * 10n ** BigInt(scale) : divideUp(scaled, 10n ** BigInt(-scale))
  const capped = magnitude > MAX_NANOS ? MAX_NANOS : magnitude
  const format: QuantityFormat =
    binary !== undefined ? 'BinarySI' : /^[eE][+-]?[0-9]/.test(suffix) ? 'DecimalExponent' : 'DecimalSI'
  return { ok: true, quantity: { nanos: sign === '-' ? -capped : capped, format } }
}

/** Negative, zero or positive, as sort functions want it. */
export function compareQuantities(left: Quantity, right: Quantity): number {
  return left.nanos < right.nanos ? -1 : left.nanos > right.nanos ? 1 : 0
}

/**
 * The form that the API writes: no fraction, the largest suffix that keeps the number whole. `1.5` becomes `1500m`,
 * `2048Ki` becomes `2Mi`; a binary amount below 1024 or with a fraction is written as decimal.
 */
export function formatQuantity(quantity: Quantity): string {
  const { nanos, format } = quantity
  if (nanos === 0n) return '0'
  if (format === 'BinarySI' && nanos % NANO === 0n && absolute(nanos) >= 1024n * NANO) return formatBinary(nanos / NANO)
  let exponent = -9
  let amount = nanos
  while (exponent < 18 && amount % 1000n === 0n) {
    amount /= 1000n
    exponent += 3
  }
  if (exponent === 0) return String(amount)
  if (format === 'DecimalExponent') return `${amount}e${exponent}`
  const suffix = Object.keys(DECIMAL_EXPONENT).find((key) => DECIMAL_EXPONENT[key] === exponent) ?? ''
  return `${amount}${suffix}`
}

/** The canonical spelling of a quantity; what is none stays as it is, for validation to name. */
export function canonicalQuantity(text: QuantityString): string {
  const parsed = parseQuantity(text)
  return parsed.ok ? formatQuantity(parsed.quantity) : String(text)
}

function formatBinary(units: bigint): string {
  let suffix = ''
  let amount = units
  for (const [name, factor] of Object.entries(BINARY)) {
    if (units % factor !== 0n) break
    suffix = name
    amount = units / factor
  }
  return `${amount}${suffix}`
}

function decimalExponent(suffix: string): number {
  const exponent = /^[eE]([+-]?[0-9]+)$/.exec(suffix)?.[1]
  return exponent === undefined ? (DECIMAL_EXPONENT[suffix] ?? 0) : Number(exponent)
}

function absolute(value: bigint): bigint {
  return value < 0n ? -value : value
}

/** Division that rounds away from zero. */
function divideUp(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor
  if (dividend % divisor === 0n) return quotient
  return dividend < 0n ? quotient - 1n : quotient + 1n
}
