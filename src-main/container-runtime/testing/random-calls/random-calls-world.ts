/** What random calls are made on: a runtime, what happens behind its back, and what is really there. */
import type { ContainerConfig, RuntimeService } from '../../cri.ts'
import type { Behaviour, Disaster } from './call-plan.ts'
import type { ObjectKey } from './call-ledger.ts'

/** A sandbox or container of the node as it is, whatever the runtime says. */
export interface TrueObject extends ObjectKey {
  id: string
  /** Empty for a sandbox. */
  sandboxId: string
  state: 'created' | 'running' | 'exited'
}

export interface RandomCallsWorld {
  readonly runtime: RuntimeService
  /** Ids of sandboxes and containers that are another node's. */
  readonly strangers: readonly string[]
  readTruth(): Promise<TrueObject[]>
  /** What is wrong elsewhere, such as a stranger that was touched; empty when all is well. */
  findDamage(): Promise<string[]>
  /** The parts of a container's configuration that make it behave so. */
  configure(behaviour: Behaviour, withVolume: boolean): Partial<ContainerConfig>
  /** Whether calls may be cut off or refused by it. */
  interrupts(kind: Disaster['kind']): boolean
  strike(kind: Disaster['kind'], victimId: string | undefined): Promise<void>
  /** Resolves when the runtime answers. */
  recover(): Promise<void>
  /** Lets time pass until the promise is settled. */
  during<T>(work: Promise<T>): Promise<T>
  sleep(ms: number): Promise<void>
}
