/**
 * Draws the icons of the tray into `resources/icons`: run once after their shapes below have changed. A state has a shape of
 * its own beside its colour, and macOS wants templates, which have no colour at all.
 */
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { ensureChromium } from './support/ensure-chromium.ts'

const FOLDER = join(import.meta.dirname, '../resources/icons')

/** In a square of 22; the badge sits at the lower right. Nothing in them covers: a template has no second colour to cover with. */
const BADGES = {
  idle: (ink: string) => `<circle cx="16" cy="16" r="4" fill="none" stroke="${ink}" stroke-width="2"/>`,
  busy: (ink: string) => [11, 15.5, 20].map((x) => `<circle cx="${x}" cy="17" r="1.8" fill="${ink}"/>`).join(''),
  running: (ink: string) => `<circle cx="16" cy="16" r="5" fill="${ink}"/>`,
  trouble: (ink: string) =>
    `<path d="M16 10.500l5 9.500H11zM16 14v2.500M16 18.200v.1" fill="none" stroke="${ink}" stroke-width="1.7" stroke-linejoin="round" stroke-linecap="round"/>`,
} as const

const COLOURS = { idle: '#8b948f', busy: '#e09d1a', running: '#3fb560', trouble: '#e8493c' } as const

/** What is behind the badge is cut away around it. */
const MASK = `<mask id="m"><rect width="22" height="22" fill="#fff"/><circle cx="16" cy="16" r="7" fill="#000"/></mask>`

function coloured(state: keyof typeof BADGES): string {
  return `${MASK}<g mask="url(#m)"><rect width="22" height="22" rx="5" fill="#0b6e7f"/>
    <path d="M5 4h7.5L15 6.500V18H5z" fill="#fff"/></g>
    ${BADGES[state](COLOURS[state])}`
}

function template(state: keyof typeof BADGES): string {
  const sheet = `<path d="M4 2h9l4 4v14H4z" fill="none" stroke="#000" stroke-width="2" stroke-linejoin="round"/>`
  return `${MASK}<g mask="url(#m)">${sheet}</g>${BADGES[state]('#000')}`
}

const browser = await chromium.launch({
  executablePath: await ensureChromium(),
  args: ['--no-sandbox', '--disable-gpu'],
})
for (const state of ['idle', 'busy', 'running', 'trouble'] as const) {
  for (const [suffix, picture] of [
    ['', coloured(state)],
    ['Template', template(state)],
  ] as const) {
    for (const [scale, mark] of [
      [1, ''],
      [2, '@2x'],
    ] as const) {
      const page = await browser.newPage({ viewport: { width: 22, height: 22 }, deviceScaleFactor: scale })
      await page.setContent(
        `<style>*{margin:0}</style><svg width="22" height="22" viewBox="0 0 22 22" style="display:block">${picture}</svg>`,
      )
      await page.screenshot({ path: join(FOLDER, `tray-${state}${suffix}${mark}.png`), omitBackground: true })
      await page.close()
    }
  }
}
await browser.close()
