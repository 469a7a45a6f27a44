/** All served resources. */
import { DisposableStore, type Disposable } from '../../base/disposable.ts'
import type { ResourceDefinition } from './resource-definition.ts'
import { GenericStorage, type StorageDependencies } from './generic-storage.ts'
import type { Registry } from './resource-storage.ts'

export function createRegistry(
  definitions: readonly ResourceDefinition[],
  dependencies: StorageDependencies,
): Registry & Disposable {
  const owned = new DisposableStore()
  const all = definitions.map((definition) => owned.add(new GenericStorage(definition, dependencies)))
  const byName = new Map(all.map((storage) => [nameOf(storage.definition), storage]))
  return {
    all,
    find: (group, resource) => byName.get(nameOf({ group, resource })),
    dispose: () => owned.dispose(),
  }
}

function nameOf({ group, resource }: { group: string; resource: string }): string {
  return `${group}/${resource}`
}
