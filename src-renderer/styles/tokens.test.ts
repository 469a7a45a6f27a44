import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

// Vitest leaves style sheets empty when they are imported.
const css = readFileSync(join(import.meta.dirname, 'tokens.css'), 'utf8')

/** WCAG 2.2: 4.5 for text, 3 for what is drawn. */
const TEXT = 4.5
const DRAWN = 3

function tokensOf(selector: string): Map<string, string> {
  const start = css.indexOf('{', css.indexOf(selector))
  const block = css.slice(start, css.indexOf('}', start))
  return new Map([...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})/g)].map(([, name = '', value = '']) => [name, value]))
}

function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((from) => {
    const part = Number.parseInt(hex.slice(from, from + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].toSorted((left, right) => right - left)
  return (light + 0.05) / (dark + 0.05)
}

const light = tokensOf(':root {')
const dark = tokensOf(":root[data-theme='dark']")
/** High contrast lays its tokens over those of its theme; its text has to reach AAA. */
const contrastLight = new Map([...light, ...tokensOf(":root[data-contrast='more'] {")])
const contrastDark = new Map([...dark, ...tokensOf(":root[data-theme='dark'][data-contrast='more']")])
const ENHANCED_TEXT = 7
const ansi = ['red', 'green', 'yellow', 'blue', 'magenta', 'cyan'].map((colour) => `ansi-${colour}`)
const grounds = ['canvas', 'surface', 'raised', 'sunken', 'paper']
const states = ['waiting', 'running', 'back-off', 'done', 'ended', 'failed'].map((state) => `state-${state}`)
const pairs = [
  ...grounds.flatMap((ground) => ['ink', 'ink-soft', 'ink-faint'].map((ink) => [ink, ground, TEXT] as const)),
  ...['surface', 'raised', 'paper'].flatMap((ground) => states.map((state) => [state, ground, TEXT] as const)),
  ...['surface', 'raised', 'canvas', 'sunken'].map((ground) => ['accent', ground, TEXT] as const),
  ...['surface', 'raised', 'canvas'].map((ground) => ['reflection', ground, TEXT] as const),
  ...['surface', 'canvas'].map((ground) => ['simulated', ground, TEXT] as const),
  ...ansi.map((colour) => [colour, 'surface', TEXT] as const),
  ['on-accent', 'accent', TEXT] as const,
  ['surface', 'ink', TEXT] as const,
  ['surface', 'state-failed', TEXT] as const,
  ['line-strong', 'surface', 2] as const,
  ['accent', 'paper', DRAWN] as const,
]

describe('contrast', () => {
  it.each([
    ['light', light, TEXT],
    ['dark', dark, TEXT],
    ['high-contrast light', contrastLight, ENHANCED_TEXT],
    ['high-contrast dark', contrastDark, ENHANCED_TEXT],
  ])('given the %s theme, every ink can be read on every ground that it is used on', (_theme, tokens, text) => {
    const value = (name: string): string => tokens.get(name) ?? `no token ${name}`
    const measured = pairs.map(([ink, ground, minimum]) => {
      const ratio = contrast(value(ink), value(ground))
      return { pair: `${ink} on ${ground}`, ratio, isEnough: ratio >= (minimum === TEXT ? text : minimum) }
    })
    expect(measured.filter(({ isEnough }) => !isEnough)).toEqual([])
  })
})
