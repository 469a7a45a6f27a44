/** The terminals that are open, as the app lists them. */
import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { TerminalStatus, TerminalTarget } from '@common/lab/terminal.ts'
import { terminalTargetKey } from '../model/terminal-target.ts'

export const useTerminalsStore = defineStore('terminals', () => {
  const terminals = shallowRef<ReadonlyMap<string, TerminalStatus>>(new Map())
  /** Labs whose list has come: before that, nothing is known to be gone. */
  const listedLabs = shallowRef<ReadonlySet<string>>(new Set())

  function setListed(lab: string, list: readonly TerminalStatus[]): void {
    const others = [...terminals.value].filter(([, status]) => status.lab !== lab)
    terminals.value = new Map([...others, ...list.map((status) => [status.id, status] as const)])
    listedLabs.value = new Set([...listedLabs.value, lab])
  }

  function set(status: TerminalStatus): void {
    terminals.value = new Map([...terminals.value, [status.id, status]])
  }

  function remove(id: string): void {
    terminals.value = new Map([...terminals.value].filter(([key]) => key !== id))
  }

  function removeLab(lab: string): void {
    terminals.value = new Map([...terminals.value].filter(([, status]) => status.lab !== lab))
    listedLabs.value = new Set([...listedLabs.value].filter((name) => name !== lab))
  }

  function ofLab(lab: string): TerminalStatus[] {
    return [...terminals.value.values()].filter((status) => status.lab === lab)
  }

  /** The newest that runs there. */
  function findRunning(lab: string, target: TerminalTarget): TerminalStatus | undefined {
    const key = terminalTargetKey(target)
    return ofLab(lab).findLast(({ state, target: other }) => state === 'running' && terminalTargetKey(other) === key)
  }

  return { terminals, listedLabs, setListed, set, remove, removeLab, ofLab, findRunning }
})
