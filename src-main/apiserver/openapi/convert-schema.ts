/** Schemas of API types as OpenAPI schemas, with the extensions that clients merge and explain by. */
import { API_DESCRIPTIONS } from '../../common/api/descriptions/api-descriptions.ts'
import type { ArraySchema, FieldSchema, ObjectSchema } from '../../common/api/field-schema.ts'
import { isStructMember } from '../serialization/json/struct-members.ts'
import { INT_OR_STRING_NAME, QUANTITY_NAME, TIME_NAME, type DefinitionNames } from './definition-names.ts'

/** A part of an OpenAPI document. */
export type OpenAPINode = Record<string, unknown>

/** Version 3 has no other member beside a `$ref`, so that a reference with a description is wrapped. */
export type OpenAPIVersion = 'v2' | 'v3'

export class SchemaConverter {
  /** By name: everything that has been referred to so far, and what that refers to. */
  readonly definitions: Record<string, OpenAPINode> = {}
  private readonly version: OpenAPIVersion
  private readonly names: DefinitionNames

  constructor(version: OpenAPIVersion, names: DefinitionNames) {
    this.version = version
    this.names = names
  }

  /** A reference to a named definition; the caller sees to it that it is there. */
  reference(name: string): OpenAPINode {
    return { $ref: `${this.version === 'v3' ? '#/components/schemas/' : '#/definitions/'}${name}` }
  }

  /** A reference to the type, which is converted with all that it is made of. */
  type(schema: ObjectSchema): OpenAPINode {
    const name = this.names.get(schema.fields) ?? schema.name
    if (!Object.hasOwn(this.definitions, name)) {
      const definition: OpenAPINode = {}
      this.definitions[name] = definition
      Object.assign(definition, this.objectDefinition(schema))
    }
    return this.reference(name)
  }

  private objectDefinition(schema: ObjectSchema): OpenAPINode {
    const properties: Record<string, OpenAPINode> = {}
    const required: string[] = []
    const descriptions = API_DESCRIPTIONS[schema.name] ?? {}
    for (const [name, field] of Object.entries(schema.fields)) {
      const description = descriptions[name] ?? COMMON_FIELDS[name]
      properties[name] = this.property(field, description)
      if (isRequired(name, field)) required.push(name)
    }
    const description = descriptions['']
    return {
      ...(description === undefined ? {} : { description }),
      type: 'object',
      ...(required.length === 0 ? {} : { required: required.sort() }),
      properties,
      ...(schema.atomic === true ? ATOMIC : {}),
    }
  }

  private property(schema: FieldSchema, description: string | undefined): OpenAPINode {
    const node = this.field(schema)
    const extensions = schema.type === 'array' ? listExtensions(schema) : {}
    const described = description === undefined ? extensions : { description, ...extensions }
    if (Object.keys(described).length === 0) return node
    const wraps = this.version === 'v3' && '$ref' in node
    return wraps ? { ...described, allOf: [node] } : { ...described, ...node }
  }

  private field(schema: FieldSchema): OpenAPINode {
    switch (schema.type) {
      case 'object':
        return this.type(schema)
      case 'array':
        return { type: 'array', items: this.field(schema.items) }
      case 'map':
        return {
          type: 'object',
          additionalProperties: this.field(schema.items),
          ...(schema.atomic === true ? ATOMIC : {}),
        }
      case 'string':
        return { type: 'string', ...enumeration(schema.values) }
      case 'boolean':
        return { type: 'boolean' }
      case 'int32':
      case 'int64':
        return { type: 'integer', format: schema.type }
      case 'opaque':
        return { type: 'object' }
      case 'quantity':
        return this.shared(QUANTITY_NAME, QUANTITY_TEXT, ['string', 'number'], {})
      case 'intOrString':
        return this.shared(INT_OR_STRING_NAME, INT_OR_STRING_TEXT, ['integer', 'string'], { format: 'int-or-string' })
      case 'time':
        return this.shared(TIME_NAME, TIME_TEXT, ['string'], { format: 'date-time' })
    }
  }

  /** Version 2 knows no alternatives; upstream says `string` there. */
  private shared(name: string, description: string, types: readonly string[], more: OpenAPINode): OpenAPINode {
    const isOne = this.version === 'v2' || types.length === 1
    const shape = isOne ? { type: 'string' } : { oneOf: types.map((type) => ({ type })) }
    this.definitions[name] ??= { description, ...shape, ...more }
    return this.reference(name)
  }
}

const ATOMIC = { 'x-kubernetes-map-type': 'atomic' }
const QUANTITY_TEXT = 'An exact amount with an optional suffix: 100m is a tenth, 64Mi is 64 times 1024 times 1024.'
const INT_OR_STRING_TEXT = 'A whole number, or a text such as a name or a percentage.'
const TIME_TEXT = 'A moment as RFC 3339 writes it, in UTC.'

/** What every kind has. */
const COMMON_FIELDS: Readonly<Record<string, string>> = {
  apiVersion: 'Group and version of the API that the object is written for, such as apps/v1; core kinds have just v1.',
  kind: 'What kind of object this is, such as Pod.',
  metadata: 'Name, labels and other facts that every object has.',
}

function isRequired(name: string, schema: FieldSchema): boolean {
  return schema.presence === 'required' && (name === 'template' || !isStructMember(name, schema))
}

function enumeration(values: readonly string[] | undefined): OpenAPINode {
  return values === undefined ? {} : { enum: [...values].sort() }
}

function listExtensions(schema: ArraySchema): OpenAPINode {
  const { listType = 'atomic', listMapKeys, patchMergeKey, retainKeys } = schema
  const strategies = [...(patchMergeKey === undefined ? [] : ['merge']), ...(retainKeys === true ? ['retainKeys'] : [])]
  return {
    'x-kubernetes-list-type': listType,
    ...(listMapKeys === undefined ? {} : { 'x-kubernetes-list-map-keys': listMapKeys }),
    ...(patchMergeKey === undefined || patchMergeKey === '' ? {} : { 'x-kubernetes-patch-merge-key': patchMergeKey }),
    ...(strategies.length === 0 ? {} : { 'x-kubernetes-patch-strategy': strategies.join(',') }),
  }
}
