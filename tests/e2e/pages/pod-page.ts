/** A pod's page as a user names its parts; the landmarks are promised in src-renderer/README.md. */
import { expect, type Locator, type Page } from '@playwright/test'

export type PodTab = 'Lifecycle' | 'Containers' | 'Events' | 'Logs' | 'Terminal' | 'Manifest' | 'Object' | 'API'

export class PodPage {
  readonly page: Page

  constructor(page: Page) {
    this.page = page
  }

  /** From the board, by the inspector's link. */
  async openFromBoard(pod: string): Promise<void> {
    await this.page.getByRole('button', { name: `Open ${pod}`, exact: true }).click()
    await this.page.getByRole('link', { name: 'Open as a page' }).click()
    await expect(this.title).toHaveText(pod)
  }

  get title(): Locator {
    return this.page.getByRole('heading', { level: 1 })
  }

  async openTab(name: PodTab): Promise<void> {
    await this.page.getByRole('tab', { name, exact: true }).click()
  }

  /** On the tab of the containers, with the explanation that comes first. */
  async crash(container: string): Promise<void> {
    await this.openTab('Containers')
    await this.page.getByRole('button', { name: `Crash ${container}`, exact: true }).click()
    await this.page.getByRole('dialog').getByRole('button', { name: 'Crash it' }).click()
  }

  /** Of the shell on the tab of the terminal. */
  get terminal(): Locator {
    return this.page.locator('[data-terminal]')
  }

  strip(container: string): Locator {
    return this.page.locator(`[data-strip="${container}"]`)
  }

  /** A state of the state machine's picture. */
  state(stage: string): Locator {
    return this.page.locator(`[data-stage="${stage}"][data-lit]`)
  }

  get log(): Locator {
    return this.page.getByRole('log', { name: 'Log' })
  }

  get search(): Locator {
    return this.page.getByRole('searchbox', { name: 'Search the log' })
  }
}
