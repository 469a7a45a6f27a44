/** The Compare page as a user names its parts; the landmarks are promised in src-renderer/README.md. */
import { readFile } from 'node:fs/promises'
import { expect, type Locator, type Page } from '@playwright/test'

type Side = 'static' | 'daemonSet' | 'deployment'

export class ComparePage {
  readonly page: Page

  constructor(page: Page) {
    this.page = page
  }

  async open(): Promise<void> {
    await this.page.getByRole('navigation', { name: 'Places' }).getByRole('link', { name: 'Compare' }).click()
    await expect(this.page.getByRole('heading', { name: 'Compare', level: 1 })).toBeVisible()
  }

  agents(side: Side): Locator {
    return this.page.locator(`[data-side="${side}"] [data-agent]`)
  }

  station(side: Side, name: string): Locator {
    return this.page.locator(`[data-side="${side}"] [data-station="${name}"]`)
  }

  card(experiment: string): Locator {
    return this.page.locator(`[data-experiment="${experiment}"]`)
  }

  /** From the card to the first step. @param guess hypothesis that is chosen by its name */
  async run(experiment: string, guess: string): Promise<void> {
    await this.card(experiment)
      .getByRole('button', { name: /^Look and run/ })
      .click()
    await this.page.locator(`[data-guess="${guess}"]`).click()
    await this.page.getByRole('button', { name: 'Run on all sides' }).click()
    await expect(this.page.locator(`[data-run="${experiment}"]`)).toBeVisible()
  }

  result(experiment: string): Locator {
    return this.page.locator(`[data-result="${experiment}"]`)
  }

  cell(row: string, side: Side): Locator {
    return this.page.locator(`[data-row="${row}"] [data-cell-side="${side}"]`)
  }

  /** Saves the table, and answers its file's name and bytes. */
  async export(format: 'Markdown' | 'HTML' | 'Picture (PNG)'): Promise<{ name: string; bytes: Buffer }> {
    await this.page.locator('[data-difference-table]').getByRole('button', { name: 'Export' }).click()
    const download = this.page.waitForEvent('download')
    await this.page.getByRole('menuitem', { name: format }).click()
    const file = await download
    return { name: file.suggestedFilename(), bytes: await readFile(await file.path()) }
  }
}
