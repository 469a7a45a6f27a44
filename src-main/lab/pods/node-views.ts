/** What the kubelets of a lab say: pods, verdicts, timelines. */
import { isLabError, LabError } from '../../common/lab-error.ts'
import type { NodeTarget } from '../../common/ipc/calls.ts'
import type { Pod } from '../../common/api/core.ts'
import type { LabSpec } from '../../common/lab/lab-spec.ts'
import type { NodeView } from '../../common/lab/lab-status.ts'
import type { TimelineEntry } from '../../common/lab/timeline-entry.ts'
import type { Engine } from '../engine/engine.ts'
import { requireLab, requireNode, type LabContext } from '../lab-context.ts'
import { absenceOf, readUnreadView } from '../manifests/unread-files.ts'
import type { NodeChannel } from '../nodes/channel-client/node-channel.ts'
import { kubeletAway } from '../status/read-lab-status.ts'
import { withTimeLimit } from '../status/time-limit.ts'
import { readKeptTimelines } from './kept-timelines.ts'
import { findRunningNode, listRunningNodes } from './running-nodes.ts'

const ANSWER_MS = 15_000

export interface TimelineFilter {
  node?: string
  /** `name` or `namespace/name`. */
  pod?: string
}

export class NodeViews {
  readonly #context: LabContext

  constructor(context: LabContext) {
    this.#context = context
  }

  /** Of one node, or of all that run. @throws Conflict when the node, or every node, cannot be asked */
  async pods(lab: string, node?: string): Promise<Pod[]> {
    return (await this.#ask(lab, node, (channel) => channel.view())).flatMap(({ answer }) => answer.pods)
  }

  /** Of all nodes; one whose kubelet cannot be asked has its files unread, and no pods. */
  async views(lab: string): Promise<NodeView[]> {
    const spec = await requireLab(this.#context, lab)
    const engine = await this.#context.engines.connect()
    const running = await listRunningNodes(engine, spec)
    return Promise.all(spec.nodes.map(({ name }) => this.#view(engine, { lab, node: name }, running.includes(name))))
  }

  async #view(engine: Engine, target: NodeTarget, isRunning: boolean): Promise<NodeView> {
    const context = this.#context
    const { lab, node } = target
    if (!isRunning) return readUnreadView(context, target, 'stopped')
    try {
      const reply = context.channels.get(engine, lab, node).view()
      const view = await withTimeLimit(context.clock, ANSWER_MS, `the kubelet of ${node}`, reply)
      const { files, pods, observedAt } = view
      return { lab, node, files, pods, observedAt }
    } catch (error) {
      if (!isLabError(error) || error.kind === 'NoEngine') throw error
      context.logger.info(kubeletAway(target, error).message, { lab })
      return readUnreadView(context, target, absenceOf(error))
    }
  }

  /** Oldest first, over all nodes, also those that are off: theirs is on their disks. */
  async timeline(lab: string, filter: TimelineFilter = {}): Promise<TimelineEntry[]> {
    const spec = await requireLab(this.#context, lab)
    if (filter.node !== undefined) await requireNode(this.#context, { lab, node: filter.node })
    const engine = await this.#context.engines.connect()
    const running = await listRunningNodes(engine, spec)
    const wanted = filter.node === undefined ? spec.nodes.map(({ name }) => name) : [filter.node]
    const [answers, kept] = await Promise.all([
      this.#askForTimelines(engine, spec, filter.node, running),
      this.#keptTimelines(
        engine,
        lab,
        wanted.filter((node) => !running.includes(node)),
      ),
    ])
    const entries = [...answers, ...kept].filter((entry) => concerns(entry, filter.pod))
    return entries.toSorted((one, other) => one.time.localeCompare(other.time))
  }

  /** One node that runs has to answer; of several, those that do. */
  async #askForTimelines(
    engine: Engine,
    spec: LabSpec,
    node: string | undefined,
    running: readonly string[],
  ): Promise<TimelineEntry[]> {
    if (node === undefined) {
      const answers = await this.#askNodes(engine, spec, running, (channel) => channel.timeline())
      return answers.flatMap(({ answer }) => answer)
    }
    return running.includes(node) ? this.#askNode(spec.name, node, (channel) => channel.timeline()) : []
  }

  async #keptTimelines(engine: Engine, lab: string, nodes: readonly string[]): Promise<TimelineEntry[]> {
    const { clock, logger, store } = this.#context
    try {
      const reading = readKeptTimelines(engine, { home: store.layout.home, lab, nodes })
      return await withTimeLimit(clock, ANSWER_MS, 'the disk of a node that is off', reading)
    } catch (error) {
      if (!isLabError(error) || error.kind === 'NoEngine') throw error
      logger.warn(`the timelines of ${nodes.join(', ')} cannot be read: ${error.message}`, { lab })
      return []
    }
  }

  async followTimeline(
    lab: string,
    {
      node,
      pod,
      onEntries,
      signal,
    }: TimelineFilter & { onEntries(entries: TimelineEntry[]): void; signal: AbortSignal },
  ): Promise<void> {
    const spec = await requireLab(this.#context, lab)
    if (node !== undefined) await requireNode(this.#context, { lab, node })
    const engine = await this.#context.engines.connect()
    const nodes = node === undefined ? spec.nodes.map(({ name }) => name) : [node]
    const watches = nodes.map((name) =>
      this.#context.channels.get(engine, lab, name).watchTimeline(undefined, (entries) => {
        const wanted = entries.filter((entry) => concerns(entry, pod))
        if (wanted.length > 0 && !signal.aborted) onEntries(wanted)
      }),
    )
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve()
      else signal.addEventListener('abort', () => resolve(), { once: true })
    })
    for (const watch of watches) await watch.dispose()
  }

