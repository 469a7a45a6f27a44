/** The board with 2,000 pods on 20 nodes: how smoothly it scrolls, how soon a change is seen, what it costs when nothing happens. */
import type { Page } from '@playwright/test'
import { median, milliseconds, type Row } from './measure.ts'
import type { WindowBench } from './window.ts'

const SCENARIO = 'many'
const LEAST_FRAMES_PER_SECOND = 55
const MOST_CHANGE_MS = 100
const MOST_IDLE_PERCENT = 1
const SCROLL_MS = 4000
const PIXELS_PER_FRAME = 60
const SETTLE_MS = 5000

export async function measureBoard(bench: WindowBench): Promise<Row[]> {
  bench.progress('the board with 2,000 pods')
  const page = await bench.open(SCENARIO)
  await page.locator('[data-pod]').first().waitFor({ timeout: 120_000 })
  await page.waitForTimeout(SETTLE_MS)
  // First of all: a pod that was crashed tells its age by the second for a while.
  const idle = await idleRow(page, bench)
  const rows = [scrollRow(await scrollBoard(page)), changeRow(await crashPods(page, bench.runs)), idle]
  await page.close()
  return rows
}

/** Frames per second while the board scrolls by as much as a fast wheel turns. */
function scrollBoard(page: Page): Promise<number> {
  return page.locator('[data-board-scroller]').evaluate(
    (scroller, { forMs, pixels }) =>
      new Promise<number>((resolve) => {
        const began = performance.now()
        let frames = 0
        const step = (now: number): void => {
          const passed = now - began
          if (passed >= forMs) return resolve((frames * 1000) / passed)
          frames += 1
          scroller.scrollTop += pixels
          requestAnimationFrame(step)
        }
        requestAnimationFrame(step)
      }),
    { forMs: SCROLL_MS, pixels: PIXELS_PER_FRAME },
  )
}

/** From the event of a killed container to the frame that shows it, pod by pod. */
async function crashPods(page: Page, runs: number): Promise<number[]> {
  await page.locator('[data-board-scroller]').evaluate((scroller) => (scroller.scrollTop = 0))
  const taken: number[] = []
  for (let run = 0; run < runs; run++) {
    taken.push(
      await page
        .locator('[data-pod][data-status="Running"][data-restarts="0"]')
        .first()
        .evaluate(
          (pod) =>
            new Promise<number>((resolve, reject) => {
              setTimeout(() => reject(new Error('the pod looks as before')), 20_000)
              const observer = new MutationObserver(() => {
                if (pod.getAttribute('data-status') === 'Running') return
                observer.disconnect()
                // The frame after the next one begins when this one is on the screen.
                requestAnimationFrame(() => requestAnimationFrame((now) => resolve(now - began)))
              })
              observer.observe(pod, { attributes: true })
              const crash = pod.querySelector<HTMLElement>('[aria-label^="Crash"]')
              const began = performance.now()
              crash?.click()
            }),
        ),
    )
  }
  return taken
}

/** Processor time of the page's process while nothing happens, in per cent of one core. */
async function idleRow(page: Page, { browser, idleSeconds, progress }: WindowBench): Promise<Row> {
  await page.waitForTimeout(SETTLE_MS)
  progress(`idle for ${idleSeconds} s`)
  const session = await browser.newBrowserCDPSession()
  const rendererSeconds = async (): Promise<number> => {
    const { processInfo } = await session.send('SystemInfo.getProcessInfo')
    return processInfo.filter(({ type }) => type === 'renderer').reduce((sum, { cpuTime }) => sum + cpuTime, 0)
  }
  const before = await rendererSeconds()
  await new Promise((resolve) => setTimeout(resolve, idleSeconds * 1000))
  const percent = ((await rendererSeconds()) - before) * (100 / idleSeconds)
  await session.detach()
  return {
    what: 'board, 2,000 pods that run for an hour, idle: processor',
    value: `${percent.toFixed(2)} %`,
    budget: `≤ ${MOST_IDLE_PERCENT} %`,
    withinBudget: percent <= MOST_IDLE_PERCENT,
  }
}

function scrollRow(framesPerSecond: number): Row {
  return {
    what: 'board, 2,000 pods: frames per second while scrolling',
    value: framesPerSecond.toFixed(0),
    budget: `≥ ${LEAST_FRAMES_PER_SECOND}`,
    withinBudget: framesPerSecond >= LEAST_FRAMES_PER_SECOND,
  }
}

function changeRow(taken: readonly number[]): Row {
  const middle = median(taken)
  return {
    what: 'board, 2,000 pods: container killed → seen',
    value: milliseconds(middle),
    budget: `≤ ${MOST_CHANGE_MS} ms`,
    withinBudget: middle <= MOST_CHANGE_MS,
  }
}
