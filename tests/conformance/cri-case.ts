/** One thing that every container runtime is expected to do, written once for all of them. */
import type { CaseWorld } from './case-world.ts'

export interface CriCase {
  /** Without the words themselves: "a container that exits with 3". */
  given: string
  when?: string
  then: string
  run: (world: CaseWorld) => Promise<void>
}

export type CriCases<Id extends string = string> = Record<Id, CriCase>

/** Keeps the ids as types, so that a difference can only name a case that exists. */
export function defineCases<Id extends string>(cases: CriCases<Id>): CriCases<Id> {
  return cases
}

export function titleOf({ given, when, then }: Pick<CriCase, 'given' | 'when' | 'then'>): string {
  return `given ${given}${when === undefined ? '' : `, when ${when}`}, then ${then}`
}
