/** Follows the workers: what their kubelets say, what the engine has of their containers, and the agents' files. */
import { DisposableStore, type Disposable } from '../../base/disposable.ts'
import type { Time } from '../../common/api/meta.ts'
import { toLabErrorData } from '../../common/lab-error.ts'
import type { LabStatus, NodeView } from '../../common/lab/lab-status.ts'
import type { TimelineEntry } from '../../common/lab/timeline-entry.ts'
import { AGENT_NAMES } from '../../common/experiments/agent-names.ts'
import { computeClockOffset } from './clock-offset.ts'
import type { NodeFacts } from './compute-side-look.ts'
import type { ExperimentContext } from './experiment-context.ts'
import { peekAgentFile, readAgentFile } from './read-agents.ts'

const { namespace, staticFile } = AGENT_NAMES

export class FollowedNodes implements Disposable {
  readonly #context: ExperimentContext
  readonly #lab: string
  readonly #onChanged: () => void
  readonly #owned = new DisposableStore()
  readonly #views = new Map<string, NodeView>()
  /** By identity: what is told twice is there once. */
  readonly #timeline = new Map<string, TimelineEntry>()
  /** As last read where kubelets were pointed at, by node. */
  readonly #filesOnNodes = new Map<string, { mark: string; content: string }>()
  #status: LabStatus | undefined
  #hasViews = false
  #offsetMs = 0
  #nodes: NodeFacts[] = []

  constructor(context: ExperimentContext, lab: string, onChanged: () => void) {
    this.#context = context
    this.#lab = lab
    this.#onChanged = onChanged
    this.#owned.add(
      context.labManager.subscribe({
        onNodeChanged: (view) => this.#seen(view.lab, () => this.#views.set(view.node, view)),
        onLabChanged: (status) => this.#seen(status.name, () => (this.#status = status)),
        onTimelineAdded: (of, entries) => this.#seen(of, () => this.#keep(entries)),
      }),
    )
  }

  dispose(): Promise<void> {
    return this.#owned.dispose()
  }

  /** As of the last look. */
  get nodes(): readonly NodeFacts[] {
    return this.#nodes
  }

  get workers(): string[] {
    return this.#nodes.map(({ node }) => node)
  }

  /** The time by the nodes' clock, which timelines and events are told in. */
  now(): Time {
    return new Date(this.#context.clock.now() + this.#offsetMs).toISOString()
  }

  timeline(): TimelineEntry[] {
    return [...this.#timeline.values()]
  }

  /** Asks the engine and looks at the files. What cannot be asked now is as it was. */
  async look(): Promise<void> {
    const { labManager, logger } = this.#context
    const status = (this.#status ??= await labManager.labStatus(this.#lab))
    await this.#readViews(status)
    const workers = status.nodes
      .filter(({ role }) => role === 'worker')
      .toSorted((one, other) => (one.name < other.name ? -1 : 1))
    this.#nodes = await Promise.all(
      workers.map(async ({ name: node, state, kubelet, watchesMountedFolder }) => {
        const target = { lab: this.#lab, node }
        const before = this.#nodes.find((one) => one.node === node)
        const containers = await labManager.nodeContainers(target).catch((error: unknown) => {
          logger.info('the engine cannot be asked for containers', { node, error: toLabErrorData(error).message })
          return before?.containers ?? []
        })
        const view = state === 'running' && kubelet === 'running' ? this.#views.get(node) : undefined
        const isElsewhere = view !== undefined && !watchesMountedFolder
        const file = await (isElsewhere ? this.#readOnNode(view) : peekAgentFile(this.#context, target))
        return { node, containers, ...(view !== undefined && { view }), ...(file !== undefined && { file }) }
      }),
    )
  }

  /** Lines that were written while nobody could be asked are on the nodes' disks. */
  async readTimeline(): Promise<void> {
    this.#keep(await this.#context.labManager.timeline(this.#lab))
  }

  /** Where the kubelet was pointed at; its word on the file tells whether there is anything new to be read. */
  async #readOnNode({ node, files }: NodeView): Promise<string | undefined> {
    const verdict = files.find(({ name }) => name === staticFile)
    if (verdict === undefined) return undefined
    const mark = `${verdict.path} ${verdict.modifiedAt} ${verdict.sizeBytes}`
    const known = this.#filesOnNodes.get(node)
    if (known?.mark === mark) return known.content
    const content = await readAgentFile(this.#context, { lab: this.#lab, node }).catch((error: unknown) => {
      this.#context.logger.info('the file of an agent cannot be read', { node, error: toLabErrorData(error).message })
      return known?.content
    })
    if (content !== undefined) this.#filesOnNodes.set(node, { mark, content })
    return content
  }

  /** Once: only changes are told, and somebody else may have been told the present already. */
  async #readViews({ nodes }: LabStatus): Promise<void> {
    if (this.#hasViews) return
    const { clock, labManager } = this.#context
    const askedMs = clock.now()
    const views = await labManager.views(this.#lab)
    const answeredMs = clock.now()
    const told = views.filter(({ node }) => nodes.some(({ name, kubelet }) => name === node && kubelet === 'running'))
    this.#offsetMs = computeClockOffset({ askedMs, answeredMs, told: told.map(({ observedAt }) => observedAt) })
    for (const view of views) if (!this.#views.has(view.node)) this.#views.set(view.node, view)
    this.#hasViews = true
  }

  #seen(lab: string, take: () => void): void {
    if (lab !== this.#lab) return
    take()
    this.#onChanged()
  }

  #keep(entries: readonly TimelineEntry[]): void {
    for (const entry of entries)
      if (entry.pod?.namespace === namespace || entry.file === staticFile)
        this.#timeline.set(`${entry.node}/${entry.boot}/${entry.sequence}`, entry)
  }
}
