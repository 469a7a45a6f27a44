/** Values of flags by the rules of pflag and of Go's strconv, with their words for what is wrong. */
import { parseGoDuration } from '../common/api/duration.ts'

/** `message` is pflag's. */
export class FlagError extends Error {}

export type ParsedFlagValue<Value> = { value: Value } | { problem: string }

/** Checked, and kept as it was written. */
export function parseDuration(text: string): ParsedFlagValue<string> {
  return parseGoDuration(text) === undefined
    ? { problem: `time: invalid duration ${JSON.stringify(text)}` }
    : { value: text }
}

export function parseBool(text: string): ParsedFlagValue<boolean> {
  if (['1', 't', 'T', 'true', 'TRUE', 'True'].includes(text)) return { value: true }
  if (['0', 'f', 'F', 'false', 'FALSE', 'False'].includes(text)) return { value: false }
  return { problem: `strconv.ParseBool: parsing ${JSON.stringify(text)}: invalid syntax` }
}

/** An integer as a Go program writes it: a prefix tells the base, a leading 0 alone means octal. */
const GO_INTEGER = /^[+-]?(0[xX](_?[\da-fA-F])+|0[oO](_?[0-7])+|0[bB](_?[01])+|0(_?[0-7])*|[1-9](_?\d)*)$/

/** @param limit the first number that is too large; its negative is the smallest that is not */
export function parseInteger(text: string, limit: bigint): ParsedFlagValue<number> {
  const parsing = `strconv.ParseInt: parsing ${JSON.stringify(text)}`
  if (!GO_INTEGER.test(text)) return { problem: `${parsing}: invalid syntax` }
  const magnitude = BigInt(
    text
      .replace(/^[+-]/, '')
      .replaceAll('_', '')
      .replace(/^0(?=\d)/, '0o'),
  )
  const value = text.startsWith('-') ? -magnitude : magnitude
  if (value >= limit || value < -limit) return { problem: `${parsing}: value out of range` }
  return { value: Number(value) }
}
