/** The Timeline page as a user names its parts; the landmarks are promised in src-renderer/README.md. */
import { readFile } from 'node:fs/promises'
import { expect, type Locator, type Page } from '@playwright/test'

export class TimelinePage {
  readonly page: Page

  constructor(page: Page) {
    this.page = page
  }

  async open(): Promise<void> {
    await this.page.getByRole('navigation', { name: 'Places' }).getByRole('link', { name: 'Timeline' }).click()
    await expect(this.page.getByRole('heading', { name: 'Timeline', level: 1 })).toBeVisible()
  }

  get plot(): Locator {
    return this.page.locator('[data-timeline-plot]')
  }

  /** Name of a pod's lane. */
  pod(node: string, name: string): Locator {
    return this.page.locator(`[data-lane="pod:${node}/default/${name}"]`)
  }

  get table(): Locator {
    return this.page.locator('[data-timeline-table]')
  }

  /** What screen readers were told last. */
  get said(): Locator {
    return this.page.locator('[data-timeline-said]')
  }

  async spanMs(): Promise<number> {
    const [start, end] = [await this.plot.getAttribute('data-start'), await this.plot.getAttribute('data-end')]
    return Number(end) - Number(start)
  }

  /** Saves a file by the dialog, and answers its name and bytes. */
  async export(format: 'PNG' | 'SVG' | 'JSON', extent: 'What is shown' | 'Everything'): Promise<{ name: string; bytes: Buffer }> {
    await this.page.getByRole('button', { name: 'Export', exact: true }).click()
    const dialog = this.page.getByRole('dialog', { name: 'Export the timeline' })
    await dialog.getByRole('radio', { name: format }).click()
    await dialog.getByRole('radio', { name: extent }).click()
    const download = this.page.waitForEvent('download')
    await dialog.getByRole('button', { name: 'Save' }).click()
    const file = await download
    return { name: file.suggestedFilename(), bytes: await readFile(await file.path()) }
  }
}
