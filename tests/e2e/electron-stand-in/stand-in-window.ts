/** `BrowserWindow` over a Chromium page, and its `webContents`. */
import { EventEmitter } from 'node:events'
import { readFileSync } from 'node:fs'
import type { Frame, Page } from 'playwright-core'
import { openChromium } from './chromium.ts'
import { computeInitScript, PAGE_BINDINGS } from './page-side.ts'
import { answer, toChromiumUrl, toElectronUrl } from './protocol-handlers.ts'

interface WindowOptions {
  width?: number
  height?: number
  webPreferences: Record<string, unknown> & { preload: string }
}

interface SenderEvent {
  senderFrame: { url: string; parent: object | null }
}

type Receive = (channel: string, values: unknown[]) => void
type Handler = (event: SenderEvent, ...values: unknown[]) => unknown

/** The settings that design §7 asks for; a window without them is not ours. */
const REQUIRED_PREFERENCES = { contextIsolation: true, sandbox: true, nodeIntegration: false, webviewTag: false }

class StandInContents extends EventEmitter {
  page: Page | undefined
  readonly #handlers = new Map<string, Handler>()
  readonly #listeners = new EventEmitter()
  readonly ipc = {
    handle: (channel: string, handler: Handler): void => {
      if (this.#handlers.has(channel)) throw new Error(`Attempted to register a second handler for '${channel}'`)
      this.#handlers.set(channel, handler)
    },
    removeHandler: (channel: string): void => void this.#handlers.delete(channel),
    on: (channel: string, listener: Handler): void => void this.#listeners.on(channel, listener),
    removeAllListeners: (channel: string): void => void this.#listeners.removeAllListeners(channel),
  }

  setWindowOpenHandler(): void {
    // Pop-ups are closed as soon as they come, see `load`.
  }

  setZoomLevel(): void {
    // Chromium's own zoom cannot be reached from here.
  }

  isDestroyed(): boolean {
    return this.page?.isClosed() ?? false
  }

  /** Electron clones as well; a page that is just loading anew misses what is sent meanwhile, as there. */
  send(channel: string, ...values: unknown[]): void {
    const deliver = ({ name, channel, values }: { name: string; channel: string; values: unknown[] }): void => {
      const receive = (globalThis as unknown as Record<string, unknown>)[name] as Receive | undefined
      receive?.(channel, values)
    }
    const message = { name: PAGE_BINDINGS.deliver, channel, values: structuredClone(values) }
    this.page?.evaluate(deliver, message).catch((error: unknown) => {
      if (!this.isDestroyed()) console.error(`stand-in: a message on ${channel} got lost: ${String(error)}`)
    })
  }

  async load(url: string, preload: string): Promise<void> {
    const context = await openChromium()
    const page = context.pages()[0] ?? (await context.newPage())
    this.page = page
    page.on('popup', (popup) => void popup.close())
    page.on('request', (request) => {
      if (request.isNavigationRequest() && request.frame() === page.mainFrame()) this.emit('did-start-loading')
    })
    await page.exposeBinding(PAGE_BINDINGS.invoke, ({ frame }, channel: string, values: unknown[]) =>
      this.#invoke(frame, channel, values),
    )
    await page.exposeBinding(PAGE_BINDINGS.send, ({ frame }, channel: string, values: unknown[]) => {
      this.#listeners.emit(channel, senderOf(frame), ...values)
      return { ok: true, value: null }
    })
    await page.addInitScript({ content: computeInitScript(readFileSync(preload, 'utf8')) })
    await page.route('**/*', async (route) => {
      const response = await answer(route.request().url(), route.request().method())
      if (response === undefined) return route.abort('blockedbyclient')
      const body = Buffer.from(await response.arrayBuffer())
      return route.fulfill({ status: response.status, headers: Object.fromEntries(response.headers), body })
    })
    await page.goto(toChromiumUrl(url))
    this.emit('did-finish-load')
  }

  async #invoke(frame: Frame, channel: string, values: unknown[]): Promise<{ ok: boolean; value: unknown }> {
    const handler = this.#handlers.get(channel)
    if (handler === undefined) return { ok: false, value: `Error: No handler registered for '${channel}'` }
    try {
      return { ok: true, value: structuredClone(await handler(senderOf(frame), ...values)) }
    } catch (error) {
      return { ok: false, value: String(error) }
    }
  }
}

function senderOf(frame: Frame): SenderEvent {
  return { senderFrame: { url: toElectronUrl(frame.url()), parent: frame.parentFrame() } }
}

export class StandInWindow extends EventEmitter {
  static readonly #open = new Set<StandInWindow>()
  static #onAllClosed: () => void = () => undefined

  static getAllWindows(): StandInWindow[] {
    return [...StandInWindow.#open]
  }

  static onAllClosed(listener: () => void): void {
    StandInWindow.#onAllClosed = listener
  }

  readonly webContents = new StandInContents()
  readonly #options: WindowOptions

  constructor(options: WindowOptions) {
    super()
    for (const [name, value] of Object.entries(REQUIRED_PREFERENCES)) {
      if (options.webPreferences[name] !== value) throw new Error(`webPreferences.${name} must be ${value}`)
    }
    this.#options = options
    StandInWindow.#open.add(this)
  }

  async loadURL(url: string): Promise<void> {
    await this.webContents.load(url, this.#options.webPreferences.preload)
    this.webContents.page?.on('close', () => this.#closed())
    this.emit('ready-to-show')
  }

  async closeAndWait(): Promise<void> {
    this.emit('close', { preventDefault: () => undefined })
    await this.webContents.page?.close()
    this.#closed()
  }

  getNormalBounds(): object {
    return { x: 0, y: 0, width: this.#options.width ?? 800, height: this.#options.height ?? 600 }
  }

  isMaximized(): boolean {
    return false
  }

  isMinimized(): boolean {
    return false
  }

  isVisible(): boolean {
    return true
  }

  hide(): void {}
  maximize(): void {}
  restore(): void {}
  show(): void {}
  focus(): void {}

  #closed(): void {
    if (!StandInWindow.#open.delete(this)) return
    this.emit('closed')
    if (StandInWindow.#open.size === 0) StandInWindow.#onAllClosed()
  }
}
