/** The timeline with 20,000 entries of 2,000 pods: how smoothly it is scrolled, zoomed and moved through time. */
import type { Page } from '@playwright/test'
import type { Row } from './measure.ts'
import { onPlainPage } from './window-floor.ts'
import { FRAME_ROUNDS, framesRow, scrollFrames } from './window-frames.ts'
import type { WindowBench } from './window.ts'

const SCENARIO = 'large'
const MEASURED_MS = 4000
const SETTLE_MS = 5000
const GESTURES = ['scrolled', 'zoomed', 'moved through time'] as const

export async function measureTimeline(bench: WindowBench): Promise<Row[]> {
  bench.progress('the timeline with 20,000 entries')
  const page = await bench.open(SCENARIO, '/timeline')
  await page.locator('[data-lane]').first().waitFor({ timeout: 120_000 })
  await page.waitForTimeout(SETTLE_MS)
  const floor: number[] = []
  const ours = GESTURES.map((gesture) => ({ gesture, frames: new Array<number>() }))
  for (let round = 0; round < FRAME_ROUNDS; round++) {
    floor.push(await onPlainPage(bench, scrollFrames))
    await page.bringToFront()
    for (const { gesture, frames } of ours) frames.push(await measureFrames(page, gesture))
  }
  await page.close()
  return ours.map(({ gesture, frames }) => framesRow(`timeline, 20,000 entries, ${gesture}`, frames, floor))
}

/** Frames per second while the gesture goes on in each of them, there and back every second. */
function measureFrames(page: Page, gesture: (typeof GESTURES)[number]): Promise<number> {
  return page.locator('[data-timeline-plot]').evaluate(
    (plot, { forMs, kind }) =>
      new Promise<number>((resolve) => {
        const box = plot.getBoundingClientRect()
        const place = {
          clientX: box.left + box.width / 2,
          clientY: box.top + box.height / 2,
          bubbles: true,
          cancelable: true,
        }
        const scroller = plot.closest('[data-timeline-scroller]')
        const began = performance.now()
        let frames = 0
        const step = (now: number): void => {
          const passed = now - began
          if (passed >= forMs) return resolve((frames * 1000) / passed)
          const direction = frames++ % 120 < 60 ? 1 : -1
          if (kind === 'zoomed')
            plot.dispatchEvent(new WheelEvent('wheel', { ...place, ctrlKey: true, deltaY: -40 * direction }))
          else if (kind === 'scrolled') scroller?.scrollBy(0, 60)
          else plot.dispatchEvent(new WheelEvent('wheel', { ...place, deltaX: -30 * direction }))
          requestAnimationFrame(step)
        }
        requestAnimationFrame(step)
      }),
    { forMs: MEASURED_MS, kind: gesture },
  )
}
