/** The engine's events as CRI's: each with the pod's present statuses, so that a kubelet need not ask. */
import type { Clock } from '../../base/clock.ts'
import type { Disposable } from '../../base/disposable.ts'
import type { Logger } from '../../base/logger.ts'
import { CriError } from '../cri.ts'
import type { ContainerEventResponse, ContainerEventType } from '../cri.ts'
import type { EventSubscribers } from '../event-subscribers.ts'
import type { DockerContainers } from './docker-containers.ts'
import { readIdentity } from './engine-labels.ts'
import type { ContainerEvent, EngineAction } from './engine-event-stream.ts'
import type { ContainerLogs } from './logs/container-logs.ts'
import { toPodSandboxStatus } from './map-status.ts'
import type { NodeEngine } from './node-engine.ts'
import { PatientEvents } from './patient-events.ts'

const TYPE_OF: Record<EngineAction, ContainerEventType> = {
  create: 'CONTAINER_CREATED_EVENT',
  start: 'CONTAINER_STARTED_EVENT',
  die: 'CONTAINER_STOPPED_EVENT',
  destroy: 'CONTAINER_DELETED_EVENT',
}

type SandboxStatuses = Pick<ContainerEventResponse, 'podSandboxStatus' | 'containersStatuses'>

export class CriEvents implements Disposable {
  readonly #node: NodeEngine
  readonly #containers: DockerContainers
  readonly #logs: ContainerLogs
  readonly #subscribers: EventSubscribers
  readonly #logger: Logger
  readonly #patient: PatientEvents
  /** Events of a pod go out in the order in which they came in. */
  #turn: Promise<void> = Promise.resolve()
  /** How many have been let through, and are in line or done. */
  #passed = 0
  #processed = 0
  /** Looks at sandboxes while events wait in line, each with how many events had been let through when it began. */
  readonly #looks = new Map<string, { passed: number; statuses: SandboxStatuses }>()

  constructor(parts: {
    node: NodeEngine
    containers: DockerContainers
    logs: ContainerLogs
    subscribers: EventSubscribers
    clock: Clock
    logger: Logger
  }) {
    this.#node = parts.node
    this.#containers = parts.containers
    this.#logs = parts.logs
    this.#subscribers = parts.subscribers
    this.#logger = parts.logger
    const pass = (events: ContainerEvent[]): void => {
      const last = (this.#passed += events.length)
      for (const event of events) this.#queue(event, last)
    }
    this.#patient = new PatientEvents({ clock: parts.clock, pass })
  }

  /** Takes an event about a sandbox or container of the node; others are ignored. */
  handle(event: ContainerEvent): void {
    const identity = readIdentity(this.#node.options, event.labels)
    if (identity !== undefined)
      this.#patient.add(identity.role === 'sandbox' ? event.containerId : identity.sandboxId, event)
  }

  dispose(): void {
    this.#patient.dispose()
  }

  /** @param number of the last one that was let through with it */
  #queue(event: ContainerEvent, number: number): void {
    this.#turn = this.#turn
      .then(() => this.#process(event, number))
      .catch((error: unknown) => {
        this.#logger.warn('an event of the engine could not be passed on', { containerId: event.containerId, error })
        this.#subscribers.breakAll(new CriError('Unavailable', 'an event was lost: list again'))
      })
      .then(() => {
        if (++this.#processed === this.#passed) this.#looks.clear()
      })
  }

  async #process(event: ContainerEvent, number: number): Promise<void> {
    const identity = readIdentity(this.#node.options, event.labels)
    if (identity === undefined) return
    if (identity.role === 'container') await this.#careForLog(event)
    if (this.#subscribers.isEmpty) return
    const sandboxId = identity.role === 'sandbox' ? event.containerId : identity.sandboxId
    this.#subscribers.publish({
      containerId: event.containerId,
      containerEventType: TYPE_OF[event.action],
      createdAt: event.atNs,
      ...(await this.#lookAt(sandboxId, number)),
    })
  }

  /** A look that began when the event had been let through already shows what the event tells of. */
  async #lookAt(sandboxId: string, eventNumber: number): Promise<SandboxStatuses> {
    const before = this.#looks.get(sandboxId)
    if (before !== undefined && before.passed >= eventNumber) return before.statuses
    const passed = this.#passed
    const [sandbox, containersStatuses] = await Promise.all([
      this.#node.find(sandboxId, 'sandbox'),
      this.#containers.statusesOf(sandboxId),
    ])
    const { network } = this.#node.options
    const podSandboxStatus = sandbox && toPodSandboxStatus(sandbox.container, sandbox.identity, network)
    const statuses = { ...(podSandboxStatus === undefined ? {} : { podSandboxStatus }), containersStatuses }
    this.#looks.set(sandboxId, { passed, statuses })
    return statuses
  }

  async #careForLog(event: ContainerEvent): Promise<void> {
    const { containerId, labels } = event
    if (event.action === 'destroy') return this.#logs.forget(containerId)
    if (event.action !== 'die') return
    if (!this.#logs.has(containerId)) await this.#containers.resumeLog(containerId)
    await this.#logs.completeBeforeNews(containerId, labels)
  }
}
