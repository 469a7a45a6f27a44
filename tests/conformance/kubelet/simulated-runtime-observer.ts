/** What the simulated runtime does, as lines of a trace: from its events, and from the calls that ask for signals. */
import type { ContainerEventResponse } from '../../../src-main/container-runtime/cri.ts'
import type { TestKubelet } from '../../../src-main/kubelet/testing/new-test-kubelet.ts'
import type { PodObserver } from './pod-observer.ts'

const KILLED = 137

interface KnownContainer {
  pod: { name: string; uid: string }
  name: string
  attempt: number
  running: boolean
  /** Of the stop that was asked for. */
  stop?: { atMs: number; graceSeconds: number }
}

export class SimulatedRuntimeObserver {
  readonly #node: TestKubelet
  readonly #observer: PodObserver
  readonly #hooks: ReadonlySet<string>
  readonly #containers = new Map<string, KnownContainer>()
  readonly #abort = new AbortController()
  #callsSeen = 0

  /** @param hooks commands whose run is a line of its own; others are probes */
  constructor(node: TestKubelet, observer: PodObserver, hooks: ReadonlySet<string>) {
    this.#node = node
    this.#observer = observer
    this.#hooks = hooks
    void node.runtime.getContainerEvents({
      signal: this.#abort.signal,
      onEvent: (event) => this.#onEvent(event),
    })
  }

  dispose(): void {
    this.#abort.abort()
  }

  /** Somebody else than the kubelet sends a signal; nothing for what does not run, and for a sandbox, whose signals are no part of a trace. */
  signalled(containerId: string, signal: 'SIGKILL'): void {
    const container = this.#containers.get(containerId)
    if (container?.running === true)
      this.#observer.runtime(container.pod, `${container.name} ${container.attempt} ${signal}`)
  }

  readCalls(): void {
    const { calls } = this.#node.runtime
    for (const { method, args, atMs } of calls.slice(this.#callsSeen)) {
      const [id, detail] = args
      const container = typeof id === 'string' ? this.#containers.get(id) : undefined
      if (container?.running !== true) continue
      const { pod, name, attempt } = container
      if (method === 'stopContainer' && typeof detail === 'number') {
        container.stop = { atMs, graceSeconds: detail }
        this.#observer.runtime(pod, `${name} ${attempt} SIGTERM`, atMs)
      }
      const command = method === 'execSync' && Array.isArray(detail) ? detail.join(' ') : ''
      if (this.#hooks.has(command)) this.#observer.runtime(pod, `${name} ${attempt} exec ${command}`, atMs)
    }
    this.#callsSeen = calls.length
  }

  #onEvent(event: ContainerEventResponse): void {
    const sandbox = event.podSandboxStatus
    if (sandbox === undefined) return
    const { name, uid, attempt } = sandbox.metadata
    const status = event.containersStatuses.find(({ id }) => id === event.containerId)
    if (event.containerId === sandbox.id) {
      this.readCalls()
      const what = SANDBOX_WORDS[event.containerEventType]
      if (what !== undefined) this.#observer.runtime({ name, uid }, `sandbox ${attempt} ${what}`)
      return
    }
    if (status === undefined) return
    const known: KnownContainer = this.#containers.get(event.containerId) ?? {
      pod: { name, uid },
      name: status.metadata.name,
      attempt: status.metadata.attempt,
      running: false,
    }
    this.#containers.set(event.containerId, known)
    this.readCalls()
    if (event.containerEventType === 'CONTAINER_STARTED_EVENT') this.#onStarted(known)
    if (event.containerEventType === 'CONTAINER_STOPPED_EVENT') this.#onExited(known, status.exitCode)
  }

  #onStarted(known: KnownContainer): void {
    known.running = true
    this.#observer.runtime(known.pod, `${known.name} ${known.attempt} started`)
  }

  #onExited(known: KnownContainer, exitCode: number): void {
    known.running = false
    const { pod, name, attempt, stop } = known
    const outlivedGrace = stop !== undefined && this.#node.clock.now() - stop.atMs >= stop.graceSeconds * 1000
    if (exitCode === KILLED && outlivedGrace) this.#observer.runtime(pod, `${name} ${attempt} SIGKILL`)
    this.#observer.runtime(pod, `${name} ${attempt} exited ${exitCode}`)
  }
}

const SANDBOX_WORDS: Partial<Record<ContainerEventResponse['containerEventType'], string>> = {
  CONTAINER_STARTED_EVENT: 'started',
  CONTAINER_STOPPED_EVENT: 'stopped',
}
