/** The manifest editor and the page of a folder's versions, as a user names their parts. */
import { expect, type Locator, type Page } from '@playwright/test'

/** CodeMirror's own, and some more. */
const INTERACTION_DELAY_MS = 150

export class EditorPage {
  readonly page: Page
  readonly lab: string

  constructor(page: Page, lab: string) {
    this.page = page
    this.lab = lab
  }

  /** As a link does; the page itself is not loaded anew. */
  async open(node: string, file: string): Promise<void> {
    await this.#go(`#/labs/${this.lab}/nodes/${node}/files/${file}`)
    await expect(this.text).toBeVisible()
  }

  async openFolderHistory(node: string): Promise<void> {
    await this.#go(`#/labs/${this.lab}/nodes/${node}/files`)
  }

  async #go(hash: string): Promise<void> {
    await this.page.evaluate((to) => (location.hash = to), hash)
  }

  get text(): Locator {
    return this.page.getByRole('textbox', { name: /^Manifest / })
  }

  /** Types at the end of the text. */
  async typeAtEnd(words: string): Promise<void> {
    await this.text.press('Control+End')
    await this.text.pressSequentially(words)
  }

  /** Chooses what completion offers, by the keyboard. */
  async complete(label: string): Promise<void> {
    await expect(this.page.getByRole('option', { selected: true })).toContainText(label)
    // A list that has just opened takes no key, lest it be one that was meant for the text.
    await this.page.waitForTimeout(INTERACTION_DELAY_MS)
    await this.text.press('Enter')
  }

  problem(line: number): Locator {
    return this.page.getByRole('region', { name: 'Problems' }).locator(`[data-line="${line}"]`)
  }

  get problemCount(): Locator {
    return this.page.locator('[data-problem-count]')
  }

  get dialog(): Locator {
    return this.page.getByRole('dialog')
  }

  /** Of the pod that the kubelet says the file defines. */
  async uid(): Promise<string> {
    return (await this.page.locator('[data-uid]').getAttribute('data-uid')) ?? ''
  }

  /** Ctrl+S, the difference, and yes. */
  async save(consequence: string): Promise<void> {
    await this.text.press('Control+s')
    await expect(this.dialog.locator('[data-consequence]')).toHaveAttribute('data-consequence', consequence)
    await this.dialog.locator('[data-confirm-save]').click()
    await expect(this.dialog).toHaveCount(0)
  }
}
