/** The page of all labs, and the questions about one. */
import type { Locator, Page } from '@playwright/test'

export class LabsPage {
  readonly page: Page

  constructor(page: Page) {
    this.page = page
  }

  async open(): Promise<void> {
    await this.page.keyboard.press('g')
    await this.page.keyboard.press('l')
    await this.page.locator('[data-page=labs]').waitFor()
  }

  row(lab: string): Locator {
    return this.page.locator(`[data-lab-row="${lab}"]`)
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true })
  }

  get dialog(): Locator {
    return this.page.getByRole('dialog')
  }

  /** From the menu of the lab's row, with the keyboard alone. */
  async choose(lab: string, item: string): Promise<void> {
    await this.row(lab)
      .getByRole('button', { name: `Actions for the lab ${lab}` })
      .press('Enter')
    await this.page.getByRole('menuitem', { name: item }).press('Enter')
  }
}
