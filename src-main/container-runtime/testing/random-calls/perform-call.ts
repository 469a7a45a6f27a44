/** Carries a planned call out, and holds its answer against the ledger. */
import { aContainerConfig, aPodSandboxConfig } from '../configs.ts'
import { CriError } from '../../cri.ts'
import type { ContainerConfig, CriErrorCode, PodSandboxConfig } from '../../cri.ts'
import type { CallLedger, Making, ObjectKey, Role } from './call-ledger.ts'

import type { PlannedCall, Target } from './call-plan.ts'
import type { RandomCallsWorld } from './random-calls-world.ts'

const NOBODY = 'f'.repeat(64)

/** Errors that a call may be answered with while nothing strikes. All that ends something is idempotent. */
const ALLOWED_ERRORS: Record<PlannedCall['call'], readonly CriErrorCode[]> = {
  runPodSandbox: ['AlreadyExists'],
  createContainer: ['NotFound', 'FailedPrecondition', 'AlreadyExists'],
  startContainer: ['NotFound', 'FailedPrecondition', 'Unknown'],
  stopPodSandbox: [],
  removePodSandbox: [],
  stopContainer: [],
  removeContainer: [],
  podSandboxStatus: ['NotFound'],
  podSandboxStats: ['NotFound'],
  containerStatus: ['NotFound'],
  containerStats: ['NotFound'],
  // The engine has words of its own for a command that begins while its container ends.
  execSync: ['NotFound', 'FailedPrecondition', 'Unknown'],
  updateContainerResources: ['NotFound', 'FailedPrecondition'],
  reopenContainerLog: ['NotFound', 'FailedPrecondition'],
  listPodSandbox: [],
  listContainers: [],
  listContainerStats: [],
  listPodSandboxStats: [],
}

const podUid = (pod: number): string => `${pod + 1}`.padStart(32, '0')

function podConfig(pod: number, attempt: number): PodSandboxConfig {
  return aPodSandboxConfig({ name: `pod${pod + 1}-node01`, uid: podUid(pod), attempt })
}

export class CallPerformer {
  readonly #world: RandomCallsWorld
  readonly #ledger: CallLedger
  #serial = 0
  /** What was asked and answered, one text for each call. */
  readonly log: string[] = []

  constructor(world: RandomCallsWorld, ledger: CallLedger) {
    this.#world = world
    this.#ledger = ledger
  }

  /** @param isInterrupted whether something strikes at the same time that may cut the call off */
  async perform(call: PlannedCall, isInterrupted: boolean): Promise<void> {
    const serial = ++this.#serial
    const role: Role = /podSandbox/i.test(call.call) || call.call === 'createContainer' ? 'sandbox' : 'container'
    const target = 'target' in call ? call.target : undefined
    const id = target === undefined ? '' : this.#resolve(role, target)
    const told = `#${serial} ${describe(call)}${id === '' ? '' : ` ${id.slice(0, 12)}`}`
    const began = performance.now()
    const note = (answer: string): void =>
      void this.log.push(`${told} → ${answer} (${(performance.now() - began).toFixed(0)} ms)`)
    try {
      note(await this.#dispatch(call, id))
      if (target !== undefined && target.of !== 'this node') this.#expectIdempotent(call, id)
    } catch (error) {
      if (!(error instanceof CriError)) throw error
      note(`${error.code}: ${error.message}`)
      this.#judge(call, target, id, error, isInterrupted)
    }
  }

  #resolve(role: Role, target: Target): string {
    switch (target.of) {
      case 'this node':
        return this.#ledger.choose(role, target.pick)?.id ?? NOBODY
      case 'the other kind':
        return this.#ledger.choose(role === 'sandbox' ? 'container' : 'sandbox', target.pick)?.id ?? NOBODY
      case 'another node':
        return this.#world.strangers[target.pick % this.#world.strangers.length] ?? NOBODY
      case 'nobody':
        return NOBODY
    }
  }

