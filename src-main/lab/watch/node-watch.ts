/** What one running node says over its private channel, handed on for as long as it runs. */
import type { Disposable } from '../../base/disposable.ts'
import type { KubeletInfo, NodeView } from '../../common/lab/lab-status.ts'
import type { TimelineEntry } from '../../common/lab/timeline-entry.ts'
import type { Engine } from '../engine/engine.ts'
import type { NodeChannel } from '../nodes/channel-client/node-channel.ts'

export interface NodeWatchEvents {
  onNodeChanged(view: NodeView): void
  onTimelineAdded(lab: string, entries: TimelineEntry[]): void
}

export class NodeWatch implements Disposable {
  readonly lab: string
  readonly node: string
  readonly engine: Engine
  readonly #subscriptions: Disposable[]
  #kubelet = ''
  #lastView: NodeView | undefined

  /** `onStatusChanged`: the connection, or what the kubelet says of itself, is not as it was. */
  constructor(
    target: { lab: string; node: string },
    engine: Engine,
    channel: NodeChannel,
    events: NodeWatchEvents,
    onStatusChanged: () => void,
  ) {
    const { lab, node } = target
    this.lab = lab
    this.node = node
    this.engine = engine
    let state = channel.state.state
    this.#subscriptions = [
      channel.onDidChangeState((now) => {
        // Attempts that fail in the same way are no news.
        if (now.state !== state && now.state !== 'connecting') onStatusChanged()
        state = now.state
      }),
      channel.watchView(({ kubelet, files, pods, observedAt }) => {
        this.#lastView = { lab, node, files, pods, observedAt }
        events.onNodeChanged(this.#lastView)
        if (this.#isNews(kubelet)) onStatusChanged()
      }),
      channel.watchTimeline(undefined, (entries) => events.onTimelineAdded(lab, entries)),
    ]
  }

  /** What the kubelet told last: another object with every word of its. */
  get lastView(): NodeView | undefined {
    return this.#lastView
  }

  dispose(): void {
    for (const subscription of this.#subscriptions.splice(0).toReversed()) void subscription.dispose()
  }

  #isNews(kubelet: KubeletInfo): boolean {
    const text = JSON.stringify(kubelet)
    const isNews = text !== this.#kubelet
    this.#kubelet = text
    return isNews
  }
}
