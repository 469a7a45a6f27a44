/**
 * An xterm.js terminal as this app wants it. Output is hostile: titles are text, links open nothing by themselves, no sequence reaches
 * the clipboard (xterm has no OSC 52 without an add-on, and none is loaded) or the window (`windowOptions` are all off).
 */
import { FitAddon } from '@xterm/addon-fit'
import { SearchAddon } from '@xterm/addon-search'
import { Terminal } from '@xterm/xterm'
import '@xterm/xterm/css/xterm.css'
import type { TerminalChunk } from '@common/lab/terminal.ts'
import { answerOnce } from './answer-once.ts'
import { openStyled } from './styled-within-policy.ts'
import { readTerminalTheme } from './terminal-theme.ts'

/** Lines that can be scrolled back to; beyond them the oldest go. */
const SCROLLBACK_LINES = 5_000
/** At the usual zoom, in pixels; grows with the font size of the page. */
const FONT_SIZE = 13
const USUAL_PAGE_FONT_SIZE = 16
/** Longest title that is kept of what a program calls itself. */
const MAXIMUM_TITLE_LENGTH = 120

export interface XtermOptions {
  screenReader: boolean
  /** What was typed, or the answer to a program's question that nobody else answers. */
  onData(data: string): void
  onSize(columns: number, rows: number): void
  onTitle(title: string): void
  /** Somebody has pressed on a link in the output; it is an http(s) address. */
  onLink(address: string): void
  /** Whether a key is the app's and not the shell's. */
  isAppKey(event: KeyboardEvent): boolean
}

export interface XtermScreen {
  terminal: Terminal
  search: SearchAddon
  /** Resolves when it is on the screen. The chunk before has to be there already. */
  write(chunk: TerminalChunk): Promise<void>
  /** Fits columns and rows to its place, after the place or the page's font has changed. */
  fit(): void
  dispose(): void
}

export function createXterm(place: HTMLElement, options: XtermOptions): XtermScreen {
  const terminal = new Terminal({
    // Decorations of found text are an API that xterm calls proposed.
    allowProposedApi: true,
    cursorBlink: !matchMedia('(prefers-reduced-motion: reduce)').matches,
    fontFamily: getComputedStyle(place).fontFamily,
    fontSize: fontSize(),
    lineHeight: 1.2,
    scrollback: SCROLLBACK_LINES,
    minimumContrastRatio: 4.5,
    screenReaderMode: options.screenReader,
    macOptionIsMeta: true,
    rightClickSelectsWord: false,
    theme: readTerminalTheme(),
    linkHandler: { activate: (_event, address) => openIfWeb(address, options.onLink), allowNonHttpProtocols: false },
  })
  const fit = new FitAddon()
  const search = new SearchAddon({ highlightLimit: 5_000 })
  terminal.loadAddon(fit)
  terminal.loadAddon(search)
  openStyled(terminal, place)
  const write = answerOnce(terminal, options.onData)
  // Mouse reports of old programs are bytes, not text.
  terminal.onBinary(options.onData)
  terminal.onResize(({ cols, rows }) => options.onSize(cols, rows))
  terminal.onTitleChange((title) => options.onTitle(title.slice(0, MAXIMUM_TITLE_LENGTH)))
  terminal.attachCustomKeyEventHandler((event) => !options.isAppKey(event))
  const appearance = new MutationObserver(() => (terminal.options.theme = readTerminalTheme()))
  appearance.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme', 'data-contrast'] })
  return {
    terminal,
    search,
    write,
    fit: () => {
      if (terminal.options.fontSize !== fontSize()) terminal.options.fontSize = fontSize()
      fit.fit()
    },
    dispose: () => {
      appearance.disconnect()
      terminal.dispose()
    },
  }
}

function fontSize(): number {
  const page = Number.parseFloat(getComputedStyle(document.documentElement).fontSize)
  return Math.round((FONT_SIZE * (page || USUAL_PAGE_FONT_SIZE)) / USUAL_PAGE_FONT_SIZE)
}

function openIfWeb(address: string, onLink: (address: string) => void): void {
  const url = URL.parse(address)
  if (url !== null && (url.protocol === 'http:' || url.protocol === 'https:')) onLink(url.href)
}
