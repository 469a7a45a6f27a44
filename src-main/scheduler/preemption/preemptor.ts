/** Ends the pods that have to give way, in the background (framework/preemption prepareCandidateAsync). */
import type { Logger } from '../../base/logger.ts'
import type { PodInfo } from '../framework/pod-info.ts'
import { hasReason } from '../../kube/status-error.ts'
import type { PodWriter } from '../pod-writer.ts'
import { PREEMPTED } from './compute-preemption.ts'
import type { Candidate } from './select-victims.ts'

export interface PreemptorOptions {
  writer: PodWriter
  logger: Logger
  /** One of the victims was told to end. */
  onPreempted(victim: PodInfo, preemptor: PodInfo, node: string): void
  /** `again`: a request went wrong, or something that may have helped the preemptor was heard meanwhile. */
  onDone(preemptor: PodInfo, again: boolean): void
}

export class Preemptor {
  readonly #options: PreemptorOptions
  /** Those for which requests are under way, and whether something was missed. */
  readonly #working = new Map<string, { missed: boolean }>()

  constructor(options: PreemptorOptions) {
    this.#options = options
  }

  /** While the victims of a pod are being told, it is not tried again. Asking is heard as news for it. */
  holds(uid: string): boolean {
    const work = this.#working.get(uid)
    if (work !== undefined) work.missed = true
    return work !== undefined
  }

  /** @param nominated less important pods for which room was being made on that node: they have to look elsewhere */
  async preempt(preemptor: PodInfo, { node, victims }: Candidate, nominated: readonly PodInfo[]): Promise<void> {
    const { writer, logger, onDone } = this.#options
    const work = { missed: false }
    this.#working.set(preemptor.uid, work)
    const isStaying = ({ pod }: PodInfo): boolean => pod.metadata.deletionTimestamp === undefined
    const requests = await Promise.allSettled([
      ...nominated.map(({ pod }) => writer.changeStatus(pod, { nominatedNodeName: '' })),
      ...victims.filter(isStaying).map((victim) => this.#end(victim, preemptor, node)),
    ])
    this.#working.delete(preemptor.uid)
    const failed = requests.find((request) => request.status === 'rejected')
    if (failed !== undefined)
      logger.error('Error occurred during async preemption', { pod: preemptor.uid, node, err: failed.reason })
    onDone(preemptor, work.missed || failed !== undefined)
  }

  /** One that is gone already needs no more. */
  async #end(victim: PodInfo, preemptor: PodInfo, node: string): Promise<void> {
    const { writer, onPreempted } = this.#options
    const scheduler = preemptor.pod.spec.schedulerName ?? ''
    const message = `${scheduler}: preempting to accommodate a higher priority pod`
    try {
      await writer.changeStatus(victim.pod, { condition: { ...PREEMPTED, message } })
      await writer.delete(victim.pod)
    } catch (error) {
      if (hasReason(error, 'NotFound')) return
      throw error
    }
    onPreempted(victim, preemptor, node)
  }
}
