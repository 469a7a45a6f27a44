/** What the scheduler writes about pods: which node, or why none. A few requests at a time, in the order in which they were asked for. */
import { Semaphore } from '../base/semaphore.ts'
import type { Clock } from '../base/clock.ts'
import type { Pod } from '../common/api/core.ts'
import { findCondition } from '../common/api/pod-helpers.ts'
import type { PodCondition } from '../common/api/pod-status.ts'
import { formatTime } from '../common/api/time.ts'
import type { ApiClient } from '../kube/api-client.ts'
import { PODS } from '../kube/resources.ts'

const CONCURRENT_REQUESTS = 32

/** What of a pod's status is to be different. */
export interface StatusChange {
  condition?: Pick<PodCondition, 'type' | 'status' | 'reason' | 'message'>
  /** Empty: none any more. */
  nominatedNodeName?: string
}

export class PodWriter {
  readonly #client: ApiClient
  readonly #clock: Clock
  readonly #requests = new Semaphore(CONCURRENT_REQUESTS)

  constructor(client: ApiClient, clock: Clock) {
    this.#client = client
    this.#clock = clock
  }

  /** Rejects with a StatusError of 409 when the pod has a node, is another, or is about to go. */
  async bind({ metadata: { namespace = '', name = '', uid = '' } }: Pod, node: string): Promise<void> {
    const binding = {
      apiVersion: 'v1',
      kind: 'Binding',
      metadata: { namespace, name, uid },
      target: { kind: 'Node', name: node },
    }
    await this.#requests.run(() => this.#client.create(PODS, binding, { namespace, name, subresource: 'binding' }))
  }

  /** Nothing is sent when nothing would change. */
  async changeStatus(pod: Pod, change: StatusChange): Promise<void> {
    const status = computeStatusPatch(pod, change, this.#clock.now())
    if (Object.keys(status).length === 0) return
    const { namespace = '', name = '', uid } = pod.metadata
    const address = { namespace, name, subresource: 'status' }
    const patch = { metadata: { uid }, status }
    await this.#requests.run(() => this.#client.patch(PODS, address, 'application/strategic-merge-patch+json', patch))
  }

  async delete({ metadata: { namespace = '', name = '', uid } }: Pod): Promise<void> {
    const preconditions = uid === undefined ? {} : { preconditions: { uid } }
    await this.#requests.run(() => this.#client.delete(PODS, { namespace, name }, preconditions))
  }
}

function computeStatusPatch(pod: Pod, { condition, nominatedNodeName }: StatusChange, nowMs: number): object {
  const changed = condition === undefined ? undefined : computeCondition(pod, condition, nowMs)
  const isNews = nominatedNodeName !== undefined && nominatedNodeName !== (pod.status?.nominatedNodeName ?? '')
  return {
    ...(changed === undefined ? {} : { conditions: [changed] }),
    ...(isNews ? { nominatedNodeName: nominatedNodeName === '' ? null : nominatedNodeName } : {}),
  }
}

/** Undefined: the pod has it. */
function computeCondition(
  pod: Pod,
  condition: NonNullable<StatusChange['condition']>,
  nowMs: number,
): PodCondition | undefined {
  const { status, reason, message, lastTransitionTime = null } = findCondition(pod, condition.type) ?? {}
  const hasSameStatus = status === condition.status
  if (hasSameStatus && reason === condition.reason && message === condition.message) return undefined
  const { generation } = pod.metadata
  return {
    ...condition,
    ...(generation === undefined ? {} : { observedGeneration: generation }),
    lastProbeTime: null,
    lastTransitionTime: hasSameStatus ? lastTransitionTime : formatTime(nowMs),
  }
}
