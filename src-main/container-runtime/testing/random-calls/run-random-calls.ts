/** Runs planned steps on a world and says what was untrue, with all that is needed to see it again. */
import type { CriContainer, PodSandbox } from '../../cri.ts'
import { CallLedger, printKey } from './call-ledger.ts'
import type { Disaster, PlannedStep } from './call-plan.ts'
import { CallPerformer } from './perform-call.ts'
import type { RandomCallsWorld, TrueObject } from './random-calls-world.ts'

/** The truth is looked at after every disaster, and after so many steps without one. */
const STEPS_BETWEEN_CHECKS = 20
/** Events, logs and removals that somebody else began take their time. */
const SETTLE_MS = 20_000
const RETRY_MS = 100
const CALLS_TOLD = 40

const STATES = {
  created: 'CONTAINER_CREATED',
  running: 'CONTAINER_RUNNING',
  exited: 'CONTAINER_EXITED',
} as const satisfies Record<TrueObject['state'], string>

class Run {
  readonly #world: RandomCallsWorld
  readonly #ledger = new CallLedger()
  readonly #performer: CallPerformer

  constructor(world: RandomCallsWorld) {
    this.#world = world
    this.#performer = new CallPerformer(world, this.#ledger)
  }

  get log(): string[] {
    return this.#performer.log
  }

  async all(steps: readonly PlannedStep[]): Promise<void> {
    for (const [index, step] of steps.entries()) {
      await this.#step(step)
      this.#throwIfUntrue(this.#ledger.lies)
      if (step.disaster !== undefined || index % STEPS_BETWEEN_CHECKS === 0) await this.#check()
    }
    await this.#check()
    await this.#removeAll()
  }

