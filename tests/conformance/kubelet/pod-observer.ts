/** Turns what one world tells about pods into the lines of a trace. */
import type { Pod } from '../../../src-main/common/api/core.ts'
import type { TimelineEntry } from '../../../src-main/common/lab/timeline-entry.ts'
import { describeStatus } from './describe-status.ts'
import type { Trace } from './trace.ts'

/** Reasons of Kubernetes events; the other entries of a timeline are Node Lab's own (facts 3). */
const EVENT_REASONS = new Set([
  ...['Pulling', 'Pulled', 'Created', 'Started', 'Failed', 'BackOff', 'ErrImageNeverPull', 'InspectFailed', 'Killing'],
  ...['Unhealthy', 'FailedPostStartHook', 'FailedPreStopHook', 'FailedMount', 'FailedCreatePodSandBox'],
  ...['SandboxChanged', 'FailedKillPod', 'DeadlineExceeded', 'Evicted', 'Preempting'],
])
/** Their words are the same for every container (and were changed in 1.35; facts 3). */
const PLAIN_REASONS = new Set(['Pulled', 'Created', 'Started'])
const ORDINALS = ['', 'new ', 'third ', 'fourth ']

interface PodIdentity {
  name: string
  namespace: string
  uid: string
}

export class PodObserver {
  readonly #trace: Trace
  readonly #podName: string
  readonly #uids = new Map<string, string[]>()
  readonly #last = new Map<string, string>()
  /** By uid: what the newest listing had. */
  #present = new Map<string, PodIdentity>()

  constructor(trace: Trace, podName: string) {
    this.#trace = trace
    this.#podName = podName
  }

  /** Of everything that a kubelet has, the pods of this case, as `/pods` lists them: without those that are ending. */
  listed(pods: readonly Pod[]): Pod[] {
    return pods.filter(
      ({ metadata }) => metadata.deletionTimestamp === undefined && this.#concerns(metadata.name ?? ''),
    )
  }

  /** Takes note of everything that a kubelet has at present. */
  listing(pods: readonly Pod[]): void {
    const listed = this.listed(pods).map((pod) => ({ pod, identity: identityOf(pod) }))
    const before = this.#present
    this.#present = new Map(listed.map(({ identity }) => [identity.uid, identity]))
    for (const [uid, identity] of before) if (!this.#present.has(uid)) this.#state(identity, 'gone')
    for (const { pod, identity } of listed) {
      const line = describeStatus(pod.status ?? {}, (text) => redact(text, identity))
      this.#state(identity, line)
    }
  }

  /** `what` is such as `c 0 started`; a time that is not the clock's may be given. */
  runtime(identity: Pick<PodIdentity, 'name' | 'uid'>, what: string, atMs?: number): void {
    if (this.#concerns(identity.name)) this.#trace.add('runtime', `${this.#prefix(identity)}${what}`, atMs)
  }

  timeline(entry: TimelineEntry): void {
    const { pod, reason, container, message } = entry
    if (pod === undefined || !EVENT_REASONS.has(reason) || !this.#concerns(pod.name)) return
    const about = container === undefined ? '' : ` ${container}`
    const words = PLAIN_REASONS.has(reason) ? '' : `: ${redact(message, pod)}`
    this.#trace.add('events', `${this.#prefix(pod)}${reason}${about}${words}`, Date.parse(entry.time))
  }

  /** Pods of a case are the one that bears its name, and those whose names begin so. */
  #concerns(name: string): boolean {
    return name === `${this.#podName}-node01` || name.startsWith(`${this.#podName}.`)
  }

  #state(identity: PodIdentity, line: string): void {
    const key = `${identity.name}/${identity.uid}`
    // A pod that has gone may be back under the same uid.
    if (this.#last.get(key) === line) return
    this.#last.set(key, line)
    this.#trace.add('states', `${this.#prefix(identity)}${line}`)
  }

  /** Pods of one name are told apart by the order of their appearance. */
  #prefix({ name, uid }: Pick<PodIdentity, 'name' | 'uid'>): string {
    const uids = this.#uids.get(name) ?? []
    if (!uids.includes(uid)) this.#uids.set(name, [...uids, uid])
    const ordinal = ORDINALS[uids.includes(uid) ? uids.indexOf(uid) : uids.length] ?? 'further '
    const suffix = name.slice(this.#podName.length + 1, -'-node01'.length)
    return `${ordinal}${name === `${this.#podName}-node01` ? '' : `${suffix}: `}`
  }
}

function identityOf({ metadata }: Pod): PodIdentity {
  return { name: metadata.name ?? '', namespace: metadata.namespace ?? '', uid: metadata.uid ?? '' }
}

function redact(text: string, { name, namespace, uid }: PodIdentity): string {
  return text
    .replaceAll(`${name}_${namespace}(${uid})`, 'POD')
    .replaceAll(uid, 'UID')
    .replaceAll(name, 'NAME')
    .replaceAll(/\b[0-9a-f]{64}\b/g, 'ID')
    .replaceAll(/\b\d+\.\d+\.\d+\.\d+\b/g, 'IP')
}
