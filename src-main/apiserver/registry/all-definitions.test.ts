import { describe, expect, it } from 'vitest'
import type { UnknownObject } from '../../common/api/api-object.ts'
import { formatFieldError } from '../../common/validation/field-error.ts'
import { decodeValue } from '../serialization/json/decode-value.ts'
import { ALL_DEFINITIONS } from './all-definitions.ts'
import type { ResourceDefinition } from './resource-definition.ts'
import { decode } from './testing/exercise-kind.ts'

const CONTEXT = { user: { name: 'admin', groups: [] }, now: 0, namespace: 'default' }
const NAMES = ALL_DEFINITIONS.map((definition): [string, ResourceDefinition] => [
  `${definition.resource}.${definition.group}`,
  definition,
])

describe('every definition', () => {
  it('given all of them, then names, short names and places in the store are each used once in a group', () => {
    const of = (names: (definition: ResourceDefinition) => readonly string[]): string[] =>
      ALL_DEFINITIONS.flatMap((definition) => names(definition).map((name) => `${name}.${definition.group}`))
    for (const names of [of(({ resource }) => [resource]), of(({ shortNames }) => shortNames)]) {
      expect(new Set(names).size).toBe(names.length)
    }
    const places = ALL_DEFINITIONS.filter(({ storedForm }) => storedForm === undefined)
    expect(new Set(places.map(({ storagePrefix }) => storagePrefix)).size).toBe(places.length)
  })

  it.each(NAMES)('given %s, then defaults filled twice are the same as once', (_name, definition) => {
    const once = decode(definition, {})
    const twice = structuredClone(once)
    definition.strategy.setDefaults(twice)
    expect(twice).toEqual(once)
  })

  it.each(NAMES)('given the emptiest %s, then it is prepared, validated, printed and selected', (_name, definition) => {
    const { strategy, printer, selectableFields } = definition
    const object = decode(definition, {})
    strategy.prepareForCreate(object, CONTEXT)
    for (const error of strategy.validate(object, CONTEXT)) expect(formatFieldError(error)).toMatch(/: /)
    expect(printer.cells(object, 0)).toHaveLength(printer.columns.length)
    for (const read of Object.values(selectableFields)) expect(read(object)).toBeTypeOf('string')
  })

  it.each(NAMES)('given an update of %s that changes nothing, then nothing changes', (_name, definition) => {
    const { strategy, statusStrategy } = definition
    const old = decode(definition, {})
    strategy.prepareForCreate(old, CONTEXT)
    old.metadata.generation = 1
    for (const { prepareForUpdate } of statusStrategy === undefined ? [strategy] : [strategy, statusStrategy]) {
      const object = structuredClone(old)
      prepareForUpdate(object, old, CONTEXT)
      expect(object).toEqual(old)
    }
  })

  it.each(NAMES)('given what %s stores, then it decodes to the same', (_name, definition) => {
    const object = decode(definition, {})
    const form = definition.storedForm ?? { encode: (one) => one as UnknownObject, decode: (one) => one }
    expect(form.decode(form.encode(object))).toEqual(object)
  })

  it.each(NAMES)('given what %s serves, then its own schema knows every field', (_name, definition) => {
    const object = decode(definition, {})
    definition.strategy.prepareForCreate(object, CONTEXT)
    const decoded = decodeValue(object, definition.schema)
    expect(decoded.ok && decoded.unknown).toEqual([])
  })
})
