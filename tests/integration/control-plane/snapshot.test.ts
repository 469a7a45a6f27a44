/** etcd saved and restored on the node, by the steps that a CKA exercise asks for. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ControlPlaneLab } from '../../support/control-plane-lab.ts'
import { RUN_FOREVER, shellManifest } from '../../support/manifests.ts'
import { waitUntil } from '../../support/wait-until.ts'

const PKI = '/etc/kubernetes/pki/etcd'
const SAVE =
  `ETCDCTL_API=3 etcdctl --endpoints=https://127.0.0.1:2379 --cacert=${PKI}/ca.crt --cert=${PKI}/server.crt ` +
  `--key=${PKI}/server.key snapshot save /opt/snapshot.db`
const RESTORE = 'ETCDCTL_API=3 etcdctl snapshot restore /opt/snapshot.db --data-dir /var/lib/etcd-restored'

const lab = new ControlPlaneLab('snapshot')

beforeAll(async () => {
  await lab.up('--nodes', '1')
  await lab.drop('web.json', shellManifest('web', RUN_FOREVER))
  await lab.waitForApiRunning('web-node01')
})

afterAll(() => lab.dispose())

describe('a snapshot of etcd', () => {
  it('given one, when it is restored into another folder and etcd.yaml names that, then the cluster is as it was, and goes on', async () => {
    const { 'web-node01/main': container } = await lab.containerIds()
    await lab.kubectlOk(['create', 'configmap', 'before'])
    await lab.onNodeOk('controlplane', SAVE)
    await lab.kubectlOk(['create', 'configmap', 'after'])

    await lab.onNodeOk('controlplane', RESTORE)
    const manifest = join(await lab.manifestsFolder('controlplane'), 'etcd.yaml')
    const text = readFileSync(manifest, 'utf8')
    writeFileSync(manifest, text.replace('path: /var/lib/etcd\n', 'path: /var/lib/etcd-restored\n'))

    await waitUntil({ what: 'the state of the snapshot', timeoutSeconds: 150, intervalMs: 500 }, async () => {
      const names = await lab.kubectlOk(['get', 'configmaps', '-o', 'name'], { timeoutSeconds: 10 })
      if (!names.includes('configmap/before') || names.includes('configmap/after')) throw new Error(names)
      return names
    })
    expect((await lab.containerIds())['web-node01/main']).toBe(container)

    // The kubelet goes on: a new static pod has a mirror. So do the controllers and the scheduler: a Deployment gets its pod.
    await lab.drop('new.json', shellManifest('new', RUN_FOREVER))
    await lab.waitForApiRunning('new-node01')
    const replicas = ['create', 'deployment', 'restored', '--image=busybox:1.36', '--', 'sleep', '3600']
    await lab.kubectlOk(replicas)
    await waitUntil({ what: 'the Deployment to be available', timeoutSeconds: 120, intervalMs: 500 }, async () => {
      const available = await lab.kubectlOk([
        'get',
        'deployment',
        'restored',
        '-o',
        'jsonpath={.status.availableReplicas}',
      ])
      return available === '1' ? true : undefined
    })
  })
})
