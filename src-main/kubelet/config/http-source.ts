/**
 * Static pods from an address (`staticPodURL`, facts 1.5.11): asked at the start and again `checkFrequencyMs` after each answer. A
 * Pod or a PodList; what cannot be had or read leaves the pods of the last good answer running, an empty answer ends them.
 */
import type { Clock, Timer } from '../../base/clock.ts'
import type { Disposable } from '../../base/disposable.ts'
import type { Logger } from '../../base/logger.ts'
import type { Pod } from '../../common/api/core.ts'
import type { FileVerdict, FileVerdictReason, FileWarning } from '../../common/lab/file-verdict.ts'
import type { ManifestFault } from '../../common/manifest/decode-manifest.ts'
import {
  readStaticPods,
  type StaticPodAllowances,
  type StaticPodResult,
} from '../../common/manifest/read-static-pod.ts'
import { podFullName, podReference } from '../pod-identity.ts'
import type { TimelineRecorder } from '../timeline/timeline.ts'
import { ACCEPTED_EXPLANATION, acceptedWarnings } from '../../common/manifest/accepted-warnings.ts'
import { fetchManifest, type FetchManifest, type HTTPAnswer } from './fetch-manifest.ts'
import { VerdictNews } from './verdict-news.ts'

const TIMEOUT_MS = 10_000
/** Of failures in a row, so many are told. */
const FAILURES_TOLD = 3
/** Upstream quotes the whole answer; ours is cut. */
const MAX_QUOTED_ANSWER = 2000

export interface HTTPSourceOptions {
  url: string
  header: Readonly<Record<string, readonly string[]>>
  nodeName: string
  checkFrequencyMs: number
  allowances: StaticPodAllowances
  clock: Clock
  logger: Logger
  timeline: TimelineRecorder
  fetch?: FetchManifest
  /** The whole set of pods, after each good answer that differs from the one before. */
  onPods: (pods: Pod[]) => void
  onVerdicts: () => void
}

/** Why nothing new came of an answer. */
interface Trouble {
  reason: FileVerdictReason
  message: string
  explanation: string
  line?: number
  column?: number
  kind?: string
  manifestAPIVersion?: string
  warnings: FileWarning[]
}

/** What the last good answer said. */
interface Content {
  pods: Pod[]
  verdicts: FileVerdict[]
}

export class HTTPSource implements Disposable {
  readonly #options: HTTPSourceOptions
  readonly #news: VerdictNews
  #timer: Timer | undefined
  #request: AbortController | undefined
  #disposed = false
  #failures = 0
  /** The last answer with a body, good or not: the same again changes nothing. */
  #answer: Buffer | undefined
  #content: Content = { pods: [], verdicts: [] }
  /** Of the last answer with a body. */
  #contentTrouble: Trouble | undefined
  /** Of the last look, when it brought no such answer. */
  #lookTrouble: Trouble | undefined
  #seen = new Map<string, string>()

  constructor(options: HTTPSourceOptions) {
    this.#options = options
    this.#news = new VerdictNews(options.timeline)
  }

  start(): void {
    this.#options.logger.info('Watching URL', { URL: this.#options.url })
    void this.#run()
  }

  /** Stops asking; pods are left as they are. */
  dispose(): void {
    this.#disposed = true
    this.#timer?.cancel()
    this.#request?.abort()
  }

  /** One for each pod of a list, or one for the address. */
  verdicts(): FileVerdict[] {
    const trouble = this.#lookTrouble ?? this.#contentTrouble
    if (trouble === undefined) return this.#content.verdicts
    if (this.#content.pods.length === 0) return [{ ...this.#base(''), state: 'rejected', ...trouble }]
    const explanation = `${trouble.explanation} The pods of its last good answer run on.`
    return this.#content.verdicts.map((verdict) => ({ ...verdict, ...trouble, state: 'stale' as const, explanation }))
  }

  /** The name under which the verdict on this pod's manifest is shown. */
  fileOf(uid: string): string | undefined {
    return this.#content.verdicts.find(({ pod }) => pod?.uid === uid)?.name
  }

  /** Never throws. */
  async #run(): Promise<void> {
    const { clock, checkFrequencyMs } = this.#options
    const trouble = await this.#look()
    if (this.#disposed) return
    this.#tell(trouble)
    this.#publish()
    this.#timer = clock.setTimer(checkFrequencyMs, () => void this.#run())
  }

  /** Asks once. Answers what upstream would report of this look, which is nothing for an answer that it had before. */
  async #look(): Promise<string | undefined> {
    const { clock, url, header, fetch = fetchManifest } = this.#options
    const request = new AbortController()
    this.#request = request
    const limit = clock.setTimer(TIMEOUT_MS, () => request.abort())
    let answer: HTTPAnswer
    try {
      answer = await fetch(url, header, request.signal)
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      const explanation =
        'The kubelet cannot reach this address from its node: look at the address, and at whether its server runs.'
      return this.#failLook('URLUnreachable', message, explanation)
    } finally {
      limit.cancel()
    }
    if (this.#disposed) return undefined
    if (answer.status !== 200) {
      const status = `${answer.status} ${answer.statusText}`.trim()
      const explanation = `The server answered ${status} instead of a manifest: look at the path of the address.`
      return this.#failLook('URLUnreachable', `${url}: ${status}`, explanation)
    }
    return answer.body.length === 0 ? this.#takeNothing() : this.#take(answer.body)
  }

  #failLook(reason: FileVerdictReason, message: string, explanation: string): string {
    this.#lookTrouble = { reason, message, explanation, warnings: [] }
    return message
  }

