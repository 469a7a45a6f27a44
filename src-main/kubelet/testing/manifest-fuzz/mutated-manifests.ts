/** Valid manifests with damage: of their structure, of their text, of their bytes. */
import fc from 'fast-check'
import { stringify } from 'yaml'
import { SHAPES, shapedManifest } from '../random-life/pod-shapes.ts'

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

/** One change of one place; places are numbered, so that a mutation means something in every manifest. */
interface Mutation {
  place: number
  does: 'drop' | 'duplicate' | 'rename' | 'replace' | 'wrap' | 'move up'
  value: Json
}

const ODD_WORDS = [
  '',
  ' ',
  'null',
  '~',
  'yes',
  '0777',
  '1e400',
  '-0',
  '.inf',
  '2001-12-14',
  '__proto__',
  'constructor',
  'toString',
  '<<',
  '=',
  '!!binary',
  '\u0000',
  '\u0007',
  '\u001b[31m',
  '\u0085',
  '\u2028',
  '\ufeff',
  '\u202eabc',
  '\ud83d\ude00',
  'Ⅷ',
  'e\u0301',
  '\ud800',
  'a'.repeat(300),
  'a\nb',
  '\t',
  '${HOME}',
  '$(A)',
  '../..',
  'a:b',
  '{{x}}',
  '*',
  '&a',
  '%',
  '@',
] as const
const ODD_NUMBERS = [0, -1, 1, 2 ** 31, -(2 ** 31) - 1, 2 ** 53, 2 ** 63, 1e308, 5e-324, 1.5, 65_536] as const

const oddValue: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom<Json>(null, true, false, [], {}, [null], [[]], { a: null }),
  fc.constantFrom<Json>(...ODD_WORDS),
  fc.constantFrom<Json>(...ODD_NUMBERS),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>,
  fc.integer({ min: 50, max: 400 }).map(nested),
)

function nested(depth: number): Json {
  let value: Json = 'deep'
  for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? [value] : { a: value }
  return value
}

const mutation: fc.Arbitrary<Mutation> = fc.record({
  place: fc.nat(200),
  does: fc.constantFrom('drop', 'duplicate', 'rename', 'replace', 'replace', 'wrap', 'move up'),
  value: oddValue,
})

/** Pieces of YAML that mean something by themselves. */
const PIECES = [
  ': ',
  '\n',
  '- ',
  '"',
  "'",
  '[',
  ']',
  '{',
  '}',
  ', ',
  '&a ',
  '*a',
  '<<: *a\n',
  '!!int ',
  '!!str ',
  '!<tag:x> ',
  '|\n',
  '>-\n',
  '|9\n',
  '? ',
  '\t',
  '%YAML 1.1\n',
  '%TAG ! x\n',
  '---\n',
  '...\n',
  '# ',
  '\r\n',
  '\r',
  '\ufeff',
  '\u0085',
  '\u2028',
  '\u0000',
  '\u0007',
  '\ud83d\ude00',
  '\\',
  '\\x',
  '\\u12',
  '@',
  '`',
  '0x',
  '1_0',
  '~',
  '&a [*a]',
  '&b {b: *b}',
  '\n  \n',
  '      ',
] as const

interface TextDamage {
  at: number
  does: 'insert' | 'delete' | 'repeat' | 'cut'
  piece: string
  count: number
}

const textDamage: fc.Arbitrary<TextDamage> = fc.record({
  at: fc.nat(3000),
  does: fc.constantFrom('insert', 'insert', 'delete', 'repeat', 'cut'),
  piece: fc.constantFrom(...PIECES),
  count: fc.oneof(
    { weight: 9, arbitrary: fc.integer({ min: 1, max: 8 }) },
    { weight: 1, arbitrary: fc.integer({ min: 9, max: 3000 }) },
  ),
})

/** What surrounds the manifest. */
const SURROUNDINGS: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => text.replaceAll('\n', '\r\n'),
  (text) => `\ufeff${text}`,
  (text) => `---\n${text}---\nkind: Service\n`,
  (text) => `${text}---\n{[ no yaml\n`,
  (text) => `${text}...\ntrailing garbage: {\n`,
  (text) => `${text}# ${'x'.repeat(20_000)}\n`,
  (text) => `x-anchors: &a {k: v}\nx-merged: {<<: *a, l: w}\n${text}`,
  (text) => `${laughs()}\n${text}`,
]

function laughs(): string {
  const lines = ['l0: &l0 [x,x,x,x,x,x,x,x,x,x]']
  for (let level = 1; level < 10; level += 1)
    lines.push(`l${level}: &l${level} [${Array.from({ length: 10 }, () => `*l${level - 1}`).join()}]`)
  return lines.join('\n')
}

