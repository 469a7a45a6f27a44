/** A registry over the store in memory, on a fake clock: what tests of storages begin with. */
import { DisposableStore, type Disposable } from '../../base/disposable.ts'
import { silentLogger } from '../../base/logger.ts'
import { FakeClock } from '../../base/testing/fake-clock.ts'
import type { UnknownObject } from '../../common/api/api-object.ts'
import type { AdmissionPlugin } from '../admission/admission-plugin.ts'
import { admissionChain } from '../admission/run-admission.ts'
import { ALL_DEFINITIONS } from '../registry/all-definitions.ts'
import { createRegistry } from '../registry/registry.ts'
import type { Registry, RequestContext, ResourceStorage } from '../registry/resource-storage.ts'
import { MemoryStore } from '../storage/memory/memory-store.ts'

export interface TestStorage extends Disposable {
  clock: FakeClock
  store: MemoryStore
  registry: Registry
  pods: ResourceStorage
  /** What the requests of `context` were warned of. */
  warnings: string[]
  context: RequestContext
  /** Added to by tests. */
  plugins: AdmissionPlugin[]
}

/** `store`: one that has a past. */
export function newTestStorage(options: { random?: () => number; store?: MemoryStore } = {}): TestStorage {
  const clock = new FakeClock()
  const store = options.store ?? new MemoryStore({ clock })
  const plugins: AdmissionPlugin[] = []
  const registry = createRegistry(ALL_DEFINITIONS, {
    store,
    clock,
    logger: silentLogger,
    admission: admissionChain(() => plugins),
    random: options.random ?? Math.random,
  })
  const owned = new DisposableStore()
  owned.add(store)
  owned.add(registry)
  const warnings: string[] = []
  return {
    clock,
    store,
    registry,
    plugins,
    pods: requireStorage(registry, '', 'pods'),
    warnings,
    context: { user: { name: 'somebody', groups: [] }, warn: (message) => void warnings.push(message) },
    dispose: () => owned.dispose(),
  }
}

export function requireStorage(registry: Registry, group: string, resource: string): ResourceStorage {
  const storage = registry.find(group, resource)
  if (storage === undefined) throw new Error(`${resource} are not served`)
  return storage
}

/** A pod as small as it may be; `metadata` is added to its own. */
export function aPodObject(name: string, metadata: Partial<UnknownObject['metadata']> = {}): UnknownObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, ...metadata },
    spec: { containers: [{ name: 'c', image: 'busybox' }] },
  }
}
