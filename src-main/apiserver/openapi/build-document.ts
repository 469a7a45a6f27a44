/** Whole OpenAPI documents: one for each group and version (v3), and one of everything (v2). */
import type { ResourceDefinition } from '../registry/resource-definition.ts'
import { SchemaConverter, type OpenAPINode } from './convert-schema.ts'
import { nameDefinitions } from './definition-names.ts'
import { resourcePaths } from './resource-paths.ts'
import { addResource, addSharedDefinitions } from './shared-definitions.ts'

/** `definitions` of one group and version; `all` decides which group a shared type belongs to. */
export function buildDocumentV3(
  definitions: readonly ResourceDefinition[],
  all: readonly ResourceDefinition[],
  serverVersion: string,
): OpenAPINode {
  const converter = new SchemaConverter('v3', nameDefinitions(all))
  addSharedDefinitions(converter)
  const paths: Record<string, OpenAPINode> = {}
  for (const definition of definitions) {
    const bodies = addResource(converter, definition)
    Object.assign(paths, resourcePaths(definition, { ...bodies, reference: (name) => converter.reference(name) }))
  }
  const info = { title: 'Kubernetes', version: serverVersion }
  return { openapi: '3.0.0', info, paths, components: { schemas: converter.definitions } }
}

/** Without paths: clients that still ask for version 2 read definitions. */
export function buildDocumentV2(definitions: readonly ResourceDefinition[], serverVersion: string): OpenAPINode {
  const converter = new SchemaConverter('v2', nameDefinitions(definitions))
  addSharedDefinitions(converter)
  for (const definition of definitions) addResource(converter, definition)
  const info = { title: 'Kubernetes', version: serverVersion }
  return { swagger: '2.0', info, paths: {}, definitions: converter.definitions }
}