  async #ask<T>(
    lab: string,
    node: string | undefined,
    question: (channel: NodeChannel) => Promise<T>,
  ): Promise<{ node: string; answer: T }[]> {
    if (node !== undefined) return [{ node, answer: await this.#askNode(lab, node, question) }]
    const spec = await requireLab(this.#context, lab)
    const engine = await this.#context.engines.connect()
    const running = await listRunningNodes(engine, spec)
    if (running.length === 0) {
      throw new LabError({
        kind: 'Conflict',
        message: `no node of the lab "${lab}" runs`,
        remedy: `Start it with: node-lab up --lab ${lab}`,
      })
    }
    return this.#askNodes(engine, spec, running, question)
  }

  async #askNode<T>(lab: string, node: string, question: (channel: NodeChannel) => Promise<T>): Promise<T> {
    await requireNode(this.#context, { lab, node })
    const engine = await this.#context.engines.connect()
    const channel = await findRunningNode(this.#context, engine, { lab, node })
    try {
      return await withTimeLimit(this.#context.clock, ANSWER_MS, `the kubelet of ${node}`, question(channel))
    } catch (error) {
      throw isLabError(error) && error.kind !== 'NoEngine' ? kubeletAway({ lab, node }, error) : error
    }
  }

  /** Those that answer; a kubelet that does not is warned of. */
  async #askNodes<T>(
    engine: Engine,
    spec: LabSpec,
    nodes: readonly string[],
    question: (channel: NodeChannel) => Promise<T>,
  ): Promise<{ node: string; answer: T }[]> {
    const answers = nodes.map(async (node) => {
      try {
        const reply = question(this.#context.channels.get(engine, spec.name, node))
        return [{ node, answer: await withTimeLimit(this.#context.clock, ANSWER_MS, `the kubelet of ${node}`, reply) }]
      } catch (error) {
        if (!isLabError(error) || error.kind === 'NoEngine') throw error
        this.#context.logger.warn(kubeletAway({ lab: spec.name, node }, error).message, { lab: spec.name })
        return []
      }
    })
    return (await Promise.all(answers)).flat()
  }
}

function concerns(entry: TimelineEntry, pod: string | undefined): boolean {
  if (pod === undefined) return true
  return entry.pod?.name === pod || (entry.pod !== undefined && `${entry.pod.namespace}/${entry.pod.name}` === pod)
}
