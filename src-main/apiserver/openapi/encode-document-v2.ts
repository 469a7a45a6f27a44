/** OpenAPI version 2 as protobuf (gnostic's `openapi.v2.Document`), the one form in which kubectl asks for it. */
import { encode, message, repeated, type EncodableMessage } from '../../base/protobuf.ts'
import type { OpenAPINode } from './convert-schema.ts'

/** The older spelling with `@`, which is no media type for Go, is what kubectl still asks for. */
export const DOCUMENT_V2_MEDIA_TYPE = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf'
const OLD_MEDIA_TYPE = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf'

export function acceptsDocumentV2(accept: string): boolean {
  return accept.includes(DOCUMENT_V2_MEDIA_TYPE) || accept.includes(OLD_MEDIA_TYPE)
}

/** Schemas contain schemas, so that inner ones are encoded first and stand as bytes: it is the same on the wire. */
const ENCODED = 'bytes'

const ANY = message('Any', { yaml: [2, 'string'] })
const NAMED_ANY = message('NamedAny', { name: [1, 'string'], value: [2, ANY] })
const NAMED_SCHEMA = message('NamedSchema', { name: [1, 'string'], value: [2, ENCODED] })
const NAMED_SCHEMAS = message('Definitions', { entries: [1, repeated(NAMED_SCHEMA)] })
const ONE_SCHEMA = message('AdditionalPropertiesItem', { schema: [1, ENCODED] })
const TYPE = message('TypeItem', { value: [1, repeated('string')] })
const SCHEMA = message('Schema', {
  $ref: [1, 'string'],
  format: [2, 'string'],
  description: [4, 'string'],
  required: [19, repeated('string')],
  enum: [20, repeated(ANY)],
  additionalProperties: [21, ONE_SCHEMA],
  type: [22, TYPE],
  items: [23, ONE_SCHEMA],
  properties: [25, NAMED_SCHEMAS],
  extensions: [31, repeated(NAMED_ANY)],
})
const INFO = message('Info', { title: [1, 'string'], version: [2, 'string'] })
const PATHS = message('Paths', {})
const DOCUMENT = message('Document', {
  swagger: [1, 'string'],
  info: [2, INFO],
  paths: [8, PATHS],
  definitions: [9, NAMED_SCHEMAS],
})

/** Encodes what `buildDocumentV2` has made. */
export function encodeDocumentV2({ swagger, info, definitions }: OpenAPINode): Uint8Array {
  return encode(DOCUMENT, {
    swagger: swagger as string,
    info: info as { title: string; version: string },
    paths: {},
    definitions: namedSchemas(definitions as Record<string, OpenAPINode>),
  })
}

function namedSchemas(schemas: Readonly<Record<string, OpenAPINode>>): EncodableMessage<typeof NAMED_SCHEMAS> {
  return { entries: Object.entries(schemas).map(([name, schema]) => ({ name, value: encodeSchema(schema) })) }
}

function encodeSchema(node: OpenAPINode): Uint8Array {
  const { $ref, format, description, required, type, items, properties, additionalProperties } = node
  const values = node['enum'] as readonly string[] | undefined
  const extensions = Object.entries(node).filter(([name]) => name.startsWith('x-'))
  return encode(SCHEMA, {
    $ref: $ref as string | undefined,
    format: format as string | undefined,
    description: description as string | undefined,
    required: required as readonly string[] | undefined,
    enum: values?.map((value) => ({ yaml: JSON.stringify(value) })),
    type: type === undefined ? undefined : { value: [type as string] },
    items: items === undefined ? undefined : { schema: encodeSchema(items as OpenAPINode) },
    properties: properties === undefined ? undefined : namedSchemas(properties as Record<string, OpenAPINode>),
    additionalProperties:
      additionalProperties === undefined ? undefined : { schema: encodeSchema(additionalProperties as OpenAPINode) },
    // JSON is YAML.
    extensions: extensions.map(([name, value]) => ({ name, value: { yaml: JSON.stringify(value) } })),
  })
}
