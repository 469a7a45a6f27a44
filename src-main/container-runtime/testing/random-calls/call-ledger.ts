/**
 * What a runtime has been asked and has acknowledged, and so what must be true of it. Order is told by a counter: what was
 * asked after something else was answered must know of it; what overlaps may not.
 */
import type { ContainerRuntimeState, CriContainerStatus } from '../../cri.ts'
import type { Behaviour } from './call-plan.ts'
import { TERM_EXIT_CODE } from './call-plan.ts'

export type Role = 'sandbox' | 'container'

/** What there may be only one of at a time. A sandbox has no name. */
export interface ObjectKey {
  role: Role
  podUid: string
  name: string
  attempt: number
}

export function printKey({ role, podUid, name, attempt }: ObjectKey): string {
  return `${role} ${podUid.replace(/^0+/, 'pod ')} ${name}#${attempt}`
}

type History = Pick<CriContainerStatus, 'state' | 'createdAt' | 'startedAt' | 'finishedAt' | 'exitCode'>

interface KnownObject extends ObjectKey {
  id: string
  /** Empty for a sandbox. */
  sandboxId: string
  /** `undefined` when it came to light after a call that was never answered. */
  behaviour: Behaviour | undefined
  /** Somebody has asked for its end, or something has struck it. */
  mayBeGone: boolean
  /** When its end was acknowledged. */
  goneSince: number | undefined
  /** The runtime itself has removed it, and its containers with it; after anybody else they go a little later. */
  tookContainers: boolean
  /** When it was last acknowledged that it, or its sandbox, does not run any more. */
  stoppedSince: number | undefined
  /** Something else than its own program may have ended it. */
  disturbed: boolean
  seen: (History & { at: number }) | undefined
}

/** A call that makes something and has not been answered. */
export interface Making {
  key: ObjectKey
  sandboxId: string
  behaviour: Behaviour | undefined
  askedAt: number
}

/** Calls keep to so many objects of each kind, so that they meet. */
const LATEST = 9

const STATE_ORDER: Record<ContainerRuntimeState, number> = {
  CONTAINER_UNKNOWN: 0,
  CONTAINER_CREATED: 0,
  CONTAINER_RUNNING: 1,
  CONTAINER_EXITED: 2,
}

export class CallLedger {
  readonly #objects = new Map<string, KnownObject>()
  readonly #making = new Map<string, { running: number; contested: boolean }>()
  /** Keys of calls that were cut off: what they made may come to light later. */
  readonly #unanswered = new Set<string>()
  /** What existed when the power went; `undefined` while there is power. */
  #struck: string[] | undefined
  #now = 0
  /** What has been shown to be untrue. */
  readonly lies: string[] = []

  /** A moment, later than all before. */
  tick(): number {
    return ++this.#now
  }

