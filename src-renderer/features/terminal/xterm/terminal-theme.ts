/** The terminal's colours, from the tokens of the appearance that is on. */
import type { ITheme } from '@xterm/xterm'

/** xterm's names of the sixteen colours, and of ours (styles/tokens.css). */
const COLOURS = {
  black: '--terminal-black',
  red: '--terminal-red',
  green: '--terminal-green',
  yellow: '--terminal-yellow',
  blue: '--terminal-blue',
  magenta: '--terminal-magenta',
  cyan: '--terminal-cyan',
  white: '--terminal-white',
  brightBlack: '--terminal-bright-black',
  brightRed: '--terminal-bright-red',
  brightGreen: '--terminal-bright-green',
  brightYellow: '--terminal-bright-yellow',
  brightBlue: '--terminal-bright-blue',
  brightMagenta: '--terminal-bright-magenta',
  brightCyan: '--terminal-bright-cyan',
  brightWhite: '--terminal-bright-white',
  background: '--terminal-background',
  foreground: '--terminal-foreground',
  cursor: '--accent',
  cursorAccent: '--terminal-background',
  selectionBackground: '--terminal-selection',
  scrollbarSliderBackground: '--terminal-scrollbar',
  scrollbarSliderHoverBackground: '--terminal-scrollbar',
  scrollbarSliderActiveBackground: '--terminal-scrollbar',
} as const satisfies { [Name in keyof ITheme]?: string }

export function readTerminalTheme(root: Element = document.documentElement): ITheme {
  const style = getComputedStyle(root)
  const theme: ITheme = {}
  for (const [name, token] of Object.entries(COLOURS)) {
    const value = style.getPropertyValue(token).trim()
    if (value !== '') theme[name as keyof typeof COLOURS] = value
  }
  return theme
}

/** Of what a search has found; xterm takes #RRGGBB alone here. */
export function readSearchColours(root: Element = document.documentElement): { match: string; active: string } {
  const style = getComputedStyle(root)
  return {
    match: style.getPropertyValue('--terminal-match').trim(),
    active: style.getPropertyValue('--terminal-match-active').trim(),
  }
}
