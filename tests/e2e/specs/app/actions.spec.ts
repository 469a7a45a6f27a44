/** Actions with consequences: explained before, and then followed by what is really seen. */
import { RUN_FOREVER, shellManifest } from '../../../support/manifests.ts'
import { ActionsPage } from '../../pages/actions-page.ts'
import { expect, test } from '../../support/app-fixture.ts'
import { expectAccessible } from '../../support/expect-accessible.ts'
import { keepScreenshots } from '../../support/keep-screenshots.ts'

test('given a running pod, when it is crashed, then it is explained first, and a card sees it end and come back', async ({
  board,
  lab,
  shell,
}) => {
  const actions = new ActionsPage(board.page)
  const name = `crashed-${shell}`
  await lab.write('node01', 'crashed.yaml', shellManifest(name, RUN_FOREVER))
  await board.waitForRunning(`${name}-node01`, 0)

  await board.button(`Crash ${name}-node01`).click()
  await expect(actions.sheet).toContainText('The pod is not replaced.')
  await expectAccessible(board.page, 'the sheet of an action')
  await actions.confirm('Crash it')
  await actions.waitUntilSeen('ContainerCrashed', ['ended', 'restarted', 'samePod'])
  await expect(actions.card('ContainerCrashed')).toContainText('restart count 0 → 1')

  await test.step('and the card is there in other places, until it is dismissed', async () => {
    await board.openPlace('Timeline')
    await expect(actions.card('ContainerCrashed')).toBeVisible()
    await board.openPlace('Board')
  })
  await test.step('and in a narrow window it stands below the board and covers nothing of it', async () => {
    const { page } = board
    const usual = await page.evaluate(() => ({ width: innerWidth, height: innerHeight }))
    await page.setViewportSize({ width: 800, height: 700 })
    await expect
      .poll(async () => {
        const [place, deck] = [await page.getByRole('main').boundingBox(), await actions.deck.boundingBox()]
        return place !== null && deck !== null && place.y + place.height <= deck.y
      })
      .toBe(true)
    await page.setViewportSize(usual)
    await actions.dismissAll()
  })
})

test('given a node, when its kubelet is stopped and started, and its power goes and comes, then the cards see what runs on and what dies', async ({
  board,
  lab,
  shell,
}) => {
  test.setTimeout(240_000)
  const actions = new ActionsPage(board.page)
  const name = `watched-${shell}`
  await lab.write('node02', 'watched.yaml', shellManifest(name, RUN_FOREVER))
  await board.waitForRunning(`${name}-node02`)

  await actions.choose('node02', 'Stop the kubelet…')
  await expect(actions.sheet).toContainText('No container ends.')
  await actions.confirm('Stop the kubelet')
  await actions.waitUntilSeen('KubeletStopped', ['kubeletAway', 'containersRun'])
  await expect(actions.card('KubeletStopped')).toContainText('1 of 1 run, says the engine')

  await actions.choose('node02', 'Start the kubelet…')
  await actions.confirm('Start the kubelet')
  await actions.waitUntilSeen('KubeletStarted', ['kubeletBack', 'containersKept'])

  await board.waitForRunning(`${name}-node02`)
  await actions.choose('node02', 'Pull the plug…')
  await actions.confirm('Pull the plug')
  await actions.waitUntilSeen('NodePoweredOff', ['nodeOff', 'containersDead'])
  await expectAccessible(board.page, 'the cards of consequences')
  await keepScreenshots(board.page, 'actions')

  await actions.choose('node02', 'Start the node…')
  await actions.sheet.getByRole('checkbox').check()
  await actions.confirm('Start the node')
  await actions.waitUntilSeen('NodeStarted', ['nodeOn', 'kubeletBack', 'podsRun'])
  await board.waitForRunning(`${name}-node02`)
  await actions.dismissAll()
})
