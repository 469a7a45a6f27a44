/** Whether an element is on the screen or close to it, so that long lists draw only what somebody can see soon. */
import { onScopeDispose, ref, watch, type Ref } from 'vue'

/** So much of what is beyond the edge is drawn ahead of the scrolling. */
const MARGIN = '500px'

const listeners = new WeakMap<Element, (isNear: boolean) => void>()
let observer: IntersectionObserver | undefined

function sharedObserver(): IntersectionObserver {
  observer ??= new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) listeners.get(target)?.(isIntersecting)
    },
    { rootMargin: `${MARGIN} 0px` },
  )
  return observer
}

/** Always true while `isLazy` is false, and where no browser can tell. */
export function useNearViewport(
  element: Readonly<Ref<HTMLElement | null>>,
  isLazy: () => boolean,
): Readonly<Ref<boolean>> {
  const canTell = typeof IntersectionObserver === 'function'
  const isNear = ref(!canTell || !isLazy())
  let observed: HTMLElement | undefined

  function stop(): void {
    if (observed !== undefined) sharedObserver().unobserve(observed)
    observed = undefined
  }

  watch(
    [element, isLazy],
    ([now, lazy]) => {
      stop()
      if (now === null) return
      if (!canTell || !lazy) {
        isNear.value = true
        return
      }
      observed = now
      listeners.set(now, (near) => (isNear.value = near))
      sharedObserver().observe(now)
    },
    { immediate: true, flush: 'post' },
  )
  onScopeDispose(stop)
  return isNear
}
