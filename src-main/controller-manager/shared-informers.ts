/** One informer for each resource, however many controllers follow it (client-go's SharedInformerFactory). */
import { DisposableStore, type Disposable } from '../base/disposable.ts'
import { groupResource, type ApiObject, type GroupVersionResource } from '../common/api/api-object.ts'
import { Informer, type InformerOptions } from '../kube/informer.ts'

export class SharedInformers implements Disposable {
  readonly #options: Pick<InformerOptions<ApiObject>, 'client' | 'clock' | 'logger' | 'random'>
  readonly #informers = new Map<string, Informer<ApiObject>>()
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

  get haveSynced(): boolean {
    return [...this.#informers.values()].every(({ hasSynced }) => hasSynced)
  }

  dispose(): Promise<void> {
    return this.#owned.dispose()
  }
}
