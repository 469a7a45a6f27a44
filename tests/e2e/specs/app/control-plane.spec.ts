/** A lab gets a control plane from the window; a mirror is deleted there, and the window tells what really happened. */
import type { Locator } from '@playwright/test'
import { RUN_FOREVER, shellManifest } from '../../../support/manifests.ts'
import { BoardPage } from '../../pages/board-page.ts'
import { expect, test } from '../../support/app-fixture.ts'
import { E2eLab } from '../../support/e2e-lab.ts'

const COMPONENTS = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler']

test('given a running pod, when a control plane is added and the pod’s mirror is deleted, then the kubelet makes another and the container runs on', async ({
  board: { page },
  lab,
}) => {
  test.setTimeout(300_000)
  const own = new E2eLab(`${lab.name}-cluster`)
  const board = new BoardPage(page, own.name)
  const mirrorOf = (pod: string): Locator => page.locator(`[data-reflection="${pod}"]`)
  try {
    await own.cli('up', '--nodes', '1')
    await own.write('node01', 'steady.yaml', shellManifest('steady', RUN_FOREVER))
    await board.button('Choose a lab').click()
    await page.getByRole('menuitem', { name: own.name, exact: true }).click()
    await board.waitForRunning('steady-node01', 0)

    await board.button('Add a control plane').click()
    await expect(page.locator('[data-api-server]')).toHaveAttribute('data-api-server', 'ready', { timeout: 180_000 })
    for (const component of COMPONENTS) {
      await expect(mirrorOf(`${component}-controlplane`)).toHaveAttribute('data-kind', 'mirror')
    }
    await expect(mirrorOf('steady-node01')).toHaveAttribute('data-status', 'Running')
    await expect(board.node('controlplane').locator('[data-role]')).toHaveText('control plane')
    await mirrorOf('steady-node01').hover()
    await expect(page.getByRole('listitem', { name: 'steady.yaml' })).toHaveClass(/\blit\b/)

    const uid = await mirrorOf('steady-node01').getAttribute('data-uid')
    await board.button('Open the mirror steady-node01').click()
    await board.inspector.getByRole('button', { name: 'Delete', exact: true }).click()
    const story = board.inspector.locator('[data-deletion]')
    await expect(story).toHaveAttribute('data-deletion', 'back')
    await expect(story).toHaveAttribute('data-containers', 'same')
    await expect(story).toContainText('The kubelet made it again, from steady.yaml on node01.')
    await expect(mirrorOf('steady-node01')).not.toHaveAttribute('data-uid', uid ?? '')
    await board.waitForRunning('steady-node01', 0)
  } finally {
    await own.cli('delete')
  }
})