interface ByteDamage {
  at: number
  byte: number
  does: 'set' | 'insert' | 'delete'
}

const byteDamage: fc.Arbitrary<ByteDamage> = fc.record({
  at: fc.nat(3000),
  byte: fc.nat(255),
  does: fc.constantFrom('set', 'insert', 'delete'),
})

/** A file that was once a good manifest; some still are. */
export function mutatedManifests(): fc.Arbitrary<Uint8Array> {
  return fc
    .record({
      shape: fc.constantFrom(...SHAPES),
      style: fc.constantFrom('block', 'block', 'json', 'json and garbage', 'flow'),
      mutations: fc.array(mutation, { maxLength: 2 }),
      damages: fc.oneof(fc.constant<TextDamage[]>([]), fc.array(textDamage, { maxLength: 3 })),
      surrounding: fc.oneof(
        fc.constantFrom(...SURROUNDINGS),
        fc.constant((text: string) => text),
      ),
      bytes: fc.oneof(
        { weight: 3, arbitrary: fc.constant<ByteDamage[]>([]) },
        { weight: 1, arbitrary: fc.array(byteDamage, { maxLength: 4 }) },
      ),
    })
    .map(({ shape, style, mutations, damages, surrounding, bytes }) => {
      const manifest = shapedManifest(shape, 'fuzzed', 1, () => ({ image: 'busybox:1.36', args: ['{}'] }))
      const mutated = mutations.reduce(mutate, JSON.parse(JSON.stringify(manifest)) as Json)
      const text = damages.reduce(damage, surrounding(print(mutated, style)))
      return bytes.reduce(damageBytes, new TextEncoder().encode(text))
    })
}

function print(value: Json, style: string): string {
  switch (style) {
    case 'json':
      return JSON.stringify(value)
    case 'json and garbage':
      return `${JSON.stringify(value, undefined, 2)}}} garbage`
    case 'flow':
      return `${stringify(value, { collectionStyle: 'flow', aliasDuplicateObjects: false })}`
    default:
      return stringify(value, { aliasDuplicateObjects: false })
  }
}

/** A member of a map or list that can be changed. */
interface Slot {
  holder: Json[] | Record<string, Json>
  key: string
}

function slotsOf(value: Json): Slot[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, member]) => [{ holder: value, key }, ...slotsOf(member)])
}

function mutate(root: Json, { place, does, value }: Mutation): Json {
  const slots = slotsOf(root)
  const slot = slots[place % Math.max(1, slots.length)]
  if (slot === undefined) return structuredClone(value)
  const members = slot.holder as Record<string, Json>
  const old = members[slot.key] ?? null
  switch (does) {
    case 'drop':
      if (Array.isArray(slot.holder)) slot.holder.splice(Number(slot.key), 1)
      else Reflect.deleteProperty(members, slot.key)
      break
    case 'duplicate':
      if (Array.isArray(slot.holder)) slot.holder.push(structuredClone(old))
      else define(members, `${slot.key}s`, structuredClone(old))
      break
    case 'rename':
      if (!Array.isArray(slot.holder)) Reflect.deleteProperty(members, slot.key)
      define(members, typeof value === 'string' ? value : slot.key.toUpperCase(), old)
      break
    case 'replace':
      define(members, slot.key, structuredClone(value))
      break
    case 'wrap':
      define(members, slot.key, [old])
      break
    case 'move up':
      if (typeof root === 'object' && root !== null)
        define(root as Record<string, Json>, slot.key, structuredClone(old))
  }
  return root
}

/** An own member whatever its name is. */
function define(members: Record<string, Json>, key: string, value: Json): void {
  if (Array.isArray(members) && !/^\d+$/.test(key)) return
  Object.defineProperty(members, key, { value, enumerable: true, configurable: true, writable: true })
}

function damage(text: string, { at, does, piece, count }: TextDamage): string {
  const place = at % (text.length + 1)
  switch (does) {
    case 'insert':
      return text.slice(0, place) + piece + text.slice(place)
    case 'repeat':
      return text.slice(0, place) + piece.repeat(count) + text.slice(place)
    case 'delete':
      return text.slice(0, place) + text.slice(place + count)
    case 'cut':
      return text.slice(0, place)
  }
}

function damageBytes(bytes: Uint8Array, { at, byte, does }: ByteDamage): Uint8Array {
  const place = at % Math.max(1, bytes.length)
  const behind = does === 'insert' ? place : place + 1
  const middle = does === 'delete' ? [] : [byte]
  return Uint8Array.from([...bytes.subarray(0, place), ...middle, ...bytes.subarray(behind)])
}
