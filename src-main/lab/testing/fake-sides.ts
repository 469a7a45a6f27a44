/** What there is to see of agents that always run: for tests of experiments on a lab without kubelets. */
import { setImmediate } from 'node:timers/promises'
import type { Time } from '../../common/api/meta.ts'
import type { SideName } from '../../common/experiments/experiment.ts'
import type { EventLook, PodLook, SideLook, TimelineLook } from '../../common/experiments/side-record.ts'
import type { Sides } from '../experiments/sides-watch.ts'

const A_TIME = '2026-01-01T00:00:00.000Z'

export class FakeSides implements Sides {
  readonly #workers: readonly string[]

  constructor(workers: readonly string[]) {
    this.#workers = workers
  }

  look(side: SideName): SideLook {
    const definition = {
      ...{ kind: 'definition' as const, time: A_TIME, where: '', present: true, image: '', resourceVersion: '' },
      ...{ what: 'file' as const, generation: 0, desired: this.#workers.length, revisions: 0 },
    }
    const pods = this.#workers.map((node) => aPod(`agent-${side}-${node}`, node))
    return { time: A_TIME, apiServer: 'ready', definition, pods }
  }

  history(): { events: EventLook[]; timeline: TimelineLook[] } {
    return { events: [], timeline: [] }
  }

  now(): Time {
    return A_TIME
  }

  workers(): string[] {
    return [...this.#workers]
  }

  async changed(signal: AbortSignal): Promise<void> {
    await setImmediate()
    signal.throwIfAborted()
  }

  settle(): Promise<void> {
    return Promise.resolve()
  }

  dispose(): void {
    // It follows nothing.
  }
}

function aPod(name: string, node: string): PodLook {
  return {
    ...{ kind: 'pod', time: A_TIME, name, namespace: 'compare', node, uid: name, phase: 'Running', status: 'Running' },
    ...{ ready: true, running: true, restarts: 0, containerId: '', image: '', edition: '', inKubelet: true },
    ...{ inApi: true, mirror: false, apiUid: name, resourceVersion: '1', owner: '', madeBy: '', deleting: false },
  }
}
