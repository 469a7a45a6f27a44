/** Pictures of a page in both appearances and both languages: artefacts of a test run, for somebody to look at. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { appearIn } from './appear-in.ts'

/** Not inside Playwright's own folder, which the next run of any spec empties. */
const FOLDER = join(import.meta.dirname, '../../../out/screens')
const SWITCH_LANGUAGE = { en: /^Switch the language/, ko: /^언어를/ }

/**
 * Writes `out/screens/<name>.<light|dark>.<en|ko>.png`. The page is in English and in the system's appearance before and after.
 * @param open brings up what lies over the page by keys alone; Escape closes it, also to switch the language behind it
 */
export async function keepScreenshots(page: Page, name: string, open?: () => Promise<void>): Promise<void> {
  mkdirSync(FOLDER, { recursive: true })
  for (const [language, switchName] of Object.entries(SWITCH_LANGUAGE)) {
    await open?.()
    for (const colorScheme of ['light', 'dark'] as const) {
      await appearIn(page, colorScheme)
      await page.screenshot({ path: join(FOLDER, `${name}.${colorScheme}.${language}.png`) })
    }
    if (open !== undefined) await page.keyboard.press('Escape')
    await page.getByRole('contentinfo').getByRole('button', { name: switchName }).click()
  }
  await page.emulateMedia({ colorScheme: null, reducedMotion: null })
}
