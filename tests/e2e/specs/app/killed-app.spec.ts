/** The app only looks: what runs does not need it. */
import { RUN_FOREVER, shellManifest } from '../../../support/manifests.ts'
import { BoardPage } from '../../pages/board-page.ts'
import { expect, test } from '../../support/app-fixture.ts'

test('given a running pod, when the app is killed and started again, then the pod has run on and is there', async ({
  app,
  lab,
}) => {
  await lab.write('node01', 'steady.yaml', shellManifest('steady', RUN_FOREVER))
  const before = new BoardPage(app.page, lab.name)
  await before.waitForRunning('steady-node01', 0)
  await app.kill()
  if (app.shell === 'browser') await expect(app.page.locator('[data-connection="closed"]')).toBeVisible()
  await lab.write('node02', 'meanwhile.yaml', shellManifest('meanwhile', RUN_FOREVER))
  await app.startAgain()
  const after = new BoardPage(app.page, lab.name)
  await after.waitForRunning('steady-node01', 0)
  await after.waitForRunning('meanwhile-node02')
})
