/** Brings a node of the board into sight, since with several of them half are below the fold. */
import { nextTick, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { useLabsStore } from '../stores/labs-store.ts'

/** Returns the function that opens the board, scrolls to a node and gives it the focus. */
export function useRevealNode(): (node: string) => Promise<void> {
  const router = useRouter()
  return async (node) => {
    await router.push({ name: 'board' })
    await nextTick()
    const element = findNode(node)
    if (element === null) return
    scrollTo(element)
    element.tabIndex = -1
    element.focus({ preventScroll: true })
  }
}

/** A node that is added to the lab on the screen is scrolled to; the focus stays where it is. */
export function useRevealOfNewNodes(): void {
  const labs = useLabsStore()
  const route = useRoute()
  watch(
    () => ({ lab: labs.current?.name, names: labs.current?.nodes.map(({ name }) => name) ?? [] }),
    async (now, before) => {
      const isSameLab = now.lab !== undefined && now.lab === before.lab && before.names.length > 0
      const added = now.names.find((name) => !before.names.includes(name))
      if (!isSameLab || added === undefined || route.name !== 'board') return
      await nextTick()
      const element = findNode(added)
      if (element !== null) scrollTo(element)
    },
  )
}

function findNode(name: string): HTMLElement | null {
  return document.querySelector<HTMLElement>(`[data-node="${CSS.escape(name)}"]`)
}

function scrollTo(element: HTMLElement): void {
  element.scrollIntoView({ block: 'nearest', behavior: 'smooth' })
}
