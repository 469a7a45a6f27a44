/** Shows the first-run page in place of an empty board: once, when the first list of labs has come and is empty. */
import { watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { useLabsStore } from '../stores/labs-store.ts'

/** Once, by the window itself. */
export function useFirstRun(): void {
  const labs = useLabsStore()
  const route = useRoute()
  const router = useRouter()
  const stop = watch(
    () => labs.isLoaded,
    async (isLoaded) => {
      if (!isLoaded) return
      stop()
      // A link to another place is followed.
      await router.isReady()
      if (labs.names.length === 0 && route.name === 'board') await router.replace({ name: 'welcome' })
    },
  )
}
