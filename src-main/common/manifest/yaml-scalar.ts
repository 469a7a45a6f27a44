/** Plain YAML scalars as a kubelet's YAML 1.1 reader takes them (facts 1.3.3): `yes` is a boolean, `0777` is 511. */

const TRUE = /^(?:y|Y|yes|Yes|YES|true|True|TRUE|on|On|ON)$/
const FALSE = /^(?:n|N|no|No|NO|false|False|FALSE|off|Off|OFF)$/
const NULL = /^(?:~|null|Null|NULL|)$/
const INTEGER = /^[-+]?(?:0b[01]+|0x[0-9a-fA-F]+|0o?[0-7]+|0|[1-9][0-9]*)$/
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/
/** No number is longer; a longer text is a string without a closer look. */
const MAX_NUMBER_LENGTH = 400

/** The value of an unquoted scalar. Dates and base-60 numbers stay strings, as upstream's reader keeps them. */
export function resolvePlainScalar(text: string): string | number | boolean | null {
  if (TRUE.test(text)) return true
  if (FALSE.test(text)) return false
  if (NULL.test(text)) return null
  return resolveNumber(text) ?? text
}

/** The value of a scalar with an explicit tag such as `!!str`, or undefined when the text does not fit the tag. */
export function resolveTaggedScalar(tag: string, text: string): string | number | boolean | null | undefined {
  switch (tag) {
    case 'tag:yaml.org,2002:int':
    case 'tag:yaml.org,2002:float':
      return resolveNumber(text)
    case 'tag:yaml.org,2002:bool':
      return TRUE.test(text) ? true : FALSE.test(text) ? false : undefined
    case 'tag:yaml.org,2002:null':
      return NULL.test(text) ? null : undefined
    default:
      return text
  }
}

function resolveNumber(text: string): number | undefined {
  if (text.length > MAX_NUMBER_LENGTH || !/^[-+.0-9]/.test(text)) return undefined
  const digits = text.replaceAll('_', '')
  if (INTEGER.test(digits)) return integer(digits)
  return FLOAT.test(digits) ? Number(digits) : undefined
}

function integer(text: string): number {
  const sign = text.startsWith('-') ? -1 : 1
  const digits = text.replace(/^[-+]/, '')
  const octal = /^0o?([0-7]+)$/.exec(digits)?.[1]
  const value = octal === undefined ? Number(digits) : Number.parseInt(octal, 8)
  // Never -0, which JSON cannot carry.
  return value === 0 ? 0 : sign * value
}
