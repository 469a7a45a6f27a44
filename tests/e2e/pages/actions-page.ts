/** Actions that are explained before and followed afterwards; the landmarks are promised in src-renderer/README.md. */
import { expect, type Locator, type Page } from '@playwright/test'

/** A node's start and a kubelet's death are told within seconds, also on a busy machine. */
const SEEN_MS = 90_000

export class ActionsPage {
  readonly page: Page

  constructor(page: Page) {
    this.page = page
  }

  get sheet(): Locator {
    return this.page.getByRole('dialog')
  }

  get deck(): Locator {
    return this.page.getByRole('complementary', { name: 'Consequences' })
  }

  card(kind: string): Locator {
    return this.deck.locator(`[data-consequences="${kind}"]`)
  }

  /** Opens the sheet of an entry in a node's menu. */
  async choose(node: string, entry: string): Promise<void> {
    await this.page.getByRole('button', { name: `Actions for ${node}`, exact: true }).click()
    await this.page.getByRole('menuitem', { name: entry, exact: true }).click()
  }

  async confirm(button: string): Promise<void> {
    await this.sheet.getByRole('button', { name: button, exact: true }).click()
    await expect(this.sheet).toHaveCount(0)
  }

  async waitUntilSeen(kind: string, expectations: readonly string[]): Promise<void> {
    for (const expectation of expectations) {
      await expect(this.card(kind).locator(`[data-expectation="${expectation}"]`)).toHaveAttribute(
        'data-seen',
        'seen',
        {
          timeout: SEEN_MS,
        },
      )
    }
  }

  async dismissAll(): Promise<void> {
    const buttons = this.deck.getByRole('button', { name: 'Dismiss the card' })
    while ((await buttons.count()) > 0) await buttons.first().click()
    await expect(this.deck).toHaveCount(0)
  }
}
