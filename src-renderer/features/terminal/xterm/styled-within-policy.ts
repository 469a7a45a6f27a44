/**
 * The page's Content-Security-Policy allows no rules that are written as text into the page, and xterm.js writes its own into `<style>`
 * elements. Rules have a twin that the policy allows, since only scripts of the app can make it: constructed style sheets. Here the one is
 * led to the other. (Colours that xterm writes into `style` attributes are the policy's one exception: shell/app/static-files.ts.)
 */
import type { Terminal } from '@xterm/xterm'

/** As `terminal.open(parent)`; xterm makes all of its style elements in it, and changes them later. */
export function openStyled(terminal: Terminal, parent: HTMLElement): void {
  const page = parent.ownerDocument
  const createElement = page.createElement.bind(page)
  const createStyled = (name: string): HTMLElement =>
    name === 'style' ? createSheetElement(page, createElement('template')) : createElement(name)
  Object.defineProperty(page, 'createElement', { configurable: true, value: createStyled })
  try {
    terminal.open(parent)
  } finally {
    Reflect.deleteProperty(page, 'createElement')
  }
}

/** Takes rules as a style element does; they count until it is removed. It is none, because the policy refuses even an empty one. */
function createSheetElement(page: Document, element: HTMLElement): HTMLElement {
  const sheet = new CSSStyleSheet()
  const remove = element.remove.bind(element)
  Object.defineProperty(element, 'textContent', { set: (rules: string) => sheet.replaceSync(rules) })
  element.remove = () => {
    page.adoptedStyleSheets = page.adoptedStyleSheets.filter((other) => other !== sheet)
    remove()
  }
  page.adoptedStyleSheets = [...page.adoptedStyleSheets, sheet]
  return element
}
