/** Every version that pods, nodes and DaemonSets had, in the order in which they were written. */
import { DisposableStore, type Disposable } from '../../src-main/base/disposable.ts'
import { LOOPBACK_CONTEXT } from '../../src-main/apiserver/registry/find-object.ts'
import type { UnknownObject } from '../../src-main/common/api/api-object.ts'
import type { TestCluster } from '../support/cluster/test-cluster.ts'

export type ObservedKind = 'pods' | 'nodes' | 'daemonsets'

export interface Change {
  kind: ObservedKind
  type: 'ADDED' | 'MODIFIED' | 'DELETED'
  revision: number
  atMs: number
  /** Of what the controllers knew: it may be so old. */
  knownSinceMs: number
  object: UnknownObject
}

/** Without trouble a controller knows what was written a moment ago. */
const USUAL_DELAY_MS = 1000
/** After trouble a watch may be away for so long: some attempts to list and to watch fail, each after a longer wait. */
const TROUBLE_DELAY_MS = 90_000

export class ObservedHistory implements Disposable {
  /** Uids of pods, as the next. */
  readonly deletedByPeople = new Set<string>()
  /** By that of DaemonSets. */
  readonly deletedByController: ReadonlySet<string>
  readonly #cluster: TestCluster
  readonly #changes: Change[] = []
  readonly #owned = new DisposableStore()
  #troubleUntilMs = 0

  private constructor(cluster: TestCluster, deletedByController: ReadonlySet<string>) {
    this.#cluster = cluster
    this.deletedByController = deletedByController
  }

  static async of(cluster: TestCluster, deletedByController: ReadonlySet<string>): Promise<ObservedHistory> {
    const observed = new ObservedHistory(cluster, deletedByController)
    await observed.#follow('', 'pods')
    await observed.#follow('', 'nodes')
    await observed.#follow('apps', 'daemonsets')
    return observed
  }

  get changes(): readonly Change[] {
    return this.#changes.toSorted((one, other) => one.revision - other.revision)
  }

  /** The way to the API server is not as usual. */
  noteTrouble(what: 'begins' | 'ends' | 'passes' = 'passes'): void {
    this.#troubleUntilMs = what === 'begins' ? Infinity : this.#cluster.clock.now() + TROUBLE_DELAY_MS
  }

  dispose(): Promise<void> {
    return this.#owned.dispose()
  }

  async #follow(group: string, kind: ObservedKind): Promise<void> {
    const storage = this.#cluster.storage.registry.find(group, kind)
    if (storage === undefined) throw new Error(`${kind} are not served`)
    const list = await storage.list(LOOPBACK_CONTEXT, { namespace: '' })
    const { resourceVersion = '' } = list.metadata
    const { clock } = this.#cluster
    this.#owned.add(
      await storage.watch(
        LOOPBACK_CONTEXT,
        { namespace: '', resourceVersion },
        {
          onEvent: ({ type, object }) => {
            if (type === 'ERROR' || type === 'BOOKMARK') return
            const atMs = clock.now()
            const knownSinceMs = atMs - (atMs < this.#troubleUntilMs ? TROUBLE_DELAY_MS : USUAL_DELAY_MS)
            const revision = Number(object.metadata.resourceVersion)
            this.#changes.push({ kind, type, revision, atMs, knownSinceMs, object })
          },
          onEnd: () => undefined,
        },
      ),
    )
  }
}