  /** One of the latest, every eighth time perhaps one that is gone. */
  choose(role: Role, pick: number): KnownObject | undefined {
    const all = [...this.#objects.values()].filter((object) => object.role === role)
    const living = all.filter((object) => !this.mayBeGone(object))
    const latest = (living.length === 0 || pick % 8 === 0 ? all : living).slice(-LATEST)
    return latest[pick % Math.max(1, latest.length)]
  }

  find(id: string): KnownObject | undefined {
    return this.#objects.get(id)
  }

  get all(): readonly KnownObject[] {
    return [...this.#objects.values()]
  }

  mayBeGone(object: KnownObject): boolean {
    const sandbox = this.#objects.get(object.sandboxId)
    return object.mayBeGone || (sandbox !== undefined && this.mayBeGone(sandbox))
  }

  /** From when on nobody may be told that it exists. */
  goneSince(object: KnownObject): number | undefined {
    const sandbox = this.#objects.get(object.sandboxId)
    const since = Math.min(
      object.goneSince ?? Infinity,
      (sandbox?.tookContainers ? sandbox.goneSince : undefined) ?? Infinity,
    )
    return since === Infinity ? undefined : since
  }

  /** Whether it must be gone when all has settled. */
  mustGo(object: KnownObject): boolean {
    return object.goneSince !== undefined || this.#objects.get(object.sandboxId)?.goneSince !== undefined
  }

  beginMaking(key: ObjectKey, sandboxId: string, behaviour: Behaviour | undefined): Making {
    const name = printKey(key)
    const making = this.#making.get(name) ?? { running: 0, contested: false }
    making.running++
    making.contested ||= making.running > 1
    this.#making.set(name, making)
    return { key, sandboxId, behaviour, askedAt: this.tick() }
  }

  /** @param id `undefined`: it was refused */
  endMaking(making: Making, id: string | undefined): void {
    if (id !== undefined) this.#acknowledge(making, id)
    const name = printKey(making.key)
    const state = this.#making.get(name)
    if (state !== undefined && --state.running === 0) this.#making.delete(name)
  }

  /** It was cut off: nobody knows what it has done, a namesake may have been replaced. */
  loseMaking(making: Making): void {
    this.#unanswered.add(printKey(making.key))
    for (const object of this.#namesakes(making.key)) object.mayBeGone = true
    this.endMaking(making, undefined)
  }

  #acknowledge({ key, sandboxId, behaviour, askedAt }: Making, id: string): void {
    const name = printKey(key)
    const contested = this.#making.get(name)?.contested === true
    for (const other of this.#namesakes(key)) {
      if (other.id === id) continue
      // Of two that were asked for at once, the one may have replaced the other, in whichever order they were answered.
      if (contested) other.mayBeGone = true
      else this.#end(other)
    }
    const known = this.#objects.get(id)
    if (known === undefined) {
      this.#add({ ...key, id, sandboxId, behaviour })
      const added = this.#objects.get(id)
      if (contested && added !== undefined) added.mayBeGone = true
      return
    }
    if (printKey(known) !== name || known.sandboxId !== sandboxId)
      this.lies.push(`${id.slice(0, 12)} was answered for ${name} and is ${printKey(known)}`)
    const since = this.goneSince(known)
    if (since !== undefined && since < askedAt)
      this.lies.push(`${id.slice(0, 12)} was answered for ${name} after its removal had been acknowledged`)
  }

  #namesakes(key: ObjectKey): KnownObject[] {
    const name = printKey(key)
    return [...this.#objects.values()].filter((object) => printKey(object) === name && object.goneSince === undefined)
  }

  #add(object: Pick<KnownObject, 'id' | 'sandboxId' | 'behaviour'> & ObjectKey): void {
    const isStruck = this.#struck !== undefined
    const fresh = { mayBeGone: isStruck, goneSince: undefined, tookContainers: false, disturbed: isStruck }
    const stoppedSince = undefined
    const unseen = { ...fresh, stoppedSince, seen: undefined }
    this.#objects.set(object.id, { ...object, ...unseen })
  }

  #end(object: KnownObject): void {
    object.mayBeGone = true
    object.disturbed = true
    object.goneSince ??= this.tick()
  }

