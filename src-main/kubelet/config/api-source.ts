/** The pods that the API server has for this node (K/config/apiserver.go; facts 1.5.12): mirrors go one way, all others the other. */
import type { Clock } from '../../base/clock.ts'
import { DisposableStore, type Disposable } from '../../base/disposable.ts'
import type { Logger } from '../../base/logger.ts'
import type { Pod } from '../../common/api/core.ts'
import { CONFIG_SEEN_ANNOTATION, CONFIG_SOURCE_ANNOTATION } from '../../common/api/kubelet-labels.ts'
import { isMirrorPod } from '../../common/api/static-pod.ts'
import type { ApiClient } from '../../kube/api-client.ts'
import { Informer } from '../../kube/informer.ts'
import type { ApiPod } from '../cluster/api-objects.ts'
import { PODS } from '../../kube/resources.ts'

export interface ApiSourceOptions {
  client: ApiClient
  clock: Clock
  logger: Logger
  random: () => number
  nodeName: string
  /** The whole set, without mirrors. */
  onPods: (pods: Pod[]) => void
  onPod: (pod: ApiPod) => void
  onPodDeleted: (pod: ApiPod) => void
  /** Everything was read, for the first time or anew. */
  onSynced: () => void
  /** The server answers: at first, and again after it had not. */
  onConnected: () => void
}

export class ApiSource implements Disposable {
  readonly #options: ApiSourceOptions
  readonly #informer: Informer<ApiPod>
  readonly #owned = new DisposableStore()
  /** Ordinary pods by UID, as they are handed on. */
  readonly #pods = new Map<string, Pod>()
  #isStarted = false

  constructor(options: ApiSourceOptions) {
    this.#options = options
    const selection = { fieldSelector: `spec.nodeName=${options.nodeName}` }
    this.#informer = new Informer<ApiPod>({ ...options, resource: PODS, selection, trim: withoutManagedFields })
  }

  get isStarted(): boolean {
    return this.#isStarted
  }

  start(): void {
    this.#isStarted = true
    const { onPodDeleted, onSynced, onConnected } = this.#options
    this.#owned.add(this.#informer)
    this.#owned.add(
      this.#informer.follow({
        onAdd: (pod) => this.#take(pod),
        onUpdate: (pod) => this.#take(pod),
        onDelete: (pod) => {
          if (this.#pods.delete(pod.metadata.uid ?? '')) this.#deliver()
          onPodDeleted(pod)
        },
        onSynced: () => {
          this.#deliver()
          onSynced()
        },
        onConnected,
      }),
    )
    this.#informer.start()
  }

  async dispose(): Promise<void> {
    await this.#owned.dispose()
  }

  /** As the server had it last. */
  find(namespace: string, name: string): ApiPod | undefined {
    return this.#informer.get(namespace, name)
  }

  #take(pod: ApiPod): void {
    if (!isMirrorPod(pod)) {
      this.#pods.set(pod.metadata.uid ?? '', this.#mark(pod))
      this.#deliver()
    }
    this.#options.onPod(pod)
  }

  /** Before the first whole set there is nothing that could be missing from it. */
  #deliver(): void {
    if (this.#informer.hasSynced) this.#options.onPods([...this.#pods.values()])
  }

  #mark(pod: ApiPod): Pod {
    const { apiVersion: _apiVersion, kind: _kind, ...rest } = pod
    const seen = this.#pods.get(pod.metadata.uid ?? '')?.metadata.annotations?.[CONFIG_SEEN_ANNOTATION]
    const annotations = {
      ...pod.metadata.annotations,
      [CONFIG_SEEN_ANNOTATION]: seen ?? new Date(this.#options.clock.now()).toISOString(),
      [CONFIG_SOURCE_ANNOTATION]: 'api',
    }
    return { ...rest, metadata: { ...pod.metadata, annotations } }
  }
}

/** A large part of an object, and no business of a kubelet. */
function withoutManagedFields(pod: ApiPod): ApiPod {
  const { managedFields: _managedFields, ...metadata } = pod.metadata as ApiPod['metadata'] & {
    managedFields?: unknown
  }
  return { ...pod, metadata }
}