  #judge(call: PlannedCall, target: Target | undefined, id: string, error: CriError, isInterrupted: boolean): void {
    const isOutage = error.code === 'Unavailable' || error.code === 'FailedPrecondition' || error.code === 'Unknown'
    // The engine gives up a start that nobody waits for any more.
    if (isInterrupted && call.call === 'startContainer') this.#ledger.disturb(id)
    if (isInterrupted && isOutage) return
    if (error.code === 'NotFound' && target?.of === 'this node') this.#ledger.hearMissing(id)
    if (!ALLOWED_ERRORS[call.call].includes(error.code))
      this.#ledger.lies.push(`${describe(call)} ${id.slice(0, 12)} was answered with ${error.code}: ${error.message}`)
  }

  async #dispatch(call: PlannedCall, id: string): Promise<string> {
    const { runtime } = this.#world
    const askedAt = this.#ledger.tick()
    switch (call.call) {
      case 'runPodSandbox': {
        const key: ObjectKey = { role: 'sandbox', podUid: podUid(call.pod), name: '', attempt: call.attempt }
        const making = this.#ledger.beginMaking(key, '', undefined)
        return this.#make(making, () => runtime.runPodSandbox(podConfig(call.pod, call.attempt)))
      }
      case 'createContainer':
        return this.#createContainer(call, id)
      case 'stopPodSandbox':
      case 'stopContainer':
        if (call.target.of === 'this node') this.#ledger.disturb(id)
        await (call.call === 'stopPodSandbox' ? runtime.stopPodSandbox(id) : runtime.stopContainer(id, 1))
        // A container that was stopped before it ran may still be started; what is in a stopped sandbox may not.
        if (call.call === 'stopPodSandbox' && call.target.of === 'this node') this.#ledger.endStopping(id)
        return 'ok'
      case 'removePodSandbox':
      case 'removeContainer':
        if (call.target.of === 'this node') this.#ledger.beginRemoving(id)
        await runtime[call.call](id)
        if (call.target.of === 'this node') this.#ledger.endRemoving(id, 'the runtime')
        return 'ok'
      case 'containerStatus': {
        const status = await runtime.containerStatus(id)
        this.#ledger.hearStatus(status, askedAt)
        return status.state
      }
      case 'listPodSandbox':
      case 'listContainers': {
        const listed = await runtime[call.call]()
        for (const item of listed) this.#hearListed(item.id, askedAt)
        return `${listed.length} items`
      }
      case 'listContainerStats':
      case 'listPodSandboxStats': {
        const listed: { attributes: { id: string } }[] = await runtime[call.call]()
        for (const { attributes } of listed) this.#hearListed(attributes.id, askedAt)
        return `${listed.length} items`
      }
      case 'startContainer':
      case 'podSandboxStatus':
      case 'podSandboxStats':
      case 'containerStats':
      case 'execSync':
      case 'updateContainerResources':
      case 'reopenContainerLog': {
        await this.#ask(call.call, id)
        this.#ledger.hear(id, askedAt)
        return 'ok'
      }
    }
  }

  async #ask(
    call:
      | 'startContainer'
      | 'podSandboxStatus'
      | 'podSandboxStats'
      | 'containerStats'
      | 'execSync'
      | 'updateContainerResources'
      | 'reopenContainerLog',
    id: string,
  ): Promise<void> {
    const { runtime } = this.#world
    switch (call) {
      case 'execSync':
        await runtime.execSync(id, ['true'], 20)
        return
      case 'updateContainerResources': {
        const unchanged = { cpuPeriod: 0n, cpuQuota: 0n, memoryLimitInBytes: 0n, oomScoreAdj: 0n }
        await runtime.updateContainerResources(id, { ...unchanged, cpuShares: 64n })
        return
      }
      default:
        await runtime[call](id)
    }
  }

  async #make(making: Making, act: () => Promise<string>): Promise<string> {
    try {
      const id = await act()
      this.#ledger.endMaking(making, id)
      return id.slice(0, 12)
    } catch (error) {
      if (error instanceof CriError && error.code === 'Unavailable') this.#ledger.loseMaking(making)
      else this.#ledger.endMaking(making, undefined)
      throw error
    }
  }

  async #createContainer(call: Extract<PlannedCall, { call: 'createContainer' }>, sandboxId: string): Promise<string> {
    const sandbox = call.target.of === 'this node' ? this.#ledger.find(sandboxId) : undefined
    const { name, attempt, behaviour, withVolume } = call
    const pod = Number(sandbox?.podUid ?? 1) - 1
    const config: ContainerConfig = aContainerConfig({
      name,
      attempt,
      ...this.#world.configure(behaviour, withVolume),
    })
    const sandboxConfig = podConfig(pod, sandbox?.attempt ?? 0)
    const act = (): Promise<string> => this.#world.runtime.createContainer(sandboxId, config, sandboxConfig)
    if (sandbox !== undefined) {
      const key: ObjectKey = { role: 'container', podUid: sandbox.podUid, name, attempt }
      return this.#make(this.#ledger.beginMaking(key, sandboxId, behaviour), act)
    }
    return act()
  }

  /** On an id that is nothing here, only what ends something may succeed: there is nothing to end. */
  #expectIdempotent(call: PlannedCall, id: string): void {
    if (!/^(stop|remove)/.test(call.call))
      this.#ledger.lies.push(
        `${describe(call)} was carried out on ${id.slice(0, 12)}, which is no such thing of this node`,
      )
  }

  #hearListed(id: string, askedAt: number): void {
    if (this.#world.strangers.includes(id)) this.#ledger.lies.push(`${id.slice(0, 12)} of another node was listed`)
    this.#ledger.hear(id, askedAt)
  }
}

function describe(call: PlannedCall): string {
  switch (call.call) {
    case 'runPodSandbox':
      return `runPodSandbox pod ${call.pod + 1}#${call.attempt}`
    case 'createContainer': {
      const { name, attempt, behaviour } = call
      const what = behaviour.does === 'exit' ? `exit ${behaviour.code} after ${behaviour.afterMs} ms` : behaviour.does
      return `createContainer ${name}#${attempt} (${what}) in`
    }
    default:
      return call.call
  }
}
