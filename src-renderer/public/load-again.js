/**
 * Loads the page anew when a part of it could not be loaded: Chromium drops requests under way when the machine's network
 * changes, which happens with every pod that starts or ends. Plain and first, so that it is there before what may fail.
 */
;(() => {
  const KEY = 'node-lab.loads'
  /** What is really missing stays missing. */
  const MOST_LOADS = 8
  const PAUSE_MS = 250
  const isUp = () => (document.querySelector('#app')?.childElementCount ?? 0) > 0
  let isAsked = false

  addEventListener(
    'error',
    ({ target }) => {
      const isPart = target instanceof HTMLScriptElement || target instanceof HTMLLinkElement
      const loads = Number(sessionStorage.getItem(KEY) ?? 0)
      // An app that is up has state to lose.
      if (!isPart || isAsked || isUp() || loads >= MOST_LOADS) return
      isAsked = true
      sessionStorage.setItem(KEY, String(loads + 1))
      setTimeout(() => isUp() || location.reload(), PAUSE_MS)
    },
    true,
  )
  addEventListener('load', () => isUp() && sessionStorage.removeItem(KEY))
})()
