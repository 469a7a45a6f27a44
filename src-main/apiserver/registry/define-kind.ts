/** Definitions say only what a kind's own is; the rest follows from its names. */
import type { ApiObject } from '../../common/api/api-object.ts'
import { NAME_AND_AGE } from './columns.ts'
import { defineResource, type ResourceDefinition } from './resource-definition.ts'
import { strategyOf } from './strategies.ts'

type Said = 'group' | 'kind' | 'resource' | 'namespaced' | 'schema'

/** What is left out: version `v1`, no short names, no categories, columns of name and age, a strategy that keeps all. */
export function defineKind<Kind extends ApiObject>(
  definition: Pick<ResourceDefinition<Kind>, Said> & Partial<ResourceDefinition<Kind>>,
): ResourceDefinition {
  const { kind, resource } = definition
  return defineResource<Kind>({
    version: 'v1',
    listKind: `${kind}List`,
    singularName: kind.toLowerCase(),
    shortNames: [],
    categories: [],
    strategy: strategyOf<Kind>({}),
    printer: NAME_AND_AGE,
    selectableFields: {},
    storagePrefix: resource,
    ...definition,
  })
}
