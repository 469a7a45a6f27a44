/** Records the calls made to a simulated runtime, and makes chosen ones slow or fail. */
import type { Clock } from '../../base/clock.ts'
import { delay } from '../../base/clock.ts'
import { CriError } from '../cri.ts'
import type { ImageService, RuntimeService } from '../cri.ts'

export type CriMethod = keyof RuntimeService | keyof ImageService

export interface RecordedCall {
  method: CriMethod
  args: unknown[]
  atMs: number
}

export class CallScript {
  readonly calls: RecordedCall[] = []
  #failures = new Map<CriMethod, CriError[]>()
  #latencies = new Map<CriMethod, number>()
  #unavailable = false
  readonly #clock: Clock
  readonly #isRecording: boolean

  constructor(clock: Clock, isRecording: boolean) {
    this.#clock = clock
    this.#isRecording = isRecording
  }

  callsOf(method: CriMethod): RecordedCall[] {
    return this.calls.filter((call) => call.method === method)
  }

  failNext(method: CriMethod, error: CriError, times: number): void {
    const queue = this.#failures.get(method) ?? []
    for (let count = 0; count < times; count++) queue.push(error)
    this.#failures.set(method, queue)
  }

  clearFailures(): void {
    this.#failures.clear()
  }

  setLatency(method: CriMethod, latencyMs: number): void {
    this.#latencies.set(method, latencyMs)
  }

  set unavailable(value: boolean) {
    this.#unavailable = value
  }

  get unavailable(): boolean {
    return this.#unavailable
  }

  /** Every method calls this first: records, waits for the set latency, then fails if so scripted. */
  async enter(method: CriMethod, args: unknown[]): Promise<void> {
    if (this.#isRecording) this.calls.push({ method, args: structuredClone(args), atMs: this.#clock.now() })
    const latencyMs = this.#latencies.get(method) ?? 0
    if (latencyMs > 0) await delay(this.#clock, latencyMs)
    if (this.#unavailable) throw new CriError('Unavailable', 'the simulated runtime is down')
    const failure = this.#failures.get(method)?.shift()
    if (failure !== undefined) throw failure
  }
}
