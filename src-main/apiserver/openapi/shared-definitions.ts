/** Definitions of bodies that no served kind has: lists, patches and the answer to a deletion. */
import type { ResourceDefinition } from '../registry/resource-definition.ts'
import type { OpenAPINode, SchemaConverter } from './convert-schema.ts'
import { LIST_META_NAME, META_PACKAGE, packageOf } from './definition-names.ts'

export const PATCH_NAME = `${META_PACKAGE}.Patch`
export const STATUS_NAME = `${META_PACKAGE}.Status`

const STRING = { type: 'string' }

/** Adds the definitions that every document has. */
export function addSharedDefinitions(converter: SchemaConverter): void {
  Object.assign(converter.definitions, {
    [PATCH_NAME]: { description: 'A change of an object, in the form that its content type names.', type: 'object' },
    [STATUS_NAME]: {
      description: 'How a request ended that has no object as its answer.',
      type: 'object',
      properties: { apiVersion: STRING, kind: STRING, status: STRING, message: STRING, reason: STRING },
    },
    [LIST_META_NAME]: {
      description: 'Facts about a list.',
      type: 'object',
      properties: {
        resourceVersion: { description: 'The state of the store that the list shows.', ...STRING },
        continue: { description: 'Where the next part of the list begins; absent at its end.', ...STRING },
        remainingItemCount: { description: 'How many objects follow.', type: 'integer', format: 'int64' },
      },
    },
  })
}

/** Adds the list of a kind, and tells both which kind they are of. */
export function addResource(
  converter: SchemaConverter,
  definition: ResourceDefinition,
): { object: OpenAPINode; list: OpenAPINode } {
  const { group, version, kind, listKind } = definition
  const object = converter.type(definition.schema)
  const inPackage = packageOf(definition)
  const kindDefinition = converter.definitions[`${inPackage}.${kind}`]
  if (kindDefinition !== undefined) kindDefinition[GROUP_VERSION_KIND] = [{ group, kind, version }]
  const listName = `${inPackage}.${listKind}`
  converter.definitions[listName] = {
    description: `Objects of kind ${kind}.`,
    type: 'object',
    required: ['items'],
    properties: {
      apiVersion: STRING,
      kind: STRING,
      metadata: converter.reference(LIST_META_NAME),
      items: { type: 'array', items: object },
    },
    [GROUP_VERSION_KIND]: [{ group, kind: listKind, version }],
  }
  return { object, list: converter.reference(listName) }
}

const GROUP_VERSION_KIND = 'x-kubernetes-group-version-kind'
