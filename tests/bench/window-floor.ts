/**
 * What the machine itself can do: a plain page of as many boxes as the board has pods. Between it and ours lies what the window costs;
 * without a graphics card, or on a busy machine, the floor may itself be below a budget.
 */
import type { Locator } from '@playwright/test'
import type { WindowBench } from './window.ts'

const BOXES = 2000
const COLUMNS = 3

const PAGE = `<!doctype html><style>
  body { margin: 0 }
  main { height: 100vh; overflow: auto; background: #fff }
  section { display: grid; grid-template-columns: repeat(${COLUMNS}, 1fr); gap: 8px; padding: 4px }
  p { box-sizing: border-box; height: 62px; margin: 0; padding: 8px; border: 1px solid #ccc }
</style><main><section></section></main>`

/** @param measure what is measured with the element that scrolls; the page is closed after it */
export async function onPlainPage<Result>(
  { browser, viewport }: Pick<WindowBench, 'browser' | 'viewport'>,
  measure: (scroller: Locator) => Promise<Result>,
): Promise<Result> {
  const page = await browser.newPage({ viewport })
  await page.setContent(PAGE)
  await page.locator('section').evaluate((section, count) => {
    const box = (_: unknown, index: number): HTMLElement =>
      Object.assign(document.createElement('p'), { textContent: `box ${index}` })
    section.append(...Array.from({ length: count }, box))
  }, BOXES)
  try {
    return await measure(page.locator('main'))
  } finally {
    await page.close()
  }
}
