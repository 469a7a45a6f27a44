import { flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { KubeletInfo, LabStatus, NodeStatus } from '@common/lab/lab-status.ts'
import { installBridge } from '../../bridge/client.ts'
import { createFakeBridge, type FakeBridge } from '../../bridge/fake-bridge.ts'
import { useLabsStore } from '../../stores/labs-store.ts'
import { useToastsStore } from '../../stores/toasts-store.ts'
import { freshPinia, mountInApp } from '../../testing/mount-app.ts'
import FolderLine from './FolderLine.vue'

const info: KubeletInfo = {
  ...{ nodeName: 'node01', version: 'v1.35.0', boot: 'b', startedAt: '', pid: 1, arguments: [], runtimeReady: true },
  ...{ staticPodPath: '/srv/pods/', staticPodPathSource: 'flag' },
}
const node: NodeStatus = {
  ...{ name: 'node01', role: 'worker', address: '', state: 'running', kubelet: 'running', runtimeService: 'running' },
  ...{ manifestsPath: '/home/learner/manifests', watchesMountedFolder: false, kubeletInfo: info },
  unwatchedFiles: ['web.yaml', 'log.yaml'],
}
let bridge: FakeBridge

beforeEach(() => {
  bridge = createFakeBridge('default')
  installBridge(bridge)
})
afterEach(() => {
  bridge.dispose()
  document.body.innerHTML = ''
})

it('given a kubelet that was pointed elsewhere, then its line says where it reads, what it does not watch, and why there is nothing to open', async () => {
  const pinia = freshPinia()
  const lab: LabStatus = { name: 'default', state: 'running', folder: '', subnet: '', nodes: [node] }
  useLabsStore(pinia).setLab(lab)
  const line = mountInApp(FolderLine, { pinia, props: { lab: 'default', node, folder: '/srv/pods' } })
  expect(line.text()).toContain('/srv/pods')
  expect(line.text()).toContain('The folder was moved away from /etc/kubernetes/manifests.')
  expect(line.text()).toContain('2 files in there are not watched any more.')
  expect(line.find('[aria-label="Copy the path of the folder on node01"]').exists()).toBe(true)
  await line.get('[aria-label="Show the folder on this machine"]').trigger('click')
  await flushPromises()
  expect(useToastsStore(pinia).toasts.map(({ title }) => title)).toEqual([
    'node01: the kubelet reads /srv/pods, a folder of the node that this machine has not.',
  ])
  line.unmount()
})
