/** A kubelet is pointed at another folder of its node: the board follows it there, and back. */
import { RUN_FOREVER, shellManifest } from '../../../support/manifests.ts'
import { EditorPage } from '../../pages/editor-page.ts'
import type { E2eLab } from '../../support/e2e-lab.ts'
import { expect, test } from '../../support/app-fixture.ts'

const MOVED = '/srv/moved'

/** As in the exercise: the configuration file is edited on the node, and the kubelet restarted. */
function pointKubeletAt(lab: E2eLab, folder: string): Promise<string> {
  const edit = `sed -i 's|^staticPodPath:.*|staticPodPath: ${folder}|' /var/lib/kubelet/config.yaml`
  return onNode(lab, `${edit} && mkdir -p ${folder} && systemctl restart kubelet`)
}

function onNode(lab: E2eLab, script: string): Promise<string> {
  // What the lab adds behind these words are arguments that the script does not look at.
  return lab.cli('shell', 'node01', '--lab', lab.name, '--', 'sh', '-ec', script)
}

// The lab is every spec's, and the next shell of the app meets this spec's folder again.
test.afterEach(async ({ lab }) => {
  await pointKubeletAt(lab, '/etc/kubernetes/manifests')
  await onNode(lab, `rm -rf ${MOVED}`)
})

test('given a kubelet that reads another folder, when a file is dropped, edited, binned and taken back, then it is there that it happens', async ({
  board,
  lab,
}) => {
  const { page } = board
  const node = board.node('node01')
  await lab.write('node01', 'left.yaml', shellManifest('left', RUN_FOREVER))
  await board.waitForRunning('left-node01')
  await pointKubeletAt(lab, MOVED)

  await test.step('the board says where it reads, and what it does not watch any more', async () => {
    await expect(node).toContainText(MOVED)
    await expect(node).toContainText('The folder was moved away from /etc/kubernetes/manifests.')
    await expect(node).toContainText('1 file in there is not watched any more.')
    await expect(board.pod('left-node01')).toHaveCount(0)
    await node.getByRole('button', { name: 'Show the folder on this machine' }).click()
    await expect(board.toast).toContainText(`the kubelet reads ${MOVED}, a folder of the node`)
  })
  await test.step('a dropped file is there, and its pod runs', async () => {
    await board.dropFromOutside('node01', 'moved.yaml', shellManifest('moved', RUN_FOREVER))
    await board.waitForRunning('moved-node01')
    expect(await lab.files('node01')).toEqual(['left.yaml'])
  })
  await test.step('edited, its pod is replaced by the one that was foretold', async () => {
    const editor = new EditorPage(page, lab.name)
    await editor.open('node01', 'moved.yaml')
    const before = await editor.uid()
    await editor.text.press('Control+a')
    await page.keyboard.insertText(shellManifest('moved', RUN_FOREVER, { terminationGracePeriodSeconds: 1 }))
    await editor.save('replaced')
    await expect(page.locator('[data-uid]')).not.toHaveAttribute('data-uid', before)
    await board.openPlace('Board')
    await expect(board.pod('moved-node01'), 'the one before has ended').toHaveCount(1)
    await board.waitForRunning('moved-node01')
  })
  await test.step('over the bin it goes, and Ctrl+Z brings it back', async () => {
    await board.drag(board.file('node01', 'moved.yaml'), page.locator('[data-bin]'))
    await expect(board.pod('moved-node01')).toHaveCount(0)
    await page.keyboard.press('Control+z')
    await board.waitForRunning('moved-node01')
  })
  await test.step('moved back, the kubelet runs what had been left', async () => {
    await pointKubeletAt(lab, '/etc/kubernetes/manifests')
    await board.waitForRunning('left-node01')
    await expect(board.pod('moved-node01')).toHaveCount(0)
    await expect(node).not.toContainText(MOVED)
  })
})
