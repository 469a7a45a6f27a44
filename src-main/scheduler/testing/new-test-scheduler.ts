/** A scheduler on a fake clock, and a server in memory that binds as the real one does. */
import { FakeClock } from '../../base/testing/fake-clock.ts'
import { silentLogger } from '../../base/logger.ts'
import type { ApiObject } from '../../common/api/api-object.ts'
import type { Pod } from '../../common/api/core.ts'
import type { Event } from '../../common/api/event.ts'
import type { PodCondition } from '../../common/api/pod-status.ts'
import { EVENTS } from '../../kube/event.ts'
import { PODS } from '../../kube/resources.ts'
import { conflict } from '../../kube/status-error.ts'
import { MemoryApi } from '../../kube/testing/memory-api.ts'
import { DEFAULT_SCHEDULER_NAME } from '../scheduler-configuration.ts'
import { Scheduler } from '../scheduler.ts'

export class TestScheduler {
  readonly clock = new FakeClock()
  readonly api = new MemoryApi(() => this.clock.now())
  readonly client = this.api.client()
  readonly scheduler: Scheduler
  /** `POD on NODE`, in the order of the requests. */
  readonly bound: string[] = []
  /** What the server answers to bindings instead of carrying them out. */
  refusal: Error | undefined

  constructor(schedulerNames: readonly string[] = [DEFAULT_SCHEDULER_NAME]) {
    this.api.createPart = (of, { namespace = '', name }, object) => {
      if (this.refusal !== undefined) throw this.refusal
      const target = (object as unknown as { target: { name: string } }).target.name
      this.#bind(namespace, name, target)
      if (of.resource !== 'pods') throw new Error(`a binding of ${of.resource}`)
      return object
    }
    const { client, clock } = this
    this.scheduler = new Scheduler({ client, clock, logger: silentLogger, random: () => 0, schedulerNames })
  }

  async pod(name: string): Promise<Pod> {
    return this.client.get<Pod & ApiObject>(PODS, { namespace: 'default', name })
  }

  async nodeOf(name: string): Promise<string | undefined> {
    return (await this.pod(name)).spec.nodeName
  }

  async condition(name: string): Promise<PodCondition | undefined> {
    return (await this.pod(name)).status?.conditions?.find(({ type }) => type === 'PodScheduled')
  }

  /** `TYPE REASON POD: MESSAGE`, in the order in which they were first told. */
  async events(): Promise<string[]> {
    const { items } = await this.client.list<Event>(EVENTS)
    return items.map(
      ({ type, reason, involvedObject, message }) => `${type} ${reason} ${involvedObject.name}: ${message}`,
    )
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose()
  }

  async dispose(): Promise<void> {
    await this.scheduler.dispose()
  }

  #bind(namespace: string, name: string, node: string): void {
    this.bound.push(`${name} on ${node}`)
    const pod = this.api.peek(PODS, { namespace, name }) as unknown as Pod
    const { nodeName = '' } = pod.spec
    if (nodeName !== '')
      throw conflict(PODS, name, `pod ${name} is already assigned to node ${JSON.stringify(nodeName)}`)
    const conditions = [{ type: 'PodScheduled', status: 'True' }]
    this.api.poke(PODS, { namespace, name }, { spec: { nodeName: node }, status: { conditions } })
  }
}
