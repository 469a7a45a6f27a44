/** Rules for names and numbers in API objects. Each function returns what is wrong in upstream's words; nothing wrong is `[]`. */

const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?'
const LABEL_1035 = '[a-z]([-a-z0-9]*[a-z0-9])?'
const SUBDOMAIN = `${LABEL}(\\.${LABEL})*`
const QUALIFIED_NAME = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]'
const LABEL_VALUE = `(${QUALIFIED_NAME})?`

const LABEL_MESSAGE =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character"
const LABEL_1035_MESSAGE =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character"
const SUBDOMAIN_MESSAGE =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character"
const QUALIFIED_NAME_MESSAGE =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character"
const LABEL_VALUE_MESSAGE =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character"

/** Longest host name that Linux takes. */
export const MAX_KERNEL_HOSTNAME = 64
export const MAX_INT32 = 2 ** 31 - 1

/** RFC 1123 label: host, node, container and volume names. */
export function checkDNS1123Label(value: string): string[] {
  return checkPattern(value, 63, LABEL, LABEL_MESSAGE, ['my-name', '123-abc'])
}

/** RFC 1035 label: service names, which begin with a letter. */
export function checkDNS1035Label(value: string): string[] {
  return checkPattern(value, 63, LABEL_1035, LABEL_1035_MESSAGE, ['my-name', 'abc-123'])
}

/** Names that only have to fit into a path, as those of roles. */
export function checkPathSegment(value: string): string[] {
  if (value === '.' || value === '..') return [`may not be '${value}'`]
  return ['/', '%']
    .filter((character) => value.includes(character))
    .map((character) => `may not contain '${character}'`)
}

/** RFC 1123 subdomain: pod names, among others. */
export function checkDNS1123Subdomain(value: string): string[] {
  return checkPattern(value, 253, SUBDOMAIN, SUBDOMAIN_MESSAGE, ['example.com'])
}

/** Keys of labels and annotations: an optional `prefix/` and a name of at most 63 characters. */
export function checkQualifiedName(value: string): string[] {
  const parts = value.split('/')
  const [first = '', second] = parts
  if (parts.length > 2) {
    const rule = regexText(QUALIFIED_NAME_MESSAGE, QUALIFIED_NAME, ['MyName', 'my.name', '123-abc'])
    return [`a qualified name ${rule} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`]
  }
  const prefix = second === undefined ? undefined : first
  const name = second ?? first
  const faults: string[] = []
  if (prefix === '') faults.push('prefix part must be non-empty')
  else if (prefix !== undefined) faults.push(...checkDNS1123Subdomain(prefix).map((fault) => `prefix part ${fault}`))
  if (name === '') faults.push('name part must be non-empty')
  const nameFaults = checkPattern(name, 63, QUALIFIED_NAME, QUALIFIED_NAME_MESSAGE, ['MyName', 'my.name', '123-abc'])
  return [...faults, ...nameFaults.map((fault) => `name part ${fault}`)]
}

export function checkLabelValue(value: string): string[] {
  return checkPattern(value, 63, LABEL_VALUE, LABEL_VALUE_MESSAGE, ['MyValue', 'my_value', '12345'])
}

/** Names of container ports (IANA service names). */
export function checkPortName(value: string): string[] {
  const faults: string[] = []
  if (value.length > 15) faults.push('must be no more than 15 characters')
  if (!/^[-a-z0-9]+$/.test(value)) faults.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)')
  if (!/[a-z]/.test(value)) faults.push('must contain at least one letter (a-z)')
  if (value.includes('--')) faults.push('must not contain consecutive hyphens')
  if (/^-|-$/.test(value)) faults.push('must not begin or end with a hyphen')
  return faults
}

/** Names of environment variables, by the rule in force since 1.32. */
export function checkEnvVarName(value: string): string[] {
  if (/^[ -<>-~]+$/.test(value)) return []
  return ["a valid environment variable name must consist only of printable ASCII characters other than '='"]
}

export function checkHTTPHeaderName(value: string): string[] {
  if (/^[-A-Za-z0-9]+$/.test(value)) return []
  return [
    regexText("a valid HTTP header must consist of alphanumeric characters or '-'", '[-A-Za-z0-9]+', ['X-Header-Name']),
  ]
}

export function checkPortNumber(port: number): string[] {
  return checkRange(port, 1, 65535)
}

export function checkRange(value: number, minimum: number, maximum: number): string[] {
  return Number.isInteger(value) && value >= minimum && value <= maximum
    ? []
    : [`must be between ${minimum} and ${maximum}, inclusive`]
}

export function isIPAddress(value: string): boolean {
  return isIPv4Address(value) || isIPv6Address(value)
}

/** Four decimal parts without leading zeros. */
export function isIPv4Address(value: string): boolean {
  const parts = value.split('.')
  return parts.length === 4 && parts.every((part) => /^(?:0|[1-9][0-9]{0,2})$/.test(part) && Number(part) <= 255)
}

function isIPv6Address(value: string): boolean {
  if (value.length > 45 || !/^[0-9a-fA-F:.]+$/.test(value)) return false
  const halves = value.split('::')
  if (halves.length > 2) return false
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')))
  const last = groups.at(-1)
  const embedded = last !== undefined && last.includes('.')
  // Dotted decimals may only be the end of the address.
  if (embedded && !(isIPv4Address(last) && value.endsWith(last))) return false
  const plain = embedded ? groups.slice(0, -1) : groups
  if (!plain.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return false
  const count = plain.length + (embedded ? 2 : 0)
  return halves.length === 2 ? count < 8 : count === 8
}

function checkPattern(value: string, maximum: number, pattern: string, message: string, examples: string[]): string[] {
  // The pattern is not tried on what is too long anyway, so its cost is bounded; a length that allows it is tested in full.
  if (value.length > maximum) {
    return [`must be no more than ${maximum} characters`]
  }
  return new RegExp(`^(?:${pattern})$`).test(value) ? [] : [regexText(message, pattern, examples)]
}

function regexText(message: string, pattern: string, examples: string[]): string {
  const shown = examples.map((example) => `'${example}', `).join(' or ')
  return `${message} (e.g. ${shown}regex used for validation is '${pattern}')`
}
