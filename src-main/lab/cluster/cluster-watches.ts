/** The API servers of all labs that run one, each followed once. */
import { toLabErrorData } from '../../common/lab-error.ts'
import { DisposableStore, type Disposable } from '../../base/disposable.ts'
import type { ClusterChange, ClusterView } from '../../common/lab/cluster-view.ts'
import type { LabStatus } from '../../common/lab/lab-status.ts'
import type { LabContext } from '../lab-context.ts'
import { ClusterWatch } from './cluster-watch.ts'

export class ClusterWatches implements Disposable {
  readonly #context: LabContext
  readonly #onChanged: (change: ClusterChange) => void
  readonly #watches = new Map<string, { endpoint: string; watch: ClusterWatch }>()

  constructor(context: LabContext, onChanged: (change: ClusterChange) => void) {
    this.#context = context
    this.#onChanged = onChanged
  }

  /** Begins and ends watches, as labs have their control planes running. */
  follow(labs: readonly LabStatus[]): void {
    const wanted = new Map(labs.flatMap((lab) => (hasControlPlaneUp(lab) ? [[lab.name, lab] as const] : [])))
    for (const [name, { endpoint, watch }] of this.#watches) {
      if (wanted.get(name)?.apiServer?.endpoint === endpoint) continue
      this.#watches.delete(name)
      void watch.dispose()
    }
    for (const { name, apiServer } of wanted.values())
      if (apiServer !== undefined && !this.#watches.has(name)) this.#begin(name, apiServer)
  }

  view(lab: string): ClusterView | undefined {
    return this.#watches.get(lab)?.watch.view()
  }

  async dispose(): Promise<void> {
    const owned = new DisposableStore()
    for (const { watch } of this.#watches.values()) owned.add(watch)
    this.#watches.clear()
    await owned.dispose()
  }

  /** Its kubeconfig is written while the lab comes up: until then the next look tries again. */
  #begin(lab: string, { endpoint, kubeconfig }: NonNullable<LabStatus['apiServer']>): void {
    const { clock, logger, openCluster } = this.#context
    try {
      const client = openCluster(kubeconfig, clock)
      const watch = new ClusterWatch({ lab, client, clock, logger, onChanged: this.#onChanged })
      this.#watches.set(lab, { endpoint, watch })
    } catch (error) {
      logger.info('the API server cannot be followed yet', { lab, error: toLabErrorData(error).message })
    }
  }
}

function hasControlPlaneUp({ apiServer, nodes }: LabStatus): boolean {
  return apiServer !== undefined && nodes.some(({ name, state }) => name === apiServer.node && state === 'running')
}
