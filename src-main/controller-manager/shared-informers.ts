/** One informer for each resource, however many controllers follow it (client-go's SharedInformerFactory). */
import { DisposableStore, type Disposable } from '../base/disposable.ts'
import { groupResource, type ApiObject, type GroupVersionResource } from '../common/api/api-object.ts'
import { Informer, type InformerOptions } from '../kube/informer.ts'

export class SharedInformers implements Disposable {
  readonly #options: Pick<InformerOptions<ApiObject>, 'client' | 'clock' | 'logger' | 'random'>
  readonly #informers = new Map<string, Informer<ApiObject>>()
  readonly #trimmed = new Map<string, Informer<ApiObject>>()
  readonly #owned = new DisposableStore()

  constructor(options: Pick<InformerOptions<ApiObject>, 'client' | 'clock' | 'logger' | 'random'>) {
    this.#options = options
  }

  /** Started when it is first asked for. All who ask for a resource mean the same kind. */
  of<Kind extends ApiObject>(resource: GroupVersionResource): Informer<Kind> {
    const key = groupResource(resource)
    let informer = this.#informers.get(key)
    if (informer === undefined) {
      informer = this.#owned.add(new Informer<ApiObject>({ ...this.#options, resource }))
      this.#informers.set(key, informer)
      informer.start()
    }
    return informer as unknown as Informer<Kind>
  }

  /**
   * Where only metadata matter: the informer that somebody has of this resource already, or else one of its own that keeps
   * nothing more (`trimToMetadata`). To be asked for after those who need whole objects, or there are two watches.
   */
  metadataOf(resource: GroupVersionResource): Informer<ApiObject> {
    const key = groupResource(resource)
    const shared = this.#informers.get(key)
    if (shared !== undefined) return shared
    let informer = this.#trimmed.get(key)
    if (informer === undefined) {
      informer = this.#owned.add(new Informer<ApiObject>({ ...this.#options, resource, trim: trimToMetadata }))
      this.#trimmed.set(key, informer)
      informer.start()
    }
    return informer
  }

  get haveSynced(): boolean {
    return [...this.#informers.values(), ...this.#trimmed.values()].every(({ hasSynced }) => hasSynced)
  }

  dispose(): Promise<void> {
    return this.#owned.dispose()
  }
}

/** Pure. What says who an object is, whose it is, and whether it goes. */
function trimToMetadata({ apiVersion, kind, metadata }: ApiObject): ApiObject {
  const { name, namespace, uid, resourceVersion, deletionTimestamp, finalizers, ownerReferences } = metadata
  return {
    apiVersion,
    kind,
    metadata: {
      ...(name === undefined ? {} : { name }),
      ...(namespace === undefined ? {} : { namespace }),
      ...(uid === undefined ? {} : { uid }),
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
      ...(deletionTimestamp === undefined ? {} : { deletionTimestamp }),
      ...(finalizers === undefined ? {} : { finalizers }),
      ...(ownerReferences === undefined ? {} : { ownerReferences }),
    },
  }
}
