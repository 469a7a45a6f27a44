/** The timeline of a real lab: what happened to a pod is seen, stays when the pod is gone, and leaves the app as a file. */
import type { Page } from '@playwright/test'
import { webManifest } from '../../../support/manifests.ts'
import { TimelinePage } from '../../pages/timeline-page.ts'
import { expect, test } from '../../support/app-fixture.ts'
import { expectAccessible } from '../../support/expect-accessible.ts'
import { keepScreenshots } from '../../support/keep-screenshots.ts'

test('given a pod that is crashed and removed, when one looks at the timeline, then its lane tells it, also by keys, and exports hold it', async ({
  board,
  lab,
  shell,
}) => {
  const { page } = board
  const timeline = new TimelinePage(page)
  await lab.write('node01', 'web.yaml', webManifest)
  await board.waitForRunning('web-node01', 0)
  await board.crash('web-node01')
  await board.waitForRunning('web-node01', 1)

  await timeline.open()
  const lane = timeline.pod('node01', 'web-node01')
  await expect(lane).toBeVisible()
  await expect(lane).not.toHaveAttribute('data-gone')
  await expect(timeline.table).toContainText('exit 137')

  await test.step('when its file is removed, then the lane stays and is marked as gone', async () => {
    await lab.reset()
    await expect(lane).toHaveAttribute('data-gone')
    await expectAccessible(page, 'timeline')
    await keepScreenshots(page, 'timeline')
  })

  await test.step('when keys are used alone, then lanes and entries are spoken, and time is zoomed', async () => {
    await timeline.plot.focus()
    await page.getByLabel('Search').fill('ContainerDied')
    await timeline.plot.focus()
    await page.keyboard.press('PageUp')
    for (let tries = 0; tries < 100 && !(await said(timeline)).includes('Pod web-node01'); tries += 1)
      await page.keyboard.press('ArrowDown')
    await expect(timeline.said).toContainText('Pod web-node01')
    await page.keyboard.press('Shift+ArrowRight')
    await expect(timeline.said).toContainText('ContainerDied')
    const spanMs = await timeline.spanMs()
    await page.keyboard.press('+')
    await expect.poll(() => timeline.spanMs()).toBeLessThan(spanMs)
    await page.keyboard.press('Enter')
    await expect(board.inspector).toContainText('web-node01')
    await page.getByRole('button', { name: 'Clear the filters' }).click()
  })

  // A page of the stand-in for Electron has no downloads; what is saved is the same.
  if (shell !== 'browser') return
  await test.step('when it is exported, then SVG and JSON can be read, and the PNG is a picture', async () => {
    const svg = await timeline.export('SVG', 'Everything')
    expect(svg.name).toMatch(new RegExp(`^node-lab-${lab.name}-timeline-.*Z\\.svg$`))
    const drawn = await parseSvg(page, svg.bytes.toString('utf8'))
    expect(drawn).toMatchObject({ root: 'svg', faults: 0, scripts: 0 })
    expect(drawn.texts).toContain('web-node01')

    const json = JSON.parse((await timeline.export('JSON', 'Everything')).bytes.toString('utf8')) as {
      lab: string
      entries: { reason: string; pod?: { name: string } }[]
    }
    expect(json.lab).toBe(lab.name)
    const ofWeb = json.entries.filter(({ pod }) => pod?.name === 'web-node01').map(({ reason }) => reason)
    for (const reason of ['PodAdded', 'Started', 'ContainerDied', 'PodGone']) expect(ofWeb).toContain(reason)

    const png = await timeline.export('PNG', 'Everything')
    expect(png.bytes.subarray(1, 4).toString('latin1')).toBe('PNG')
    expect(await countColours(page, png.bytes)).toBeGreaterThan(10)
  })
})

async function said(timeline: TimelinePage): Promise<string> {
  return (await timeline.said.textContent()) ?? ''
}

function parseSvg(
  page: Page,
  text: string,
): Promise<{ root: string; faults: number; scripts: number; texts: string[] }> {
  return page.evaluate((source) => {
    const parsed = new DOMParser().parseFromString(source, 'image/svg+xml')
    return {
      root: parsed.documentElement.localName,
      faults: parsed.querySelectorAll('parsererror').length,
      scripts: parsed.querySelectorAll('script, foreignObject, a').length,
      texts: [...parsed.querySelectorAll('text')].map((element) => element.textContent ?? ''),
    }
  }, text)
}

/** Of the picture's pixels; a blank one has one colour. */
function countColours(page: Page, bytes: Buffer): Promise<number> {
  return page.evaluate(async (base64) => {
    const content = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
    const picture = await createImageBitmap(new Blob([content], { type: 'image/png' }))
    const canvas = new OffscreenCanvas(picture.width, picture.height)
    const context = canvas.getContext('2d')
    if (context === null) return 0
    context.drawImage(picture, 0, 0)
    const { data } = context.getImageData(0, 0, picture.width, picture.height)
    return new Set(new Uint32Array(data.buffer)).size
  }, bytes.toString('base64'))
}
