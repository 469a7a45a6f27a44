/** What ConfigMaps and Secrets have in common: keys that become file names, base64, a size limit, immutability. */
import { type FieldError, forbidden, invalid } from './field-error.ts'
import { IS_IMMUTABLE } from './validate-object-meta.ts'

const MAX_KEY_LENGTH = 253
const KEY_PATTERN = '[-._a-zA-Z0-9]+'

/** What is wrong with a key, in upstream's words. */
export function checkConfigKey(key: string): string[] {
  const faults: string[] = []
  if (key.length > MAX_KEY_LENGTH) faults.push(`must be no more than ${MAX_KEY_LENGTH} characters`)
  if (!new RegExp(`^${KEY_PATTERN}$`).test(key)) {
    const rule = "a valid config key must consist of alphanumeric characters, '-', '_' or '.'"
    const examples = "'key.name',  or 'KEY_NAME',  or 'key-name'"
    faults.push(`${rule} (e.g. ${examples}, regex used for validation is '${KEY_PATTERN}')`)
  }
  if (key === '.') faults.push("must not be '.'")
  else if (key === '..') faults.push("must not be '..'")
  else if (key.startsWith('..')) faults.push("must not start with '..'")
  return faults
}

/** Base64 as Go's decoder takes it: padded, in the standard alphabet; line breaks are allowed. */
export function isBase64(text: string): boolean {
  const compact = text.replaceAll(/[\r\n]/g, '')
  return compact.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(compact)
}

/** Bytes that such a text stands for. */
export function base64Size(text: string): number {
  return Math.floor((text.replaceAll(/[=\r\n]/g, '').length * 3) / 4)
}

interface MaybeImmutable {
  immutable?: boolean
}

/** Once immutable, neither that nor the named members change. `isSame` compares them. */
export function validateImmutability<Kind extends MaybeImmutable>(
  object: Kind,
  old: Kind,
  members: readonly (keyof Kind & string)[],
  isSame: (left: unknown, right: unknown) => boolean,
): FieldError[] {
  if (old.immutable !== true) return []
  const detail = `${IS_IMMUTABLE} when \`immutable\` is set`
  const errors = object.immutable === true ? [] : [forbidden('immutable', detail)]
  return [
    ...errors,
    ...members.filter((member) => !isSame(object[member], old[member])).map((member) => forbidden(member, detail)),
  ]
}

/** One `Invalid value` for each fault of each key. */
export function validateConfigKeys(data: Readonly<Record<string, string>>, field: string): FieldError[] {
  return Object.keys(data).flatMap((key) => checkConfigKey(key).map((fault) => invalid(`${field}[${key}]`, key, fault)))
}

/** Values that are no base64. */
export function validateBase64(data: Readonly<Record<string, string>>, field: string): FieldError[] {
  return Object.entries(data).flatMap(([key, value]) =>
    isBase64(value) ? [] : [invalid(`${field}[${key}]`, value, 'illegal base64 data')],
  )
}
