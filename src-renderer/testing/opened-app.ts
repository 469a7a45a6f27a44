/** The whole app on the in-memory bridge, driven by a fake clock: what a test does with it, in words. */
import { flushPromises, type VueWrapper } from '@vue/test-utils'
import { vi } from 'vitest'
import App from '../App.vue'
import { installBridge } from '../bridge/client.ts'
import { createFakeBridge, type FakeBridge } from '../bridge/fake-bridge.ts'
import { mountInApp } from './mount-app.ts'

export class OpenedApp {
  readonly bridge: FakeBridge
  readonly view: VueWrapper

  private constructor(scenario: string) {
    this.bridge = createFakeBridge(scenario)
    installBridge(this.bridge)
    this.view = mountInApp(App)
  }

  /** Fake timers have to be on. */
  static async open(scenario: string): Promise<OpenedApp> {
    const app = new OpenedApp(scenario)
    await app.pass(0)
    return app
  }

  close(): void {
    this.bridge.dispose()
    this.view.unmount()
    document.body.innerHTML = ''
  }

  async pass(milliseconds: number): Promise<void> {
    await vi.advanceTimersByTimeAsync(milliseconds)
    await flushPromises()
  }

  filesOf(node: string): string[] {
    return this.view.findAll(`[data-node="${node}"] [data-file]`).map((file) => file.attributes('data-file') ?? '')
  }

  /** Dialogs, menus and messages lie outside the app's own element. */
  get words(): string {
    return document.body.textContent ?? ''
  }

  async pressText(text: string): Promise<void> {
    const button = [...document.querySelectorAll<HTMLElement>('button, [role="menuitem"]')].find(
      (candidate) => candidate.textContent?.trim() === text,
    )
    if (button === undefined) throw new Error(`There is no button "${text}".`)
    button.click()
    await this.pass(50)
  }

  /** A key on what is named so. */
  async key(selector: string, init: KeyboardEventInit): Promise<void> {
    const element = this.view.get<HTMLElement>(selector).element
    element.focus()
    element.dispatchEvent(new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...init }))
    await this.pass(50)
  }

  /** Picks something up and lets it go over something else. */
  async drag(from: string, to: string, init: { ctrlKey?: boolean } = {}): Promise<void> {
    const data = new Map<string, string>()
    const dataTransfer = {
      types: ['text/plain'],
      items: [],
      dropEffect: 'none',
      effectAllowed: 'all',
      setData: (type: string, value: string) => void data.set(type, value),
      getData: (type: string) => data.get(type) ?? '',
    }
    await this.view.get(from).trigger('dragstart', { dataTransfer })
    await this.pass(50)
    await this.view.get(to).trigger('dragover', { dataTransfer, ...init })
    await this.pass(400)
    await this.view.get(to).trigger('drop', { dataTransfer, ...init })
    await this.view.find(from).element?.dispatchEvent(new Event('dragend', { bubbles: true }))
    await this.pass(50)
  }

  /** Lets things from outside go over an element. */
  async dropItems(to: string, items: readonly object[], texts: Readonly<Record<string, string>> = {}): Promise<void> {
    const types = items.length > 0 ? ['Files'] : Object.keys(texts)
    const dataTransfer = { types, items, dropEffect: 'none', getData: (type: string) => texts[type] ?? '' }
    await this.view.get(to).trigger('drop', { dataTransfer })
    await this.pass(50)
  }
}

export function aManifestText(name: string, image = 'nginx'): string {
  return `apiVersion: v1\nkind: Pod\nmetadata:\n  name: ${name}\nspec:\n  containers:\n    - name: a\n      image: ${image}\n`
}

/** As a browser hands over a file of a drop. */
export function aDroppedFile(name: string, content: BlobPart): object {
  const file = new File([content], name)
  return { kind: 'file', getAsFile: () => file, webkitGetAsEntry: () => ({ isDirectory: false, name }) }
}

/** As a browser hands over a folder: its files in parts, and an empty part at the end. */
export function aDroppedFolder(name: string, files: Readonly<Record<string, string>>): object {
  const entries = Object.entries(files).map(([child, content]) => ({
    name: child,
    isFile: true,
    isDirectory: false,
    file: (resolve: (file: File) => void) => resolve(new File([content], child)),
  }))
  const createReader = (): object => {
    const parts = [entries, []]
    return { readEntries: (resolve: (part: unknown) => void) => resolve(parts.shift()) }
  }
  const entry = { name, isFile: false, isDirectory: true, createReader }
  return { kind: 'file', getAsFile: () => new File([], name), webkitGetAsEntry: () => entry }
}
