/** The colours of the tokens as they are now, for what CSS does not paint. */
import { INKS, type Palette } from '../../model/scene.ts'

/** @param theme of that one, without anybody seeing the window in it; the present one when absent */
export function readPalette(theme?: 'light' | 'dark'): Palette {
  const root = document.documentElement
  const before = root.dataset['theme']
  if (theme !== undefined) root.dataset['theme'] = theme
  try {
    const style = getComputedStyle(root)
    const colours = INKS.map((ink) => [ink, style.getPropertyValue(`--${ink}`).trim()])
    return Object.fromEntries(colours) as Palette
  } finally {
    if (theme !== undefined) {
      if (before === undefined) delete root.dataset['theme']
      else root.dataset['theme'] = before
    }
  }
}

export function readFonts(): { fontFamily: string; monospaceFamily: string } {
  const style = getComputedStyle(document.documentElement)
  const monospaceFamily = style.getPropertyValue('--font-mono').trim() || 'monospace'
  return { fontFamily: getComputedStyle(document.body).fontFamily || 'sans-serif', monospaceFamily }
}
