/** A page that is loaded while the machine's network changes, as it does with every pod. */
import { expect, test } from '@playwright/test'
import { startApp, type RunningApp } from '../../support/shells.ts'

let app: RunningApp

test.beforeEach(async () => {
  app = await startApp('browser')
})
test.afterEach(() => app.stop())

test('given a part of the page that is dropped twice on its way, when the page is loaded, then it comes up all the same', async () => {
  let dropped = 0
  await app.page.route(/\/assets\/index-.*\.js$/, (route) => {
    dropped += 1
    return dropped <= 2 ? route.abort('failed') : route.continue()
  })
  await app.page.reload()
  await expect(app.page.getByRole('navigation', { name: 'Places' })).toBeVisible()
  expect(dropped).toBe(3)
})

test('given parts of the window that are dropped twice on their way, when they are wanted, then they are there all the same', async () => {
  const drops = new Map<string, number>()
  await app.page.route(/\/(assets\/(?!index-|style-).*|parts\.json)$/, (route, request) => {
    const dropped = drops.get(request.url()) ?? 0
    drops.set(request.url(), dropped + 1)
    return dropped < 2 ? route.abort('failed') : route.continue()
  })
  await app.page.reload()
  for (const place of ['Timeline', 'Terminal', 'Diagnostics']) {
    await app.page.getByRole('navigation', { name: 'Places' }).getByRole('link', { name: place }).click()
    await expect(app.page.getByRole('heading', { name: place, level: 1 })).toBeVisible()
  }
  expect([...drops.values()].filter((count) => count < 3)).toEqual([])
})
