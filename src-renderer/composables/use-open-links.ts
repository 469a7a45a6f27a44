/** Opens what the window is asked to open from outside: a link, an entry of the menu bar or the tray, a notification. */
import { onScopeDispose } from 'vue'
import { useRouter } from 'vue-router'
import { appLinkPath, type LinkRequest } from '@common/ipc/app-link.ts'
import { call, on, onStateChange } from '../bridge/client.ts'

/** To be called in a component's setup, whose end ends it. */
export function useOpenLinks({ onError }: { onError(error: unknown): void }): void {
  const router = useRouter()

  function open(request: LinkRequest): Promise<unknown> {
    switch (request.kind) {
      case 'place':
        return router.push({ name: request.place })
      case 'link':
        return router.push(appLinkPath(request.link))
      case 'unknown':
        return router.push({ name: 'link', query: { text: request.text } })
    }
  }

  async function openWaiting(): Promise<void> {
    const request = await call('app/take-link', {})
    if (request !== null) await open(request)
  }

  const subscriptions = [
    on('app/open-link', () => void openWaiting().catch(onError)),
    // What came before the page was there.
    onStateChange((state) => {
      if (state === 'open') openWaiting().catch(onError)
    }),
  ]
  onScopeDispose(() => {
    for (const end of subscriptions) end()
  })
}
