/** Whether an element is on the screen or close to it, so that long lists draw only what somebody can see soon. */
import { onScopeDispose, watch, type Ref } from 'vue'

/** So much of what is beyond the edge is drawn ahead of the scrolling. */
const MARGIN = '360px 0px'

/** Where no browser can tell, everything is drawn. */
export const canTellNearViewport = typeof IntersectionObserver === 'function'

type Listener = (isNear: boolean, heightPx: number) => void

const listeners = new WeakMap<Element, Listener>()
let observer: IntersectionObserver | undefined

function sharedObserver(): IntersectionObserver {
  observer ??= new IntersectionObserver(
    (entries) => {
      // Those that leave first: what draws them is free for those that come.
      for (const { target, isIntersecting, boundingClientRect } of entries.toSorted(byLeaving))
        listeners.get(target)?.(isIntersecting, boundingClientRect.height)
    },
    // A margin of the root ends at the edge of the scroller within it.
    { rootMargin: MARGIN, scrollMargin: MARGIN },
  )
  return observer
}

function byLeaving(one: IntersectionObserverEntry, other: IntersectionObserverEntry): number {
  return Number(one.isIntersecting) - Number(other.isIntersecting)
}

/**
 * Tells of every change, the first time when the element comes near: nothing is before. The height is the browser's own measure of
 * that moment, so that nobody has to have the page laid out for it.
 */
export function useNearViewport(
  element: Readonly<Ref<HTMLElement | null>>,
  isAsked: () => boolean,
  onChange: Listener,
): void {
  let isNear = false
  let observed: HTMLElement | undefined

  function stop(): void {
    if (observed !== undefined) sharedObserver().unobserve(observed)
    observed = undefined
  }

  watch(
    [element, isAsked],
    ([now, asked]) => {
      stop()
      isNear = false
      if (now === null || !asked) return
      observed = now
      listeners.set(now, (near, heightPx) => {
        if (near === isNear) return
        isNear = near
        onChange(near, heightPx)
      })
      sharedObserver().observe(now)
    },
    { immediate: true, flush: 'post' },
  )
  onScopeDispose(stop)
}
