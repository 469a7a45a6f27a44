/** Reads the table of fields; each message once, when it is first met. */
import { MESSAGE_FIELDS } from './message-fields.ts'

export type ScalarName =
  | 'string'
  | 'bytes'
  | 'bool'
  | 'int'
  | 'time'
  | 'microTime'
  | 'quantity'
  | 'intOrString'
  | 'raw'
  /** A message with one list of texts, which JSON writes as that list. */
  | 'strings'

const SCALARS: readonly ScalarName[] = [
  'string',
  'bytes',
  'bool',
  'int',
  'time',
  'microTime',
  'quantity',
  'intOrString',
  'raw',
  'strings',
]

export type FieldType = { scalar: ScalarName } | { message: string }

export interface MessageField {
  /** In JSON; undefined for a message whose fields stand among its parent's. */
  member: string | undefined
  type: FieldType
  shape: 'single' | 'list' | 'map'
  /** Whether its zero value is left out. */
  omitsZero: boolean
}

const parsed = new Map<string, ReadonlyMap<number, MessageField>>()

/** The fields of a message by number; undefined when there is no such message. */
export function fieldsOf(message: string): ReadonlyMap<number, MessageField> | undefined {
  const known = parsed.get(message)
  if (known !== undefined || !Object.hasOwn(MESSAGE_FIELDS, message)) return known
  const fields = new Map((MESSAGE_FIELDS[message] ?? '').split(' ').filter(Boolean).map(parseField))
  parsed.set(message, fields)
  return fields
}

function parseField(text: string): [number, MessageField] {
  const [fieldNumber = '', name = '', written = ''] = text.split(':')
  const isInline = name.startsWith('<')
  const type = isInline ? name.slice(1, -1) : written.replace(/[*%?]+$/, '')
  const field: MessageField = {
    member: isInline ? undefined : name,
    type: typeOf(type),
    shape: written.endsWith('*') ? 'list' : written.endsWith('%') ? 'map' : 'single',
    omitsZero: written.endsWith('?'),
  }
  return [Number(fieldNumber), field]
}

function typeOf(name: string): FieldType {
  const scalar = SCALARS.find((candidate) => candidate === name)
  return scalar === undefined ? { message: name } : { scalar }
}
