/** Which images of manifests are nowhere yet. Asked once for each name, and some time after the last keystroke. */
import { onScopeDispose, ref, watch, type Ref } from 'vue'
import { call } from '../bridge/client.ts'
import { useImagesStore } from '../stores/images-store.ts'

const QUIET_MS = 300

/** Those of the given names that are known to be missing. */
export function useMissingImages(names: () => readonly string[]): Readonly<Ref<readonly string[]>> {
  const images = useImagesStore()
  const missing = ref<readonly string[]>([])
  let timer: ReturnType<typeof setTimeout> | undefined

  function tell(): void {
    missing.value = names().filter((name) => images.isMissing.get(name) === true)
  }

  async function ask(): Promise<void> {
    const asked = names().filter((name) => !images.isMissing.has(name))
    if (asked.length === 0) return tell()
    try {
      images.learn(asked, await call('image/missing', { images: asked }))
    } catch {
      // Without an answer nothing is said of images: the kubelet will say it of the pod.
      return
    }
    tell()
  }

  watch(
    () => names().join(' '),
    () => {
      tell()
      clearTimeout(timer)
      timer = setTimeout(() => void ask(), QUIET_MS)
    },
    { immediate: true },
  )
  onScopeDispose(() => clearTimeout(timer))
  return missing
}
