/** A lab gets a control plane from the window; a mirror is deleted there, and agents come by a DaemonSet, bound as the switch says. */
import { join } from 'node:path'
import type { Locator } from '@playwright/test'
import { RUN_FOREVER, shellManifest } from '../../../support/manifests.ts'
import { ActionsPage } from '../../pages/actions-page.ts'
import { BoardPage } from '../../pages/board-page.ts'
import { run } from '../../../support/test-lab.ts'
import { expect, test } from '../../support/app-fixture.ts'
import { E2eLab } from '../../support/e2e-lab.ts'

const AGENT = join(import.meta.dirname, '../../../../resources/manifests/log-collector-daemonset.yaml')
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

    await test.step('then the events of a static pod that the API server has are told as the server’s', async () => {
      // One that starts now: what happened to the other, nobody could tell the server.
      await own.write('node01', 'told.yaml', shellManifest('told', RUN_FOREVER))
      await board.button('Open the mirror told-node01').click()
      await board.inspector.getByRole('tab', { name: 'Events' }).click()
      await board.inspector.getByRole('combobox', { name: 'Whose events' }).selectOption('From the API server')
      await expect(board.inspector.locator('[data-event]').first()).toContainText('kubelet')
    })

    const uid = await mirrorOf('steady-node01').getAttribute('data-uid')
    await board.button('Open the mirror steady-node01').click()
    await board.inspector.getByRole('tab', { name: 'API', exact: true }).click()
    await board.inspector.getByRole('button', { name: 'Delete', exact: true }).click()
    const actions = new ActionsPage(page)
    await actions.confirm('Delete the mirror')
    await actions.waitUntilSeen('ApiPodDeleted', ['oldGone', 'mirrorBack', 'containersSame'])
    await expect(actions.card('ApiPodDeleted')).toContainText('The file decides what runs')
    await expect(mirrorOf('steady-node01')).not.toHaveAttribute('data-uid', uid ?? '')
    await board.waitForRunning('steady-node01', 0)

    await test.step('then the object tells how pod and mirror differ, and why', async () => {
      await board.inspector.getByRole('tab', { name: 'Object' }).click()
      await expect(board.inspector.locator('[data-path="metadata.uid"]')).toHaveAttribute('data-state', 'changed')
      await expect(board.inspector.locator('[data-note="configMirror"]')).toBeVisible()
      await board.inspector.getByRole('tab', { name: 'API', exact: true }).click()
    })

    await test.step('when the scheduler is stopped and started, then its manifest goes aside and comes back, and pods run on', async () => {
      const scheduler = page.locator('[data-component="kube-scheduler"]')
      await board.button('Stop kube-scheduler').click()
      await actions.confirm('Stop it')
      await expect(scheduler).toHaveAttribute('data-state', 'aside')
      await actions.waitUntilSeen('ComponentStopped', ['componentGone', 'othersRun'])
      await board.button('Start kube-scheduler').click()
      await actions.confirm('Start it')
      await expect(scheduler).toHaveAttribute('data-state', 'placed')
      await actions.waitUntilSeen('ComponentStarted', ['componentRuns'])
      await actions.dismissAll()
    })

    await test.step('when the node is drained and uncordoned, then it is cordoned, its static pod runs on, and it takes pods again', async () => {
      await actions.choose('node01', 'Empty the node (drain)…')
      await expect(actions.sheet).toContainText('Mirror pods are left out')
      await actions.confirm('Drain it')
      await actions.waitUntilSeen('NodeDrained', ['cordoned', 'othersStay'])
      await expect(actions.card('NodeDrained')).toContainText('Ready,SchedulingDisabled')
      await expect(board.node('node01').locator('[data-cordoned]')).toBeVisible()
      await board.waitForRunning('steady-node01', 0)
      await actions.choose('node01', 'Take new pods again (uncordon)…')
      await actions.confirm('Uncordon it')
      await actions.waitUntilSeen('NodeUncordoned', ['uncordoned', 'containersRun'])
      await actions.dismissAll()
    })

    const kubectl = await clusterOf(own)
    const agent = page.locator('[data-reflection][data-owner="DaemonSet log-collector"]')
    const binder = board.inspector.locator('[data-binder]')
    await test.step('when a DaemonSet is applied, then its pod is told apart, and the scheduler bound it', async () => {
      await kubectl('apply', '-f', AGENT)
      await expect(board.node('node01').locator('[data-owner="DaemonSet log-collector"]')).toBeVisible()
      await expect(agent).toHaveAttribute('data-status', 'Running')
      await agent.getByRole('button').click()
      await expect(binder).toHaveAttribute('data-binder', 'scheduler-pinned')
      await board.inspector.getByRole('tab', { name: 'Events' }).click()
      await expect(board.inspector.locator('[data-event="Scheduled"]')).toContainText('default-scheduler')
      await board.inspector.getByRole('tab', { name: 'API', exact: true }).click()
    })
    await test.step('when the switch is turned off by the keyboard, then the next pod is bound by its controller', async () => {
      await page.locator('[data-scheduling-toggle]').press('Enter')
      await page.getByRole('switch').press('Space')
      await expect(page.locator('[data-scheduling]')).toHaveAttribute('data-scheduling', 'controller')
      // The controller manager that was told otherwise may make one more pod before it ends.
      await expect(async () => {
        const uid = await agent.getAttribute('data-uid')
        await kubectl('delete', 'pod', '-n', 'kube-system', '-l', 'app=log-collector', '--grace-period=1')
        await expect(agent).not.toHaveAttribute('data-uid', uid ?? '')
        await expect(agent).toHaveAttribute('data-status', 'Running')
        await agent.getByRole('button').click()
        await expect(binder).toHaveAttribute('data-binder', 'controller', { timeout: 5000 })
      }).toPass({ timeout: 120_000 })
    })
  } finally {
    await own.cli('delete')
  }
})

/** kubectl against the lab, as its user runs it. */
async function clusterOf(lab: E2eLab): Promise<(...words: string[]) => Promise<void>> {
  const kubeconfig = (await lab.cli('kubeconfig')).trim()
  return async (...words) => {
    const { exitCode, stderr } = await run('kubectl', ['--kubeconfig', kubeconfig, ...words])
    if (exitCode !== 0) throw new Error(`kubectl ${words.join(' ')} failed:\n${stderr}`)
  }
}