  /** Ends the pods; an answer like the one before brings them back, where upstream takes it for nothing new. */
  #takeNothing(): string {
    this.#answer = undefined
    this.#contentTrouble = undefined
    this.#setContent({ pods: [], verdicts: [] })
    const explanation =
      'The server answered with nothing, which ends all pods of this address: serve a Pod or a PodList.'
    return this.#failLook('Empty', `zero-length data received from ${this.#options.url}`, explanation)
  }

  #take(body: Buffer): string | undefined {
    this.#lookTrouble = undefined
    if (this.#answer?.equals(body) === true) return undefined
    this.#answer = body
    const { url, nodeName, clock, allowances } = this.#options
    const seen = new Date(clock.now()).toISOString()
    const read = readStaticPods(body, { nodeName, source: 'http', path: url, seen, allowances })
    if (Array.isArray(read)) {
      this.#contentTrouble = undefined
      this.#setContent(this.#contentOf(read))
      return undefined
    }
    const message = describeFault(url, body, read)
    const { reason, explanation, warnings, line, column, kind, apiVersion } = read
    this.#contentTrouble = {
      reason,
      message,
      explanation,
      warnings,
      ...(line === undefined ? {} : { line }),
      ...(column === undefined ? {} : { column }),
      ...(kind === undefined ? {} : { kind }),
      ...(apiVersion === undefined ? {} : { manifestAPIVersion: apiVersion }),
    }
    return message
  }

  /** Of pods of one name the first one counts (facts 1.2.10). */
  #contentOf(read: readonly (StaticPodResult & { ok: true })[]): Content {
    const content: Content = { pods: [], verdicts: [] }
    for (const [index, result] of read.entries()) {
      const { pod } = result
      const base = { ...this.#base(read.length === 1 ? '' : ` items[${index}]`), kind: 'Pod', manifestAPIVersion: 'v1' }
      const uid = pod.metadata.uid ?? ''
      const verdict = { ...base, pod: podReference(pod), warnings: acceptedWarnings(result) }
      if (content.pods.some((other) => podFullName(other) === podFullName(pod))) {
        const { url, logger } = this.#options
        const err = `Error validating pod ${podFullName(pod)} from http due to duplicate pod name ${JSON.stringify(pod.metadata.name)}, ignoring`
        logger.error('Pod failed validation', { URL: url, err })
        const explanation = 'An earlier Pod of this list has the same name, so it counts and this one does not.'
        content.verdicts.push({ ...verdict, state: 'shadowed', reason: 'DuplicatePod', message: err, explanation })
        continue
      }
      const firstSeen = this.#seen.get(uid)
      if (firstSeen !== undefined)
        pod.metadata.annotations = { ...pod.metadata.annotations, 'kubernetes.io/config.seen': firstSeen }
      content.pods.push(pod)
      content.verdicts.push({
        ...verdict,
        state: 'accepted',
        reason: 'Pod',
        message: '',
        explanation: ACCEPTED_EXPLANATION,
      })
    }
    return content
  }

  #setContent(content: Content): void {
    this.#content = content
    this.#seen = new Map(
      content.pods.map(({ metadata }) => [
        metadata.uid ?? '',
        metadata.annotations?.['kubernetes.io/config.seen'] ?? '',
      ]),
    )
    this.#options.onPods(content.pods)
  }

  #base(part: string): Omit<FileVerdict, 'state' | 'reason' | 'message' | 'explanation' | 'warnings'> {
    const now = new Date(this.#options.clock.now()).toISOString()
    const { url } = this.#options
    const sizeBytes = this.#answer?.length ?? 0
    return { name: `${url}${part}`, path: url, origin: 'url', sizeBytes, modifiedAt: now, observedAt: now }
  }

  #publish(): void {
    this.#news.update(this.verdicts())
    this.#options.onVerdicts()
  }

  /** The first failures in a row, as upstream; the verdict tells all of them. */
  #tell(err: string | undefined): void {
    const { logger } = this.#options
    if (err === undefined) {
      if (this.#failures > 0) logger.info('Successfully read pods from URL')
      this.#failures = 0
      return
    }
    if (this.#failures < FAILURES_TOLD) logger.warn('Failed to read pods from URL', { err })
    else if (this.#failures === FAILURES_TOLD)
      logger.warn('Failed to read pods from URL. Dropping verbosity of this message to V(4)', { err })
    this.#failures++
  }
}

/** What is a Pod but may not run is told as it is; what is none, with the answer. */
function describeFault(url: string, body: Buffer, { reason, problem }: ManifestFault): string {
  if (reason === 'InvalidPod' || reason === 'APIReference') return problem
  const text = body.toString('utf8')
  const quoted = text.length > MAX_QUOTED_ANSWER ? `${text.slice(0, MAX_QUOTED_ANSWER)}...` : text
  const asList = problem.replace(/^invalid pod:/, 'invalid pods list:')
  return `${url}: received '${quoted}', but couldn't parse as single (${problem}) or multiple pods (${asList})`
}
