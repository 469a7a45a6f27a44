/** Makes and deletes pods for a controller, and tells it in events about their owner (pkg/controller/controller_utils.go RealPodControl). */
import type { ApiObject } from '../../common/api/api-object.ts'
import type { Pod, PodSpec } from '../../common/api/core.ts'
import type { ObjectMeta } from '../../common/api/meta.ts'
import type { PodTemplateSpec } from '../../common/api/pod-template.ts'
import type { ApiClient } from '../../kube/api-client.ts'
import type { EventRecorder } from '../../kube/event-recorder.ts'
import { PODS } from '../../kube/resources.ts'
import { hasReason } from '../../kube/status-error.ts'
import { isNamespaceTerminating } from './namespace-terminating.ts'
import { newControllerReference } from './owner-reference.ts'
import { referenceTo } from './reference-to.ts'

/** The longest prefix that leaves room for the suffix. */
const MAX_PREFIX_LENGTH = 63 - 5

/** Pure. A pod of the template that `owner` controls, as it is sent: its name comes from the server. */
export function newPodFromTemplate(owner: ApiObject, template: PodTemplateSpec, spec: PodSpec = template.spec): Pod {
  const { labels, annotations, finalizers } = template.metadata ?? {}
  const metadata: ObjectMeta = {
    generateName: `${owner.metadata.name ?? ''}-`.slice(0, MAX_PREFIX_LENGTH),
    ...(owner.metadata.namespace === undefined ? {} : { namespace: owner.metadata.namespace }),
    ...(labels === undefined ? {} : { labels: { ...labels } }),
    ...(annotations === undefined ? {} : { annotations: { ...annotations } }),
    ...(finalizers === undefined ? {} : { finalizers: [...finalizers] }),
    ownerReferences: [newControllerReference(owner)],
  }
  return { apiVersion: 'v1', kind: 'Pod', metadata, spec: structuredClone(spec) }
}

export class PodControl {
  readonly #client: ApiClient
  readonly #events: EventRecorder

  constructor(client: ApiClient, events: EventRecorder) {
    this.#client = client
    this.#events = events
  }

  /**
   * Rejects with a StatusError as the client does; then it was told, unless the namespace goes.
   *
   * @param options.mayExist the pod has a name, and was asked for before: that it exists is as good
   * @returns what was made, or what exists
   */
  async create(owner: ApiObject, pod: Pod, { mayExist = false } = {}): Promise<Pod> {
    try {
      const made = await this.#client.create(PODS, pod as Pod & ApiObject)
      this.tell(owner, 'Normal', 'SuccessfulCreate', `Created pod: ${made.metadata.name ?? ''}`)
      return made
    } catch (error) {
      const { namespace = '', name = '' } = pod.metadata
      if (mayExist && hasReason(error, 'AlreadyExists'))
        return await this.#client.get<Pod & ApiObject>(PODS, { namespace, name })
      if (!isNamespaceTerminating(error))
        this.tell(owner, 'Warning', 'FailedCreate', `Error creating: ${wordsOf(error)}`)
      throw error
    }
  }

  /** That it is gone already is as good. `uid`: of the pod that is meant. */
  async delete(owner: ApiObject, { metadata }: Pod): Promise<void> {
    const { namespace = '', name = '', uid } = metadata
    try {
      const address = { namespace, name }
      await this.#client.delete(PODS, address, uid === undefined ? {} : { preconditions: { uid } })
      this.tell(owner, 'Normal', 'SuccessfulDelete', `Deleted pod: ${name}`)
    } catch (error) {
      if (hasReason(error, 'NotFound')) return
      this.tell(owner, 'Warning', 'FailedDelete', `Error deleting: ${wordsOf(error)}`)
      throw error
    }
  }

  /** An event about the owner. */
  tell(owner: ApiObject, type: 'Normal' | 'Warning', reason: string, message: string): void {
    this.#events.record(referenceTo(owner), type, reason, message)
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
