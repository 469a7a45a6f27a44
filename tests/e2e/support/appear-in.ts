/** The system's appearance as a page sees it, without motion, once all of the page has followed. */
import type { Page } from '@playwright/test'

/** A page whose settings name a theme does not follow the system, and is not waited for longer than this. */
const FOLLOW_MS = 3000

export async function appearIn(page: Page, colorScheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
  // The page hears of it by an event; what is read or drawn meanwhile would be half of each appearance.
  await page.evaluate(
    async ({ theme, followMs }) => {
      const frame = (): Promise<unknown> => new Promise((resolve) => requestAnimationFrame(resolve))
      const endsAt = performance.now() + followMs
      while (document.documentElement.dataset['theme'] !== theme && performance.now() < endsAt) await frame()
      await frame()
      await frame()
    },
    { theme: colorScheme, followMs: FOLLOW_MS },
  )
}
