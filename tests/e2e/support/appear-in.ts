/** The system's appearance as a page sees it, without motion, once all of the page has followed. */
import type { Page } from '@playwright/test'

export async function appearIn(page: Page, colorScheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
  // The page hears of it by an event; what is read or drawn meanwhile would be half of each appearance.
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))))
}
