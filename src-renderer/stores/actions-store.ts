/** What people did to each lab, oldest first: in this window, in another one, or on the command line. */
import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { UserAction } from '@common/lab/user-action.ts'

/** As many as a timeline can show flags for; the journal keeps more. */
const MAXIMUM_ACTIONS = 2_000
const NONE: readonly UserAction[] = []

export const useActionsStore = defineStore('actions', () => {
  const byLab = shallowRef<ReadonlyMap<string, readonly UserAction[]>>(new Map())

  /** An action with a known id takes that one's place; one that was refused is forgotten. */
  function add(lab: string, added: readonly UserAction[]): void {
    if (added.length === 0) return
    const byId = new Map([...actionsOf(lab), ...added].map((action) => [action.id, action]))
    const done = [...byId.values()]
      .filter(({ failed }) => failed !== true)
      .sort((one, other) => (one.id < other.id ? -1 : 1))
    byLab.value = new Map([...byLab.value, [lab, done.slice(-MAXIMUM_ACTIONS)]])
  }

  function removeLab(lab: string): void {
    byLab.value = new Map([...byLab.value].filter(([key]) => key !== lab))
  }

  function actionsOf(lab: string): readonly UserAction[] {
    return byLab.value.get(lab) ?? NONE
  }

  return { byLab, add, removeLab, actionsOf }
})