  async #step({ calls, twice, disaster }: PlannedStep): Promise<void> {
    const isInterrupted = disaster !== undefined && this.#world.interrupts(disaster.kind)
    const all = twice ? [...calls, ...calls.slice(0, 1)] : calls
    const work = Promise.all([
      ...all.map((call) => this.#performer.perform(call, isInterrupted)),
      ...(disaster === undefined ? [] : [this.#strike(disaster)]),
    ])
    await this.#world.during(work)
    if (disaster === undefined) return
    await this.#world.recover()
    if (disaster.kind === 'restart the node') this.#ledger.endPowerCut()
  }

  async #strike({ kind, pick, afterMs }: Disaster): Promise<void> {
    await this.#world.sleep(afterMs)
    const role = kind.endsWith('sandbox') ? 'sandbox' : 'container'
    const victim = kind.endsWith(role) ? this.#ledger.choose(role, pick)?.id : undefined
    if (victim === undefined && kind.endsWith(role)) return
    this.log.push(`-- ${kind}${victim === undefined ? '' : ` ${victim.slice(0, 12)}`}`)
    if (kind === 'restart the node') this.#ledger.beginPowerCut()
    if (victim !== undefined && kind.startsWith('remove')) this.#ledger.beginRemoving(victim)
    if (victim !== undefined) this.#ledger.disturb(victim)
    await this.#world.strike(kind, victim)
    if (victim !== undefined && kind.startsWith('remove')) this.#ledger.endRemoving(victim, 'somebody else')
  }

  /** What is told and what is there agree, at the latest after a while; what is shown to be a lie stays one. */
  async #check(): Promise<void> {
    let problems: string[] = []
    for (let waitedMs = 0; waitedMs <= SETTLE_MS; waitedMs += RETRY_MS) {
      problems = await this.#world.during(this.#findUntruths())
      if (problems.length === 0 || this.#ledger.lies.length > 0) break
      await this.#world.during(this.#world.sleep(RETRY_MS))
    }
    this.#throwIfUntrue([...this.#ledger.lies, ...problems])
  }

  async #findUntruths(): Promise<string[]> {
    const { runtime } = this.#world
    const askedAt = this.#ledger.tick()
    const truth = await this.#world.readTruth()
    const [sandboxes, containers] = await Promise.all([runtime.listPodSandbox(), runtime.listContainers()])
    for (const object of truth)
      if (this.#ledger.find(object.id) === undefined) this.#ledger.discover(object, object.id, object.sandboxId)
    for (const { id } of containers) {
      const status = await runtime.containerStatus(id).catch(() => undefined)
      if (status !== undefined) this.#ledger.hearStatus(status, askedAt)
    }
    return [
      ...this.#findWrongNumbers(truth),
      ...findWrongLists(truth, sandboxes, containers),
      ...(await this.#world.findDamage()),
    ]
  }

  #findWrongNumbers(truth: readonly TrueObject[]): string[] {
    const problems: string[] = []
    const ids = new Set(truth.map(({ id }) => id))
    for (const object of this.#ledger.all) {
      const name = `${printKey(object)} ${object.id.slice(0, 12)}`
      if (ids.has(object.id) && this.#ledger.mustGo(object)) problems.push(`${name} was removed and exists`)
      if (!ids.has(object.id) && !this.#ledger.mayBeGone(object)) problems.push(`${name} was made and does not exist`)
    }
    const keys = new Set<string>()
    for (const object of truth) {
      if (keys.has(printKey(object))) problems.push(`${printKey(object)} exists twice`)
      keys.add(printKey(object))
      if (object.sandboxId !== '' && !ids.has(object.sandboxId))
        problems.push(`${printKey(object)} ${object.id.slice(0, 12)} is in a sandbox that does not exist`)
    }
    return problems
  }

  async #removeAll(): Promise<void> {
    const { runtime } = this.#world
    const left = await this.#world.during(runtime.listPodSandbox())
    for (const { id } of left) {
      this.#ledger.beginRemoving(id)
      await this.#world.during(runtime.removePodSandbox(id))
      this.#ledger.endRemoving(id, 'the runtime')
    }
    await this.#check()
    const truth = await this.#world.readTruth()
    this.#throwIfUntrue(truth.map((object) => `${printKey(object)} ${object.id.slice(0, 12)} is left over`))
  }

  #throwIfUntrue(problems: readonly string[]): void {
    if (problems.length === 0) return
    const calls = this.log.slice(-CALLS_TOLD).join('\n  ')
    throw new Error(`untrue:\n  ${problems.join('\n  ')}\nthe last of ${this.log.length} calls:\n  ${calls}`)
  }
}

function findWrongLists(
  truth: readonly TrueObject[],
  sandboxes: readonly PodSandbox[],
  containers: readonly CriContainer[],
): string[] {
  const expected = truth.map(({ id, role, sandboxId, attempt, name, state }) =>
    role === 'sandbox'
      ? `sandbox ${id} #${attempt} ${state === 'running' ? 'SANDBOX_READY' : 'SANDBOX_NOTREADY'}`
      : `container ${id} ${name}#${attempt} in ${sandboxId} ${STATES[state]}`,
  )
  const told = [
    ...sandboxes.map(({ id, metadata, state }) => `sandbox ${id} #${metadata.attempt} ${state}`),
    ...containers.map(
      ({ id, metadata, podSandboxId, state }) =>
        `container ${id} ${metadata.name}#${metadata.attempt} in ${podSandboxId} ${state}`,
    ),
  ]
  const toldOnce = new Set(told)
  return [
    ...(toldOnce.size === told.length ? [] : ['something is listed twice']),
    ...expected.filter((line) => !toldOnce.has(line)).map((line) => `not told: ${line}`),
    ...told.filter((line) => !expected.includes(line)).map((line) => `told, but not so: ${line}`),
  ]
}

/**
 * Makes all calls, then removes everything through the runtime.
 * @returns what was asked and answered
 * @throws Error that names what was untrue and the calls before it
 */
export async function runRandomCalls(world: RandomCallsWorld, steps: readonly PlannedStep[]): Promise<string[]> {
  const run = new Run(world)
  await run.all(steps)
  return run.log
}