  /** Something that exists and was never answered. It must have been asked for. */
  discover(key: ObjectKey, id: string, sandboxId: string): void {
    if (!this.#unanswered.has(printKey(key)))
      this.lies.push(`${id.slice(0, 12)} exists as ${printKey(key)}, which was refused or never asked for`)
    this.#add({ ...key, id, sandboxId, behaviour: undefined })
  }

  /** Its end is asked for, but not its removal. */
  disturb(id: string): void {
    const object = this.#objects.get(id)
    if (object !== undefined) object.disturbed = true
  }

  /** Its end is acknowledged: from now on it does not run, nor does anything in it, and none of it is started again. */
  endStopping(id: string): void {
    const object = this.#objects.get(id)
    if (object !== undefined) object.stoppedSince ??= this.tick()
  }

  #stoppedSince(object: KnownObject): number {
    return Math.min(object.stoppedSince ?? Infinity, this.#objects.get(object.sandboxId)?.stoppedSince ?? Infinity)
  }

  beginRemoving(id: string): void {
    this.disturb(id)
    const object = this.#objects.get(id)
    if (object !== undefined) object.mayBeGone = true
  }

  /** @param by who removed it */
  endRemoving(id: string, by: 'the runtime' | 'somebody else'): void {
    const object = this.#objects.get(id)
    if (object === undefined) return
    object.tookContainers ||= by === 'the runtime'
    this.#end(object)
  }

  /** A power cut: what exists now ends, and what has never run goes; what is made meanwhile may or may not. */
  beginPowerCut(): void {
    this.#struck = [...this.#objects.keys()]
    for (const id of this.#struck) this.beginRemoving(id)
  }

  /** The dead may stay, and run no more. */
  endPowerCut(): void {
    for (const id of this.#struck ?? []) this.endStopping(id)
    this.#struck = undefined
  }

  /** An answer to a question that was asked at `askedAt`: it exists. */
  hear(id: string, askedAt: number): void {
    const object = this.#objects.get(id)
    const since = object === undefined ? undefined : this.goneSince(object)
    if (object !== undefined && since !== undefined && since < askedAt)
      this.lies.push(`${printKey(object)} ${id.slice(0, 12)} was told of after its removal had been acknowledged`)
  }

  /** The answer was that it does not exist. */
  hearMissing(id: string): void {
    const object = this.#objects.get(id)
    if (object !== undefined && !this.mayBeGone(object))
      this.lies.push(`${printKey(object)} ${id.slice(0, 12)} was said to be missing, and nobody removed it`)
  }

  /** A container's status must agree with what it was made as, with its program, and with what was told before. */
  hearStatus(status: CriContainerStatus, askedAt: number): void {
    const object = this.#objects.get(status.id)
    if (object === undefined) return
    this.hear(status.id, askedAt)
    const say = (what: string): void =>
      void this.lies.push(`${printKey(object)} ${status.id.slice(0, 12)} ${what}: ${printStatus(status)}`)
    if (status.metadata.name !== object.name || status.metadata.attempt !== object.attempt) say('has another name')
    if (status.startedAt > 0n && status.createdAt > status.startedAt) say('started before it was made')
    if (status.state === 'CONTAINER_EXITED' && status.startedAt > status.finishedAt) say('finished before it started')
    if (status.state === 'CONTAINER_RUNNING' && this.#stoppedSince(object) < askedAt)
      say('runs although its end was acknowledged')
    if (!this.#isExpectedExit(object, status)) say(`cannot have ended so (${JSON.stringify(object.behaviour)})`)
    const { seen } = object
    if (seen !== undefined && seen.at < askedAt) {
      const problem = findContradiction(seen, status)
      if (problem !== undefined) say(`${problem} (before: ${printStatus(seen)})`)
    }
    if (seen === undefined || seen.at < askedAt) object.seen = { ...status, at: this.tick() }
  }

  #isExpectedExit(object: KnownObject, { state, exitCode, reason }: CriContainerStatus): boolean {
    const { behaviour } = object
    if (state !== 'CONTAINER_EXITED' || behaviour === undefined) return true
    if (reason === 'ContainerCannotRun')
      return this.#isDisturbed(object) || (behaviour.does === 'fail to start' && exitCode === 127)
    if (behaviour.does === 'exit' && exitCode === behaviour.code)
      return reason === (exitCode === 0 ? 'Completed' : 'Error')
    if (!this.#isDisturbed(object)) return false
    return reason === 'Error' && (exitCode === 137 || (behaviour.does === 'run' && exitCode === TERM_EXIT_CODE))
  }

  #isDisturbed(object: KnownObject): boolean {
    return object.disturbed || this.#objects.get(object.sandboxId)?.disturbed === true
  }
}

/** How two statuses of the same container, one after the other, cannot both be true. */
function findContradiction(before: History, now: History): string | undefined {
  if (now.createdAt !== before.createdAt) return 'was made at another time'
  if (STATE_ORDER[now.state] < STATE_ORDER[before.state]) return 'came back'
  if (before.state === 'CONTAINER_CREATED') return undefined
  if (now.startedAt !== before.startedAt) return 'started at another time'
  if (before.state === 'CONTAINER_RUNNING') return undefined
  if (now.finishedAt !== before.finishedAt) return 'finished at another time'
  return now.exitCode === before.exitCode ? undefined : 'ended with another code'
}

function printStatus({ state, createdAt, startedAt, finishedAt, exitCode }: History): string {
  return `${state} code ${exitCode} made ${createdAt} started ${startedAt} finished ${finishedAt}`
}
