/** What surrounds the places of the app, as a user names it: palette, shortcuts, settings, status bar. */
import { expect, type Locator, type Page } from '@playwright/test'

export class ShellPage {
  readonly page: Page

  constructor(page: Page) {
    this.page = page
  }

  get palette(): Locator {
    return this.page.getByRole('dialog', { name: 'Commands' })
  }

  get shortcutList(): Locator {
    return this.page.getByRole('dialog', { name: 'Keyboard shortcuts' })
  }

  get html(): Locator {
    return this.page.locator('html')
  }

  /** Opens the palette, types, and runs what is first. */
  async run(words: string, first: string): Promise<void> {
    await this.page.keyboard.press('Control+k')
    const field = this.palette.getByRole('combobox')
    await expect(field).toBeFocused()
    await this.page.keyboard.type(words)
    await expect(this.palette.locator('[role=option][aria-selected=true]')).toContainText(first)
    await this.page.keyboard.press('Enter')
    await expect(this.palette).toHaveCount(0)
  }

  /** Presses keys, one after the other, that bring up a dialog in whatever language. */
  async open(...keys: string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key)
    await expect(this.page.getByRole('dialog')).toBeVisible()
  }

  /** Of the whole page, in pixels: what zoom and presenter mode change. */
  typeSize(): Promise<number> {
    return this.html.evaluate((element) => Number.parseFloat(getComputedStyle(element).fontSize))
  }
}
