/** Runs the probes of all running containers and keeps what they said last (facts 2.13). */
import type { Clock, Timer } from '../../base/clock.ts'
import type { Disposable } from '../../base/disposable.ts'
import type { Container, Pod, Probe } from '../../common/api/core.ts'
import type { RuntimeService } from '../../container-runtime/cri.ts'
import type { ProbeObservation } from '../metrics/kubelet-observer.ts'
import { podReference, podUid } from '../pod-identity.ts'
import { isSidecar } from '../runtime/restart-policy.ts'
import { activeSandbox, nanosecondsToMs, runningContainers } from '../runtime/runtime-pod.ts'
import type { RuntimeContainer, RuntimePod } from '../runtime/runtime-pod.ts'
import { aboutContainer } from '../timeline/timeline.ts'
import type { TimelineRecorder } from '../timeline/timeline.ts'
import type { ProbeResult, ProbeResults } from './probe-results.ts'
import { runProbe } from './run-probe.ts'
import type { ProbeOutcome, RunProbe } from './run-probe.ts'

type ProbeKind = 'startup' | 'liveness' | 'readiness'

const KINDS: readonly { kind: ProbeKind; field: 'startupProbe' | 'livenessProbe' | 'readinessProbe'; word: string }[] =
  [
    { kind: 'startup', field: 'startupProbe', word: 'Startup' },
    { kind: 'liveness', field: 'livenessProbe', word: 'Liveness' },
    { kind: 'readiness', field: 'readinessProbe', word: 'Readiness' },
  ]
/** A probe that cannot be carried out is tried so often in one turn (facts 2.13.4). */
const TRIES = 3
const INITIAL: Readonly<Record<ProbeKind, ProbeResult>> = {
  startup: 'Unknown',
  liveness: 'Success',
  readiness: 'Failure',
}

interface ProbeWorker {
  pod: Pod
  container: Container
  containerId: string
  kind: ProbeKind
  word: string
  probe: Probe
  ip: string
  /** When the container started, milliseconds since the epoch. */
  startedMs: number
  result: ProbeResult
  lastOutcome: 'success' | 'failure' | undefined
  streak: number
  timer: Timer | undefined
  /** Its container is gone. */
  stopped: boolean
}

export class Prober implements ProbeResults, Disposable {
  readonly #clock: Clock
  readonly #runtime: RuntimeService
  readonly #timeline: TimelineRecorder
  readonly #random: () => number
  readonly #nodeIP: string
  readonly #startedMs: number
  /** The pod's status has to be computed again, and its worker has to look. */
  readonly #onChange: (uid: string) => void
  readonly #onProbe: (probe: ProbeObservation) => void
  readonly #runProbe: RunProbe
  readonly #workers = new Map<string, ProbeWorker>()
  readonly #ending = new Set<string>()

  constructor(options: {
    clock: Clock
    runtime: RuntimeService
    timeline: TimelineRecorder
    random: () => number
    nodeIP: string
    onChange: (uid: string) => void
    onProbe?: (probe: ProbeObservation) => void
    runProbe?: RunProbe | undefined
  }) {
    this.#clock = options.clock
    this.#runtime = options.runtime
    this.#timeline = options.timeline
    this.#random = options.random
    this.#nodeIP = options.nodeIP
    this.#onChange = options.onChange
    this.#onProbe = options.onProbe ?? (() => undefined)
    this.#runProbe = options.runProbe ?? runProbe
    this.#startedMs = options.clock.now()
  }

  liveness(containerId: string): ProbeResult | undefined {
    return this.#workers.get(`liveness ${containerId}`)?.result
  }

  readiness(containerId: string): ProbeResult | undefined {
    return this.#workers.get(`readiness ${containerId}`)?.result
  }

  startup(containerId: string): ProbeResult | undefined {
    return this.#workers.get(`startup ${containerId}`)?.result
  }

