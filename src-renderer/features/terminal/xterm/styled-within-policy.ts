/**
 * The page's Content-Security-Policy allows no style that is written as text into the page, and xterm.js writes some: rules into
 * `<style>` elements, colours into `style` attributes. Both have a twin that the policy allows, since only scripts of the app can use
 * it: constructed style sheets, and the `style` property of an element. Here the one is led to the other, so the policy stays as it is.
 */
import type { Terminal } from '@xterm/xterm'

/**
 * A document for xterm's `documentOverride`. What it makes is of the page's own document; `open` has to be called through
 * `openStyled`, because xterm takes its first style element from the page's document itself.
 */
export function documentForXterm(page: Document = document): Document {
  return new Proxy(page, {
    get(target, property) {
      if (property === 'createElement') return (name: string) => createStyled(target, name)
      const value: unknown = Reflect.get(target, property, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

/** As `terminal.open(parent)`, with the style elements that it makes led to constructed sheets. */
export function openStyled(terminal: Terminal, parent: HTMLElement): void {
  const page = parent.ownerDocument
  Object.defineProperty(page, 'createElement', {
    configurable: true,
    value: (name: string) => createStyled(page, name),
  })
  try {
    terminal.open(parent)
  } finally {
    Reflect.deleteProperty(page, 'createElement')
  }
}

function createStyled(page: Document, name: string): HTMLElement {
  // The page's own function is another one while a terminal is being opened.
  const element = Document.prototype.createElement.call(page, name)
  if (name === 'style') leadRulesToSheet(page, element)
  else if (name === 'span') leadAttributeToProperty(element)
  return element
}

/** The element stays empty; its text becomes a sheet that lives as long as the element is used. */
function leadRulesToSheet(page: Document, element: HTMLElement): void {
  const sheet = new CSSStyleSheet()
  const remove = element.remove.bind(element)
  Object.defineProperty(element, 'textContent', { set: (rules: string) => sheet.replaceSync(rules) })
  element.remove = () => {
    page.adoptedStyleSheets = page.adoptedStyleSheets.filter((other) => other !== sheet)
    remove()
  }
  page.adoptedStyleSheets = [...page.adoptedStyleSheets, sheet]
}

function leadAttributeToProperty(element: HTMLElement): void {
  const setAttribute = element.setAttribute.bind(element)
  element.setAttribute = (name, value) => {
    if (name === 'style') element.style.cssText = value
    else setAttribute(name, value)
  }
}
