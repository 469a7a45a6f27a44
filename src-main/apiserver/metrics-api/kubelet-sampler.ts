/**
 * Samples of what nodes and pods use. metrics-server asks kubelets all the time; this asks while somebody wants to know, and
 * a little longer, so that an idle lab stays idle.
 */
import { delay, type Clock, type Timer } from '../../base/clock.ts'
import type { Disposable } from '../../base/disposable.ts'
import type { Logger } from '../../base/logger.ts'
import type { KubeletClient } from '../kubelet-client/kubelet-client.ts'
import { fetchText } from '../kubelet-client/fetch-text.ts'
import { LOOPBACK_CONTEXT } from '../registry/find-object.ts'
import type { Registry } from '../registry/resource-storage.ts'
import { parseResourceMetrics, type ResourceSamples } from './parse-resource-metrics.ts'

/** metrics-server's `--metric-resolution`. */
const INTERVAL_MS = 15_000
/** The first answer needs two samples: they are taken closer together. */
const FIRST_INTERVAL_MS = 2_000
/** A kubelet may look at its pods less often than that. */
const FIRST_ATTEMPTS = 6
const KEEP_ASKING_MS = 120_000
const TIMEOUT_MS = 10_000

/** Two samples of one node; the older one is undefined at first. */
export interface SamplePair {
  older: ResourceSamples | undefined
  newer: ResourceSamples
}

export class KubeletSampler implements Disposable {
  readonly #kubelets: KubeletClient
  readonly #registry: Registry
  readonly #clock: Clock
  readonly #logger: Logger
  #pairs = new Map<string, SamplePair>()
  #askedMs = 0
  #timer: Timer | undefined
  #starting: Promise<void> | undefined
  readonly #ending = new AbortController()

  constructor(kubelets: KubeletClient, registry: Registry, clock: Clock, logger: Logger) {
    this.#kubelets = kubelets
    this.#registry = registry
    this.#clock = clock
    this.#logger = logger
  }

  /** The newest samples by node; nodes that do not answer are missing. */
  async read(): Promise<ReadonlyMap<string, SamplePair>> {
    this.#askedMs = this.#clock.now()
    if (this.#timer === undefined) await (this.#starting ??= this.#start())
    return this.#pairs
  }

  dispose(): void {
    this.#ending.abort()
    this.#timer?.cancel()
  }

  async #start(): Promise<void> {
    try {
      await this.#sampleAll()
      for (let attempt = 0; attempt < FIRST_ATTEMPTS && !this.#hasPairs(); attempt++) {
        await delay(this.#clock, FIRST_INTERVAL_MS, this.#ending.signal)
        await this.#sampleAll()
      }
      this.#schedule()
    } finally {
      this.#starting = undefined
    }
  }

  #hasPairs(): boolean {
    return [...this.#pairs.values()].every(({ older }) => older !== undefined)
  }

  #schedule(): void {
    if (this.#ending.signal.aborted) return
    this.#timer = this.#clock.setTimer(INTERVAL_MS, () => {
      void this.#again()
    })
  }

  async #again(): Promise<void> {
    if (this.#clock.now() - this.#askedMs > KEEP_ASKING_MS) {
      this.#timer = undefined
      this.#pairs = new Map()
      return
    }
    try {
      await this.#sampleAll()
    } catch (error) {
      this.#logger.warn('The use of resources could not be sampled', { err: error })
    }
    this.#schedule()
  }

  async #sampleAll(): Promise<void> {
    const nodes = this.#registry.find('', 'nodes')
    const { items = [] } = (await nodes?.list(LOOPBACK_CONTEXT, { namespace: '', resourceVersion: '0' })) ?? {}
    const names = items.map(({ metadata }) => metadata.name ?? '')
    const pairs = await Promise.all(names.map(async (name) => [name, await this.#sample(name)] as const))
    this.#pairs = new Map(pairs.flatMap(([name, pair]) => (pair === undefined ? [] : [[name, pair] as const])))
  }

  async #sample(node: string): Promise<SamplePair | undefined> {
    const before = this.#pairs.get(node)
    try {
      const endpoint = await this.#kubelets.endpointOf(node)
      const signal = AbortSignal.any([this.#ending.signal, AbortSignal.timeout(TIMEOUT_MS)])
      const newer = parseResourceMetrics(await fetchText(endpoint, '/metrics/resource', signal))
      // A kubelet may answer twice from one look at its pods.
      if (before !== undefined && newer.node?.timeMs === before.newer.node?.timeMs) return before
      return { older: before?.newer, newer }
    } catch (error) {
      this.#logger.warn('Failed to scrape node', { node, err: error })
      return undefined
    }
  }
}
