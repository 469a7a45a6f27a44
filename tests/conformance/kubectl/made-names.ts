/** Names that controllers make up here, and those that they made up for the same objects where it was recorded. */
import { systemClock } from '../../../src-main/base/clock.ts'
import { DisposableStore, type Disposable } from '../../../src-main/base/disposable.ts'
import { silentLogger } from '../../../src-main/base/logger.ts'
import type { ApiObject } from '../../../src-main/common/api/api-object.ts'
import type { ControllerRevision } from '../../../src-main/common/api/controller-revision.ts'
import type { Pod } from '../../../src-main/common/api/core.ts'
import { Informer } from '../../../src-main/kube/informer.ts'
import { CONTROLLER_REVISIONS, PODS } from '../../../src-main/kube/resources.ts'
import type { ControlPlaneLab } from '../../support/control-plane-lab.ts'
import type { Outcome } from './normalize.ts'

const PODS_OF = [
  { recorded: 'd1-56vxv', app: 'd1', node: 'node02' },
  { recorded: 'd1-jd59k', app: 'd1', node: 'node01' },
  { recorded: 'd2-nr4ts', app: 'd2', node: 'node02' },
]
const HASHES_OF_D1: Readonly<Record<number, string>> = { 1: '77f6685d94', 2: '697d799b96' }
/** Letters and digits that make no words. */
const MADE = '[bcdfghjklmnpqrstvwxz2456789]'
const OTHERS: readonly (readonly [RegExp, string])[] = [
  [new RegExp(`\\b(site|web)-${MADE}{6,10}-${MADE}{5}\\b`, 'g'), '$1-HASH-POD'],
  [new RegExp(`\\b(site|web)-${MADE}{6,10}\\b`, 'g'), '$1-HASH'],
  [new RegExp(`(pod-template-hash=)${MADE}{6,10}\\b`, 'g'), '$1HASH'],
]

export class MadeNames implements Disposable {
  readonly #owned = new DisposableStore()
  /** Recorded names by the real ones, of whatever there ever was. */
  readonly #recorded = new Map<string, string>()
  readonly #pods: Informer<Pod & ApiObject>

  constructor(lab: ControlPlaneLab, namespace: string) {
    const client = this.#owned.add(lab.client())
    const shared = { client, clock: systemClock(), logger: silentLogger, random: Math.random, selection: { namespace } }
    this.#pods = this.#owned.add(new Informer<Pod & ApiObject>({ ...shared, resource: PODS }))
    const revisions = this.#owned.add(new Informer<ControllerRevision>({ ...shared, resource: CONTROLLER_REVISIONS }))
    const onPod = (pod: Pod): void => {
      const recorded = recordedNameOf(pod)
      if (recorded !== undefined) this.#recorded.set(pod.metadata.name ?? '', recorded)
    }
    this.#owned.add(this.#pods.follow({ onAdd: onPod, onUpdate: onPod }))
    this.#owned.add(revisions.follow({ onAdd: (revision) => this.#onRevision(revision) }))
    this.#pods.start()
    revisions.start()
  }

  /** What somebody types, with the names of the pods that are there now. */
  real(text: string): string {
    return PODS_OF.reduce(
      (typed, { recorded }) => typed.replaceAll(recorded, this.#present(recorded) ?? recorded),
      text,
    )
  }

  recorded(outcome: Outcome): Outcome {
    const rename = (text: string): string => {
      const known = [...this.#recorded].reduce((all, [real, recorded]) => all.replaceAll(real, recorded), text)
      return OTHERS.reduce((all, [pattern, word]) => all.replace(pattern, word), known)
    }
    return { ...outcome, stdout: rename(outcome.stdout), stderr: rename(outcome.stderr) }
  }

  dispose(): Promise<void> {
    return this.#owned.dispose()
  }

  /** The youngest of that DaemonSet there; one that ends is only taken where there is no other. */
  #present(recorded: string): string | undefined {
    const age = ({ metadata }: Pod): string =>
      `${metadata.deletionTimestamp === undefined ? 1 : 0} ${metadata.creationTimestamp ?? ''}`
    const own = this.#pods.list().filter((pod) => recordedNameOf(pod) === recorded)
    return own.toSorted((one, other) => age(one).localeCompare(age(other))).at(-1)?.metadata.name
  }

  #onRevision({ metadata, revision }: ControllerRevision): void {
    const hash = metadata.labels?.['controller-revision-hash']
    const recorded = HASHES_OF_D1[revision]
    if (hash !== undefined && recorded !== undefined && metadata.labels?.['app'] === 'd1')
      this.#recorded.set(hash, recorded)
  }
}

function recordedNameOf({ metadata, spec }: Pod): string | undefined {
  return PODS_OF.find(({ app, node }) => metadata.labels?.['app'] === app && spec.nodeName === node)?.recorded
}
