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
