/** Frames that a page draws while it is scrolled, and the row of a table that says so beside the plain page's. */
import type { Locator } from '@playwright/test'
import { median, type Row } from './measure.ts'

/** Ours and the floor in turn, so that a slow moment of the machine slows both. */
export const FRAME_ROUNDS = 3
const SCROLL_MS = 4000
/** In every frame: as much as a fast wheel turns. */
const PIXELS_PER_FRAME = 60
const LEAST_FRAMES_PER_SECOND = 55

/** Frames per second while the element is scrolled down from its top. */
export function scrollFrames(scroller: Locator): Promise<number> {
  return scroller.evaluate(
    (element, { forMs, pixels }) =>
      new Promise<number>((resolve) => {
        element.scrollTop = 0
        const began = performance.now()
        let frames = 0
        const step = (now: number): void => {
          const passed = now - began
          if (passed >= forMs) return resolve((frames * 1000) / passed)
          frames += 1
          element.scrollTop += pixels
          requestAnimationFrame(step)
        }
        requestAnimationFrame(step)
      }),
    { forMs: SCROLL_MS, pixels: PIXELS_PER_FRAME },
  )
}

/** Both in frames per second, the floor of the plain page in the same rounds. */
export function framesRow(what: string, ours: readonly number[], floor: readonly number[]): Row {
  const framesPerSecond = median(ours)
  return {
    what: `${what}: frames per second`,
    value: framesPerSecond.toFixed(1),
    floor: median(floor).toFixed(1),
    ratio: framesPerSecond / median(floor),
    budget: `≥ ${LEAST_FRAMES_PER_SECOND}`,
    withinBudget: framesPerSecond >= LEAST_FRAMES_PER_SECOND,
  }
}
