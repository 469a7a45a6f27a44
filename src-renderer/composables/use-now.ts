/** One clock for the whole window: every age and countdown on the screen moves in the same beat, and none runs without a watcher. */
import { onScopeDispose, readonly, ref, type Ref } from 'vue'

const BEAT_MS = 500

const now = ref(Date.now())
let watchers = 0
let timer: ReturnType<typeof setInterval> | undefined

/** Milliseconds since the epoch, twice a second, until the calling scope ends. */
export function useNow(): Readonly<Ref<number>> {
  now.value = Date.now()
  watchers += 1
  timer ??= setInterval(() => (now.value = Date.now()), BEAT_MS)
  onScopeDispose(() => {
    watchers -= 1
    if (watchers > 0) return
    clearInterval(timer)
    timer = undefined
  })
  return readonly(now)
}