  /** Follows what runs of the pod: begins and ends probes. Called before each look at its results. */
  observe(pod: Pod, runtimePod: RuntimePod): void {
    const wanted = new Set<string>()
    const ip = pod.spec.hostNetwork === true ? this.#nodeIP : (activeSandbox(runtimePod)?.ip ?? '')
    const probed = [...(pod.spec.initContainers ?? []).filter(isSidecar), ...pod.spec.containers]
    for (const instance of runningContainers(runtimePod)) {
      const container = probed.find((candidate) => candidate.name === instance.metadata.name)
      for (const { kind, field, word } of KINDS) {
        const probe = container?.[field]
        if (container === undefined || probe === undefined) continue
        if (kind !== 'readiness' && this.#ending.has(podUid(pod))) continue
        const key = `${kind} ${instance.id}`
        wanted.add(key)
        if (!this.#workers.has(key)) this.#begin(key, this.#makeWorker(pod, container, instance, kind, word, probe, ip))
      }
    }
    for (const [key, worker] of this.#workers)
      if (podUid(worker.pod) === podUid(pod) && !wanted.has(key)) this.#end(key, worker)
  }

  /** The pod ends: only readiness is asked until its containers are stopped (facts 2.11.5). */
  stopLivenessOf(uid: string): void {
    this.#ending.add(uid)
    for (const [key, worker] of this.#workers)
      if (podUid(worker.pod) === uid && worker.kind !== 'readiness') this.#end(key, worker)
  }

  /** Nothing of the pod is left; its UID may come again. */
  forget(uid: string): void {
    this.#ending.delete(uid)
    for (const [key, worker] of this.#workers) if (podUid(worker.pod) === uid) this.#end(key, worker)
  }

  dispose(): void {
    for (const [key, worker] of this.#workers) this.#end(key, worker)
  }

  #makeWorker(
    pod: Pod,
    container: Container,
    instance: RuntimeContainer,
    kind: ProbeKind,
    word: string,
    probe: Probe,
    ip: string,
  ): ProbeWorker {
    return {
      ...{ pod, container, containerId: instance.id, kind, word, probe, ip },
      startedMs: nanosecondsToMs(instance.startedAt),
      result: INITIAL[kind],
      lastOutcome: undefined,
      streak: 0,
      timer: undefined,
      stopped: false,
    }
  }

  /** A young kubelet spreads the first runs of the probes that it finds (facts 2.13.3). */
  #begin(key: string, worker: ProbeWorker): void {
    this.#workers.set(key, worker)
    const isYoung = this.#clock.now() - this.#startedMs < periodMs(worker)
    const initialMs = worker.startedMs + (worker.probe.initialDelaySeconds ?? 0) * 1000 - this.#clock.now()
    const spreadMs = isYoung && worker.startedMs < this.#startedMs ? this.#random() * periodMs(worker) : 0
    this.#arm(worker, Math.max(initialMs, spreadMs, 0))
  }

  #end(key: string, worker: ProbeWorker): void {
    worker.stopped = true
    worker.timer?.cancel()
    this.#workers.delete(key)
  }

  #arm(worker: ProbeWorker, delayMs: number): void {
    if (!worker.stopped) worker.timer = this.#clock.setTimer(delayMs, () => void this.#run(worker))
  }

  async #run(worker: ProbeWorker): Promise<void> {
    const startedAtMs = this.#clock.now()
    const startup = this.startup(worker.containerId)
    const waitsForStartup = worker.kind !== 'startup' && startup !== undefined && startup !== 'Success'
    // After a failure the worker is on hold until the container is replaced; a startup probe ends with its success.
    if (worker.kind === 'startup' && worker.result !== 'Unknown') return
    if (worker.kind === 'liveness' && worker.result === 'Failure') return
    if (!waitsForStartup) await this.#probe(worker)
    this.#arm(worker, Math.max(0, startedAtMs + periodMs(worker) - this.#clock.now()))
  }

  async #probe(worker: ProbeWorker): Promise<void> {
    const outcome = await this.#ask(worker)
    if (worker.stopped) return
    this.#report(worker, outcome)
    if (outcome.kind === 'error') return
    const said = outcome.kind === 'failure' ? 'failure' : 'success'
    this.#onProbe({
      pod: podReference(worker.pod),
      container: worker.container.name,
      probeType: worker.word,
      result: said === 'success' ? 'successful' : 'failed',
    })
    worker.streak = worker.lastOutcome === said ? worker.streak + 1 : 1
    worker.lastOutcome = said
    const threshold = said === 'success' ? (worker.probe.successThreshold ?? 1) : (worker.probe.failureThreshold ?? 3)
    const result: ProbeResult = said === 'success' ? 'Success' : 'Failure'
    if (worker.streak < threshold || worker.result === result) return
    worker.result = result
    if (worker.kind === 'startup' && result === 'Success') this.#hurryOthers(worker.containerId)
    this.#onChange(podUid(worker.pod))
  }

  async #ask(worker: ProbeWorker): Promise<ProbeOutcome> {
    const { container, containerId, probe, ip } = worker
    const target = { runtime: this.#runtime, clock: this.#clock, container, containerId, ip }
    for (let tries = 1; ; tries++) {
      const outcome = await this.#runProbe(target, probe)
      if (outcome.kind !== 'error' || tries === TRIES || worker.stopped) return outcome
    }
  }

  #report({ pod, container, word }: ProbeWorker, outcome: ProbeOutcome): void {
    if (outcome.kind === 'success') return
    const said = { warning: 'warning', failure: 'failed', error: 'errored and resulted in unknown state' }[outcome.kind]
    this.#timeline.record({
      ...aboutContainer(pod, container.name),
      subject: 'probe',
      type: 'Warning',
      reason: outcome.kind === 'warning' ? 'ProbeWarning' : 'Unhealthy',
      message: `${word} probe ${said}: ${outcome.output}`,
      ...(outcome.kind === 'warning' ? {} : { cause: 'ProbeFailed' as const }),
    })
  }

  /** What waited for the startup probe runs at once. */
  #hurryOthers(containerId: string): void {
    for (const kind of ['liveness', 'readiness'] as const) {
      const worker = this.#workers.get(`${kind} ${containerId}`)
      if (worker === undefined) continue
      worker.timer?.cancel()
      this.#arm(worker, 0)
    }
  }
}

function periodMs(worker: ProbeWorker): number {
  return (worker.probe.periodSeconds ?? 10) * 1000
}
