/** Writes of a kind as the server does them, without a server: decoded by the schema, defaulted, prepared, validated. */
import type { UnknownObject } from '../../../common/api/api-object.ts'
import { formatFieldError } from '../../../common/validation/field-error.ts'
import { decodeValue } from '../../serialization/json/decode-value.ts'
import type { ResourceDefinition, StatusStrategy, StrategyContext } from '../resource-definition.ts'

const CONTEXT: StrategyContext = { user: { name: 'admin', groups: [] }, now: 0, namespace: 'default' }

export interface Written {
  object: UnknownObject
  /** As the API words them. */
  errors: string[]
}

/** What a client writes, as the server reads it. `body` needs no `apiVersion` and `kind`. */
export function decode(definition: ResourceDefinition, body: object): UnknownObject {
  const { group, version, kind, schema, strategy } = definition
  const metadata = { name: 'a', ...(definition.namespaced ? { namespace: 'default' } : {}) }
  const decoded = decodeValue({ metadata, ...body }, schema)
  if (!decoded.ok) throw new Error(decoded.message)
  const apiVersion = group === '' ? version : `${group}/${version}`
  // The schema has metadata, so that the shape is an object's.
  const object = { ...decoded.value, apiVersion, kind } as UnknownObject
  strategy.setDefaults(object)
  return object
}

export function create(definition: ResourceDefinition, body: object): Written {
  const object = decode(definition, body)
  definition.strategy.prepareForCreate(object, CONTEXT)
  return { object, errors: definition.strategy.validate(object, CONTEXT).map(formatFieldError) }
}

/** Replaces what `before` created; `how` is the object itself unless a part is named. */
export function update(
  definition: ResourceDefinition,
  before: object,
  after: object,
  how: StatusStrategy<UnknownObject> = definition.strategy,
): Written {
  const { object: old } = create(definition, before)
  const object = decode(definition, after)
  how.prepareForUpdate(object, old, CONTEXT)
  return { object, errors: how.validateUpdate(object, old, CONTEXT).map(formatFieldError) }
}
