/** Under which names types stand in OpenAPI documents: upstream's, such as `io.k8s.api.core.v1.PodSpec`. */
import type { FieldSchema, ObjectSchema } from '../../common/api/field-schema.ts'
import type { ResourceDefinition } from '../registry/resource-definition.ts'

export const META_PACKAGE = 'io.k8s.apimachinery.pkg.apis.meta.v1'
export const QUANTITY_NAME = 'io.k8s.apimachinery.pkg.api.resource.Quantity'
export const INT_OR_STRING_NAME = 'io.k8s.apimachinery.pkg.util.intstr.IntOrString'
export const TIME_NAME = `${META_PACKAGE}.Time`
export const LIST_META_NAME = `${META_PACKAGE}.ListMeta`

/** Types of `meta/v1`, whichever kind has them. */
const META_TYPES: ReadonlySet<string> = new Set([
  'Condition',
  'LabelSelector',
  'LabelSelectorRequirement',
  'ManagedFieldsEntry',
  'ObjectMeta',
  'OwnerReference',
])
/** Types of `core/v1` that only kinds of other groups have. */
const CORE_TYPES: ReadonlySet<string> = new Set(['ObjectReference', 'PodTemplateSpec', 'TypedLocalObjectReference'])
const CORE_PACKAGE = 'io.k8s.api.core.v1'

/** A type is known by its `fields`, which variants of it (required, described, …) share. */
export type DefinitionNames = ReadonlyMap<ObjectSchema['fields'], string>

/** Names the types of all definitions; what a core kind has is core's, everything else its own group's. */
export function nameDefinitions(definitions: readonly ResourceDefinition[]): DefinitionNames {
  const names = new Map<ObjectSchema['fields'], string>()
  const isCore = ({ group }: ResourceDefinition) => group === ''
  const ordered = [...definitions.filter(isCore), ...definitions.filter((definition) => !isCore(definition))]
  for (const definition of ordered) nameTypes(definition.schema, packageOf(definition), names)
  return names
}

function nameTypes(schema: FieldSchema, inPackage: string, names: Map<ObjectSchema['fields'], string>): void {
  switch (schema.type) {
    case 'array':
    case 'map':
      nameTypes(schema.items, inPackage, names)
      return
    case 'object': {
      if (names.has(schema.fields)) return
      const own = META_TYPES.has(schema.name) ? META_PACKAGE : CORE_TYPES.has(schema.name) ? CORE_PACKAGE : inPackage
      names.set(schema.fields, `${own}.${schema.name}`)
      const inner = own === META_PACKAGE ? inPackage : own
      for (const field of Object.values(schema.fields)) nameTypes(field, inner, names)
      return
    }
    default:
  }
}

/** `io.k8s.api.apps.v1`: the Go package, which has only the first word of the group. */
export function packageOf({ group, version }: { group: string; version: string }): string {
  if (group === 'metrics.k8s.io') return `io.k8s.metrics.pkg.apis.metrics.${version}`
  return `io.k8s.api.${group === '' ? 'core' : group.split('.')[0]}.${version}`
}
