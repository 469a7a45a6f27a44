/** What is worth a notification, from the events that the window gets: a pod that crash-loops, a node that is lost, long work that has ended. */
import { findBackOffs } from '../../common/lab/pod-summary.ts'
import type { AppLink } from '../../common/ipc/app-link.ts'
import type { NodeView, TaskStatus } from '../../common/lab/lab-status.ts'
import type { ClusterChange } from '../../common/lab/cluster-view.ts'
import type { AppEvent } from '../app/app-backend.ts'

export type Notice = {
  /** The same thing has the same key, so that it is not told over and over. */
  key: string
  /** What a click opens. */
  link: AppLink
} & (
  | { kind: 'crash-loop'; pod: string; node: string }
  | { kind: 'node-not-ready'; node: string; lab: string }
  | { kind: 'task-ended'; task: string; subject: string; failure?: string }
)

/** Work that takes no longer than this, nobody has walked away from. */
const LONG_TASK_MS = 10_000

/** Remembers what was so before: only what becomes different is a notice, and nothing of what is found at the start. */
export class NoticeWatch {
  /** `lab/node` → pods that are backing off there. */
  readonly #crashing = new Map<string, ReadonlySet<string>>()
  /** `lab/node` of nodes that were ready when last heard of. */
  readonly #ready = new Set<string>()
  readonly #endedTasks = new Set<string>()

  observe(event: AppEvent, nowMs: number): Notice[] {
    switch (event.name) {
      case 'node/changed':
        return this.#observeNode(event.payload)
      case 'cluster/changed':
        return this.#observeCluster(event.payload)
      case 'task/changed':
        return this.#observeTask(event.payload, nowMs)
      case 'lab/gone':
        this.#forgetLab(event.payload.lab)
        return []
      default:
        return []
    }
  }

  #observeNode({ lab, node, pods }: NodeView): Notice[] {
    const before = this.#crashing.get(`${lab}/${node}`)
    const crashing = pods.filter((pod) => findBackOffs(pod).length > 0)
    const names = crashing.map(({ metadata }) => `${metadata.namespace ?? ''}/${metadata.name ?? ''}`)
    this.#crashing.set(`${lab}/${node}`, new Set(names))
    if (before === undefined) return []
    return crashing
      .filter((_pod, index) => !before.has(names[index] ?? ''))
      .map(({ metadata: { namespace = 'default', name = '' } }) => ({
        kind: 'crash-loop',
        key: `crash-loop ${lab}/${node}/${namespace}/${name}`,
        link: { page: 'pod', lab, namespace, pod: name },
        pod: name,
        node,
      }))
  }

  #observeCluster({ lab, nodes, goneNodes }: ClusterChange): Notice[] {
    for (const name of goneNodes) this.#ready.delete(`${lab}/${name}`)
    return nodes.flatMap(({ name, ready }): Notice[] => {
      const id = `${lab}/${name}`
      if (ready === 'True') this.#ready.add(id)
      else if (this.#ready.delete(id))
        return [{ kind: 'node-not-ready', key: `node ${id}`, link: { page: 'node', lab, node: name }, node: name, lab }]
      return []
    })
  }

  #observeTask({ id, name, subject, state, startedAt, error }: TaskStatus, nowMs: number): Notice[] {
    if (state === 'running' || this.#endedTasks.has(id)) return []
    this.#endedTasks.add(id)
    if (nowMs - Date.parse(startedAt) < LONG_TASK_MS) return []
    const [lab = subject] = subject.split('/')
    return [
      {
        kind: 'task-ended',
        key: `task ${id}`,
        link: { page: 'lab', lab },
        task: name,
        subject,
        ...(state === 'failed' && { failure: error ?? '' }),
      },
    ]
  }

  #forgetLab(lab: string): void {
    for (const key of [...this.#crashing.keys()]) if (key.startsWith(`${lab}/`)) this.#crashing.delete(key)
    for (const key of [...this.#ready]) if (key.startsWith(`${lab}/`)) this.#ready.delete(key)
  }
}

const SAME_AGAIN_MS = 10 * 60_000
const WINDOW_MS = 60_000
const MOST_IN_WINDOW = 4

/** At most one of a kind in ten minutes, and four of all kinds in a minute: two hundred nodes can be lost at once. */
export class NoticeLimit {
  readonly #toldMs = new Map<string, number>()

  /** Whether it may be told now; if so it counts as told. */
  admit(key: string, nowMs: number): boolean {
    for (const [told, atMs] of [...this.#toldMs]) if (nowMs - atMs >= SAME_AGAIN_MS) this.#toldMs.delete(told)
    const recent = [...this.#toldMs.values()].filter((atMs) => nowMs - atMs < WINDOW_MS).length
    if (this.#toldMs.has(key) || recent >= MOST_IN_WINDOW) return false
    this.#toldMs.set(key, nowMs)
    return true
  }
}
