/** Random calls on the simulated runtime. It is its own truth: what it lists must agree with itself and with the ledger. */
import { delay } from '../../../base/clock.ts'
import { FakeClock } from '../../../base/testing/fake-clock.ts'
import type { ContainerConfig } from '../../cri.ts'
import type { ContainerBehaviour } from '../../simulated/behaviour.ts'
import { SimulatedRuntime } from '../../simulated/simulated-runtime.ts'
import type { Behaviour, Disaster } from './call-plan.ts'
import { TERM_EXIT_CODE } from './call-plan.ts'
import type { RandomCallsWorld, TrueObject } from './random-calls-world.ts'

const STEP_MS = 50
const IMAGE = 'busybox:1.36'

function toSimulated(behaviour: Behaviour): ContainerBehaviour {
  switch (behaviour.does) {
    case 'run':
      return { onTerm: { exitCode: TERM_EXIT_CODE, afterMs: 0 } }
    case 'ignore SIGTERM':
      return { onTerm: 'ignore' }
    case 'fail to start':
      return { startError: 'no such file' }
    case 'exit':
      return { exitAfterMs: behaviour.afterMs, exitCode: behaviour.code, onTerm: 'ignore' }
  }
}

export class SimulatedWorld implements RandomCallsWorld {
  readonly strangers = ['e'.repeat(64)]
  readonly runtime: SimulatedRuntime
  readonly #clock = new FakeClock()

  constructor() {
    this.runtime = new SimulatedRuntime({
      clock: this.#clock,
      images: [{ reference: IMAGE, present: true }],
      behaviour: ({ args }) => toSimulated(JSON.parse(args[0] ?? '{}') as Behaviour),
    })
  }

  configure(behaviour: Behaviour): Partial<ContainerConfig> {
    return { image: { image: IMAGE }, args: [JSON.stringify(behaviour)] }
  }

  async readTruth(): Promise<TrueObject[]> {
    const [sandboxes, containers] = await Promise.all([this.runtime.listPodSandbox(), this.runtime.listContainers()])
    const uidOf = new Map(sandboxes.map(({ id, metadata }) => [id, metadata.uid]))
    return [
      ...sandboxes.map(({ id, metadata, state }) => ({
        ...{ role: 'sandbox' as const, id, podUid: metadata.uid, name: '', attempt: metadata.attempt, sandboxId: '' },
        state: state === 'SANDBOX_READY' ? ('running' as const) : ('exited' as const),
      })),
      ...(await Promise.all(
        containers.map(async ({ id, metadata, podSandboxId }) => {
          const { startedAt, finishedAt } = await this.runtime.containerStatus(id)
          const key = { role: 'container' as const, podUid: uidOf.get(podSandboxId) ?? '', ...metadata }
          const state = finishedAt > 0n ? 'exited' : startedAt > 0n ? 'running' : 'created'
          return { ...key, id, sandboxId: podSandboxId, state } as const
        }),
      )),
    ]
  }

  async findDamage(): Promise<string[]> {
    const { sandboxes, containers } = this.runtime.population
    const listed = (await this.readTruth()).length
    return listed === sandboxes + containers ? [] : [`${sandboxes + containers} things exist and ${listed} are listed`]
  }

  interrupts(kind: Disaster['kind']): boolean {
    return kind === 'kill the service'
  }

  async strike(kind: Disaster['kind'], victimId = ''): Promise<void> {
    const exists = (await this.readTruth()).some(({ id }) => id === victimId)
    switch (kind) {
      case 'kill the service':
        this.runtime.setUnavailable(true)
        await delay(this.#clock, STEP_MS)
        this.runtime.setUnavailable(false)
        return
      case 'kill a container':
        if (exists) this.runtime.exitContainer(victimId)
        return
      case 'kill a sandbox':
        if (exists) this.runtime.killSandbox(victimId)
        return
      case 'remove a container':
      case 'remove a sandbox':
        this.runtime.vanish(victimId)
        return
      case 'restart the node':
        for (const { id, role, state } of await this.readTruth())
          if (state === 'created') this.runtime.vanish(id)
          else if (role === 'sandbox') this.runtime.killSandbox(id)
    }
  }

  recover(): Promise<void> {
    return Promise.resolve()
  }

  async during<T>(work: Promise<T>): Promise<T> {
    let isSettled = false
    const settled = work.finally(() => (isSettled = true))
    settled.catch(() => undefined)
    while (!isSettled) await this.#clock.advance(STEP_MS)
    return settled
  }

  sleep(ms: number): Promise<void> {
    return delay(this.#clock, ms)
  }
}
