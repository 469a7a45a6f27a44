/** The page of terminals as a user names its parts; the landmarks are promised in src-renderer/README.md. */
import { expect, type Locator, type Page } from '@playwright/test'

export class TerminalPage {
  readonly page: Page

  constructor(page: Page) {
    this.page = page
  }

  async open(): Promise<void> {
    await this.page.evaluate(() => (location.hash = '#/terminal'))
    await expect(this.page.getByRole('heading', { name: 'Terminals', level: 1 })).toBeAttached()
  }

  /** Those that others left open: ended ones stay until somebody closes them. */
  async closeAll(): Promise<void> {
    const tabs = this.page.getByRole('tab')
    await expect(tabs.or(this.choice('node01')).first()).toBeVisible()
    for (let left = await tabs.count(); left > 0; left -= 1) {
      await tabs.first().press('Delete')
      await expect(tabs).toHaveCount(left - 1)
    }
  }

  /** The empty page's card of a node, or `kubectl`. */
  choice(name: string): Locator {
    return this.page.locator(`[data-choice="${name}"]`)
  }

  /** Terminals that can be seen, the left ones first. */
  get screens(): Locator {
    return this.page.locator('[data-active] [data-terminal]')
  }

  tab(name: string): Locator {
    return this.page.getByRole('tab', { name, exact: true })
  }

  button(name: string): Locator {
    return this.page.locator('[data-active]').getByRole('button', { name, exact: true })
  }

  async chooseNew(name: string): Promise<void> {
    await this.page.getByRole('button', { name: 'New terminal' }).click()
    await this.page.getByRole('menuitem', { name, exact: true }).click()
  }

  /** Into the terminal that has the keyboard. */
  async run(command: string): Promise<void> {
    await this.page.keyboard.type(command)
    await this.page.keyboard.press('Enter')
  }

  /** On the screen of a terminal, row by row. */
  async expectText(screen: Locator, text: string | RegExp): Promise<void> {
    await expect(screen.locator('.xterm-rows')).toContainText(text)
  }
}
