/** Private channels to the nodes of a fake engine: a kubelet answers while its node and its runtime service run. */
import { toDisposable } from '../../base/disposable.ts'
import type { FileVerdict } from '../../common/lab/file-verdict.ts'
import type { KubeletInfo } from '../../common/lab/lab-status.ts'
import { LabError } from '../../common/lab-error.ts'
import { MANIFESTS_PATH, type ChannelView } from '../../common/node-channel.ts'
import type { NodeChannel } from '../nodes/channel-client/node-channel.ts'
import type { OpenChannel } from '../nodes/channel-pool.ts'
import type { FakeEngine } from './fake-engine.ts'

export class FakeChannels {
  /** Channels that were opened and not disposed, by container. */
  readonly open = new Map<string, number>()
  /** Node containers whose kubelet does not run. */
  readonly stoppedKubelets = new Set<string>()
  /** Node containers whose kubelet runs, and answers with an error. */
  readonly silentKubelets = new Set<string>()
  /** What a kubelet says of itself, where it is not as every node's at the beginning. */
  readonly info = new Map<string, Partial<KubeletInfo>>()
  /** Manifests in folders that kubelets were pointed at on their nodes, by container and name. */
  readonly remoteManifests = new Map<string, Map<string, string>>()
  readonly #engine: FakeEngine
  readonly #listeners = new Map<string, Set<() => void>>()

  constructor(engine: FakeEngine) {
    this.#engine = engine
  }

  /** As when the connection breaks or comes back: subscribers of the channel's state hear of it. */
  announce(container: string): void {
    for (const listener of this.#listeners.get(container) ?? []) listener()
  }

  readonly opener: OpenChannel = (_engine, container) => {
    this.open.set(container, (this.open.get(container) ?? 0) + 1)
    const dispose = toDisposable(() => void this.open.set(container, (this.open.get(container) ?? 0) - 1))
    const view = async (): Promise<ChannelView> => {
      const kubelet = this.#kubelet(container)
      const files = [...remote()].map(([name, content]) => verdictOn(`${kubelet.staticPodPath}/${name}`, name, content))
      return { kubelet, files, pods: [], observedAt: '2026-01-01T00:00:00Z' }
    }
    const remote = (): Map<string, string> => {
      const files = this.remoteManifests.get(container) ?? new Map<string, string>()
      this.remoteManifests.set(container, files)
      return files
    }
    const channel: Omit<NodeChannel, 'logs'> & Partial<Pick<NodeChannel, 'logs'>> = {
      state: { state: 'open' },
      onDidChangeState: (listener) => {
        const listeners = this.#listeners.get(container) ?? new Set()
        this.#listeners.set(container, listeners)
        const tell = (): void => {
          const isStopped = this.stoppedKubelets.has(container)
          listener(isStopped ? { state: 'unreachable', reason: 'KubeletStopped', message: '' } : { state: 'open' })
        }
        listeners.add(tell)
        return toDisposable(() => void listeners.delete(tell))
      },
      kubelet: async () => this.#kubelet(container),
      view,
      watchView: (onView) => {
        // A node that is down has nothing to say; the first word comes with its next start.
        void view().then(onView, () => undefined)
        return toDisposable(() => undefined)
      },
      timeline: () => Promise.resolve([]),
      watchTimeline: () => toDisposable(() => undefined),
      listManifests: () => Promise.resolve({ path: '/elsewhere', names: [...remote().keys()] }),
      readManifest: async (name) => {
        const content = remote().get(name)
        if (content === undefined) throw new LabError({ kind: 'NotFound', message: `${name} does not exist` })
        return Buffer.from(content)
      },
      writeManifest: async (name, content) => void remote().set(name, content.toString()),
      removeManifest: async (name) => void remote().delete(name),
      dispose: () => dispose.dispose(),
    }
    // The tests read no logs.
    return channel as NodeChannel
  }

  #kubelet(container: string): KubeletInfo {
    const isRunning = (name: string): boolean => this.#engine.containerNamed(name)?.state === 'running'
    if (!isRunning(container) || this.stoppedKubelets.has(container)) {
      const reason = isRunning(container) ? 'KubeletStopped' : 'NodeStopped'
      throw new LabError({
        kind: 'Unavailable',
        message: `the kubelet of ${container} does not run`,
        details: { reason },
      })
    }
    if (this.silentKubelets.has(container)) {
      throw new LabError({ kind: 'Unavailable', message: `the kubelet of ${container} does not answer` })
    }
    return {
      nodeName: container.split('.').at(-1) ?? '',
      version: 'v1.35.0',
      boot: 'boot',
      startedAt: '2026-01-01T00:00:00Z',
      pid: 20,
      arguments: ['kubelet'],
      staticPodPath: MANIFESTS_PATH,
      staticPodPathSource: 'config',
      runtimeReady: isRunning(`${container}.runtime`),
      ...this.info.get(container),
    }
  }
}

function verdictOn(path: string, name: string, content: string): FileVerdict {
  const at = '2026-01-01T00:00:00Z'
  return {
    ...{
      name,
      path,
      state: 'accepted',
      reason: 'Pod',
      message: '',
      explanation: '',
      warnings: [],
      sizeBytes: content.length,
    },
    ...{ modifiedAt: at, observedAt: at },
  }
}
