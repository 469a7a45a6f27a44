/** The diagnostics page as a user names its parts; the landmarks are promised in src-renderer/README.md. */
import { expect, type Locator, type Page } from '@playwright/test'

export class DiagnosticsPage {
  readonly page: Page

  constructor(page: Page) {
    this.page = page
  }

  /** By the address, as a menu of the desktop app does. */
  async open(): Promise<void> {
    await this.page.evaluate(() => {
      location.hash = '#/diagnostics'
    })
    await this.waitUntilDone()
  }

  async waitUntilDone(): Promise<void> {
    await expect(this.page.locator('[data-page="diagnostics"]')).toHaveAttribute('data-doctor', 'done')
  }

  check(id: string): Locator {
    return this.page.locator(`[data-check="${id}"]`)
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true })
  }

  /** Where the collected logs are, as the page says it. */
  get savedLogs(): Locator {
    return this.page.locator('[data-logs="saved"]')
  }

  get resetDialog(): Locator {
    return this.page.getByRole('dialog')
  }
}
