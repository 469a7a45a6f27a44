/** The board as a user names its parts; the landmarks are promised in src-renderer/README.md. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, type Locator, type Page } from '@playwright/test'

export class BoardPage {
  readonly page: Page
  readonly lab: string

  constructor(page: Page, lab: string) {
    this.page = page
    this.lab = lab
  }

  /** Both nodes run and nothing lies in their folders. */
  async waitUntilClean(): Promise<void> {
    for (const node of ['node01', 'node02']) {
      await expect(this.node(node)).toHaveAttribute('data-state', 'running')
    }
    await expect(this.page.locator('[data-file], [data-pod]')).toHaveCount(0)
  }

  node(name: string): Locator {
    return this.page.locator(`[data-node="${name}"]`)
  }

  file(node: string, name: string): Locator {
    return this.node(node).locator(`[data-file="${name}"]`)
  }

  pod(name: string): Locator {
    return this.page.locator(`[data-pod="${name}"]`)
  }

  get toast(): Locator {
    return this.page.locator('[data-toast]')
  }

  get inspector(): Locator {
    return this.page.getByRole('complementary', { name: 'Inspector' })
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true })
  }

  /** With the explanation before. */
  async crash(pod: string): Promise<void> {
    await this.button(`Crash ${pod}`).click()
    await this.page.getByRole('dialog').getByRole('button', { name: 'Crash it' }).click()
  }

  async openPlace(name: 'Board' | 'Timeline' | 'Settings'): Promise<void> {
    await this.page.getByRole('navigation', { name: 'Places' }).getByRole('link', { name }).click()
  }

  /** Drops a file from outside, as from the system's file manager: the browser itself makes the events. */
  async dropFromOutside(node: string, name: string, content: string): Promise<void> {
    const folder = mkdtempSync(join(tmpdir(), 'node-lab-drop-'))
    const path = join(folder, name)
    writeFileSync(path, content)
    await this.dropPath(this.node(node), path)
    // The page reads the file after the drop; it is kept until its row is there.
    await expect(this.file(node, name)).toBeVisible()
    rmSync(folder, { recursive: true, force: true })
  }

  /** Drops a folder of files from outside on a node. @param taken comes up once all of them have been read */
  async dropFolderFromOutside(node: string, files: Readonly<Record<string, string>>, taken: Locator): Promise<void> {
    const folder = mkdtempSync(join(tmpdir(), 'node-lab-drop-'))
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
    await this.dropPath(this.node(node), folder)
    await expect(taken).toBeVisible()
    rmSync(folder, { recursive: true, force: true })
  }

  /** With the pointer, from the middle of one thing to that of another; `whileOver` is called before it is let go. */
  async drag(
    from: Locator,
    to: Locator,
    options: { copy?: boolean; whileOver?: () => Promise<void> } = {},
  ): Promise<void> {
    const { mouse, keyboard } = this.page
    await from.hover()
    await mouse.down()
    const start = await this.middleOf(from)
    await mouse.move(start.x + 12, start.y + 6, { steps: 4 })
    // What is dragged to may only come up now, as the bin does.
    if (options.copy === true) await keyboard.down('Control')
    const end = await this.middleOf(to)
    await mouse.move(end.x, end.y, { steps: 6 })
    await mouse.move(end.x + 2, end.y)
    await options.whileOver?.()
    await mouse.up()
    if (options.copy === true) await keyboard.up('Control')
  }

  private async middleOf(place: Locator): Promise<{ x: number; y: number }> {
    await place.waitFor()
    const box = await place.boundingBox()
    if (box === null) throw new Error(`${String(place)} is not on the screen`)
    return { x: box.x + box.width / 2, y: box.y + Math.min(box.height / 2, 120) }
  }

  private async dropPath(place: Locator, path: string): Promise<void> {
    const position = await this.middleOf(place)
    const session = await this.page.context().newCDPSession(this.page)
    const data = { items: [], files: [path], dragOperationsMask: 1 }
    for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
      await session.send('Input.dispatchDragEvent', { type, ...position, data })
    }
    await session.detach()
  }

  /** @param restarts exact count; left out where it depends on what the node has kept of an earlier life */
  async waitForRunning(pod: string, restarts?: number): Promise<void> {
    await expect(this.pod(pod)).toHaveAttribute('data-status', 'Running')
    if (restarts !== undefined) await expect(this.pod(pod)).toHaveAttribute('data-restarts', String(restarts))
  }
}
