/** The board with 2,000 pods on 20 nodes: how smoothly it scrolls, how soon a change is seen, what it costs when nothing happens. */
import type { Locator, Page } from '@playwright/test'
import type { NodeLabBridge } from '../../src-main/common/ipc/bridge.ts'
import { median, milliseconds, type Row } from './measure.ts'
import { onPlainPage } from './window-floor.ts'
import { FRAME_ROUNDS, framesRow, scrollFrames } from './window-frames.ts'
import type { WindowBench } from './window.ts'

const SCENARIO = 'many'
const MOST_CHANGE_MS = 100
const MOST_IDLE_PERCENT = 1
const SETTLE_MS = 5000
const IDLE_SPANS = 5

export async function measureBoard(bench: WindowBench): Promise<Row[]> {
  bench.progress('a plain page that idles')
  const idleFloor = await onPlainPage(bench, () => idlePercent(bench))
  bench.progress('the board with 2,000 pods')
  const page = await bench.open(SCENARIO)
  await page.locator('[data-pod]').first().waitFor({ timeout: 120_000 })
  await page.waitForTimeout(SETTLE_MS)
  // First of all: a pod that was crashed tells its age by the second for a while.
  const idle = idleRow(await idlePercent(bench), idleFloor)
  const [ours, floor]: [number[], number[]] = [[], []]
  for (let round = 0; round < FRAME_ROUNDS; round++) {
    floor.push(await onPlainPage(bench, scrollFrames))
    await page.bringToFront()
    ours.push(await scrollFrames(page.locator('[data-board-scroller]')))
  }
  await page.locator('[data-board-scroller]').evaluate((scroller) => (scroller.scrollTop = 0))
  const changes = await killContainers(page, bench.runs)
  await page.close()
  const changeFloor = await onPlainPage(bench, (scroller) => changeBoxes(scroller, bench.runs))
  return [framesRow('board, 2,000 pods, scrolled', ours, floor), changeRow(changes, changeFloor), idle]
}

/** From a container that is killed outside of the window to the frame that shows it, pod by pod. */
async function killContainers(page: Page, runs: number): Promise<number[]> {
  const taken: number[] = []
  for (let run = 0; run < runs; run++) {
    taken.push(
      await page
        .locator('[data-pod][data-status="Running"][data-restarts="0"]')
        .first()
        .evaluate(
          (element) =>
            new Promise<number>((resolve, reject) => {
              setTimeout(() => reject(new Error('the pod looks as before')), 20_000)
              const observer = new MutationObserver(() => {
                if (element.getAttribute('data-status') === 'Running') return
                observer.disconnect()
                // The frame after the next one begins when this one is on the screen.
                requestAnimationFrame(() => requestAnimationFrame((now) => resolve(now - began)))
              })
              observer.observe(element, { attributes: true })
              const [node = '', namespace = '', pod = ''] = (element.getAttribute('data-wire') ?? '').split('/')
              const { nodeLab } = window as unknown as { nodeLab: NodeLabBridge }
              const began = performance.now()
              void nodeLab.call('pod/crash', { lab: 'default', node, namespace, pod })
            }),
        ),
    )
  }
  return taken
}

/** The least that a change can take: a box's words, until the frame that shows them is on the screen. */
async function changeBoxes(scroller: Locator, runs: number): Promise<number[]> {
  const taken: number[] = []
  for (let run = 0; run < runs; run++) {
    taken.push(
      await scroller
        .locator('p')
        .nth(run)
        .evaluate(
          (box) =>
            new Promise<number>((resolve) => {
              const began = performance.now()
              box.textContent = 'changed'
              requestAnimationFrame(() => requestAnimationFrame((now) => resolve(now - began)))
            }),
        ),
    )
  }
  return taken
}

/**
 * Processor time of the pages' processes while nothing happens, in per cent of one core: the median of spans, for V8 collects what
 * loading left behind once, some time after it.
 */
async function idlePercent({ browser, idleSeconds, progress }: WindowBench): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS))
  progress(`idle for ${idleSeconds} s`)
  const session = await browser.newBrowserCDPSession()
  const rendererSeconds = async (): Promise<number> => {
    const { processInfo } = await session.send('SystemInfo.getProcessInfo')
    return processInfo.filter(({ type }) => type === 'renderer').reduce((sum, { cpuTime }) => sum + cpuTime, 0)
  }
  const percents: number[] = []
  for (let span = 0; span < IDLE_SPANS; span++) {
    const before = await rendererSeconds()
    await new Promise((resolve) => setTimeout(resolve, (idleSeconds / IDLE_SPANS) * 1000))
    percents.push(((await rendererSeconds()) - before) * ((100 * IDLE_SPANS) / idleSeconds))
  }
  await session.detach()
  return median(percents)
}

function idleRow(percent: number, floor: number): Row {
  return {
    what: 'board, 2,000 pods that run for an hour, idle: processor',
    value: `${percent.toFixed(2)} %`,
    floor: `${floor.toFixed(2)} %`,
    budget: `≤ ${MOST_IDLE_PERCENT} %`,
    withinBudget: percent <= MOST_IDLE_PERCENT,
  }
}

function changeRow(ours: readonly number[], floor: readonly number[]): Row {
  const middle = median(ours)
  return {
    what: 'board, 2,000 pods: container killed → seen',
    value: milliseconds(middle),
    floor: milliseconds(median(floor)),
    ratio: middle / median(floor),
    budget: `≤ ${MOST_CHANGE_MS} ms`,
    withinBudget: middle <= MOST_CHANGE_MS,
  }
}
