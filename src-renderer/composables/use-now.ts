/** One clock for the whole window: every age and countdown on the screen moves in the same beat, and none runs without a watcher. */
import { computed, onScopeDispose, readonly, ref, type ComputedRef, type Ref } from 'vue'

const BEAT_MS = 500
/** From here on an age is told in whole minutes. */
const MINUTES_ONLY_MS = 10 * 60_000
/** How far an age in minutes may lag behind. */
const SLOW_BEAT_MS = 30_000

const now = ref(Date.now())
/** The same clock for what need not be looked at twice a second: two thousand old pods would keep a processor busy. */
const slowNow = ref(now.value)
let watchers = 0
let timer: ReturnType<typeof setInterval> | undefined

/** Milliseconds since the epoch, twice a second, until the calling scope ends. */
export function useNow(): Readonly<Ref<number>> {
  keepBeating()
  return readonly(now)
}

/** Milliseconds since a moment, as exact as kubectl's way of telling an age needs it, until the calling scope ends. */
export function useAge(time: () => string): ComputedRef<number> {
  keepBeating()
  return computed(() => {
    const since = Date.parse(time())
    const age = slowNow.value - since
    return age >= MINUTES_ONLY_MS ? age : now.value - since
  })
}

function keepBeating(): void {
  beat()
  watchers += 1
  timer ??= setInterval(beat, BEAT_MS)
  onScopeDispose(() => {
    watchers -= 1
    if (watchers > 0) return
    clearInterval(timer)
    timer = undefined
  })
}

function beat(): void {
  now.value = Date.now()
  if (Math.abs(now.value - slowNow.value) >= SLOW_BEAT_MS) slowNow.value = now.value
}
