/** Shows the first-run page in place of an empty board: once, when the first list of labs has come and is empty. */
import { watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { useLabsStore } from '../stores/labs-store.ts'
import { useTasksStore } from '../stores/tasks-store.ts'

/** Once, by the window itself. */
export function useFirstRun(): void {
  const labs = useLabsStore()
  const tasks = useTasksStore()
  const route = useRoute()
  const router = useRouter()

  const stop = watch(
    () => labs.isLoaded,
    async (isLoaded) => {
      if (!isLoaded) return
      stop()
      // A link to another place is followed.
      await router.isReady()
      if (labs.names.length > 0 || route.name !== 'board') return
      await router.replace({ name: 'welcome' })
      leaveOnceThereIsOne()
    },
  )

  /** A lab that was made elsewhere, as by the command line; of one that is made on the page, the page tells. */
  function leaveOnceThereIsOne(): void {
    const stopWaiting = watch(
      () => labs.names.length > 0,
      (isThere) => {
        if (!isThere) return
        stopWaiting()
        const isMadeHere = tasks.newestFirst.some(({ name }) => name === 'lab-up')
        if (!isMadeHere && route.name === 'welcome') void router.replace({ name: 'board' })
      },
    )
  }
}
