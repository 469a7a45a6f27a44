/** What admission is told of a write. */
import type { AdmissionAttributes } from '../admission/admission-plugin.ts'
import type { ResourceDefinition } from './resource-definition.ts'
import type { RequestContext, WriteOptions } from './resource-storage.ts'

/** Objects are added by whoever has them. */
export function computeAttributes(
  { group, version, kind, resource }: ResourceDefinition,
  { user, warn }: RequestContext,
  operation: AdmissionAttributes['operation'],
  about: Pick<AdmissionAttributes, 'namespace' | 'name' | 'subresource'>,
  { dryRun = false }: WriteOptions,
): AdmissionAttributes {
  return {
    operation,
    kind: { group, version, kind },
    resource: { group, version, resource },
    ...about,
    object: undefined,
    oldObject: undefined,
    user,
    dryRun,
    warn,
  }
}
