/** Containers of nodes by the engine's word, for as long as somebody watches what becomes of them. */
import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { NodeTarget } from '@common/ipc/calls.ts'
import type { NodeContainer } from '@common/lab/node-container.ts'

export const useNodeContainersStore = defineStore('node-containers', () => {
  const lists = shallowRef<ReadonlyMap<string, readonly NodeContainer[]>>(new Map())

  function set(target: NodeTarget, containers: readonly NodeContainer[]): void {
    lists.value = new Map([...lists.value, [keyOf(target), containers]])
  }

  /** What was told may not be so any more. */
  function forget(target: NodeTarget): void {
    lists.value = new Map([...lists.value].filter(([key]) => key !== keyOf(target)))
  }

  function containersOf(target: NodeTarget): readonly NodeContainer[] | undefined {
    return lists.value.get(keyOf(target))
  }

  return { lists, set, forget, containersOf }
})

function keyOf({ lab, node }: NodeTarget): string {
  return `${lab}/${node}`
}
