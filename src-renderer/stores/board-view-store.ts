/** How the board is looked at: what is searched, which rows and in which order, how close together. Order and density outlive the window. */
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { readSetting, writeSetting } from './stored-setting.ts'

export const NODE_ORDERS = ['name', 'state', 'pods'] as const
export type NodeOrder = (typeof NODE_ORDERS)[number]
export const DENSITIES = ['comfortable', 'compact'] as const
export type Density = (typeof DENSITIES)[number]

const ORDER_KEY = 'node-lab.board.order'
const DENSITY_KEY = 'node-lab.board.density'

export const useBoardViewStore = defineStore('board-view', () => {
  const query = ref('')
  /** Only what is not as it should be. */
  const isTroubleOnly = ref(false)
  const order = ref<NodeOrder>(NODE_ORDERS.find((known) => known === readSetting(ORDER_KEY)) ?? 'name')
  const density = ref<Density>(DENSITIES.find((known) => known === readSetting(DENSITY_KEY)) ?? 'comfortable')
  const isFiltered = computed(() => query.value.trim() !== '' || isTroubleOnly.value)
  const filter = computed(() => ({ words: toWords(query.value), isTroubleOnly: isTroubleOnly.value }))

  function setOrder(next: NodeOrder): void {
    order.value = next
    writeSetting(ORDER_KEY, next)
  }

  function setDensity(next: Density): void {
    density.value = next
    writeSetting(DENSITY_KEY, next)
  }

  function clearFilter(): void {
    query.value = ''
    isTroubleOnly.value = false
  }

  return { query, isTroubleOnly, order, density, isFiltered, filter, setOrder, setDensity, clearFilter }
})

function toWords(query: string): string[] {
  return query.toLowerCase().split(/\s+/).filter(Boolean)
}
