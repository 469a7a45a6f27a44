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
    await lab.kubectlOk(['create', '-f', '-'], { input: shellManifest('forgotten', RUN_FOREVER) })
    await lab.waitForApiRunning('forgotten')

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

    // The kubelet goes on: what the restored state does not have ends, and a new static pod has a mirror.
    await lab.waitForGone('forgotten')
    await lab.drop('new.json', shellManifest('new', RUN_FOREVER))
    await lab.waitForApiRunning('new-node01')
    // So do the controllers, which give a namespace what pods need, and the scheduler.
    await lab.kubectlOk(['create', 'namespace', 'restored'])
    await waitUntil(
      { what: 'what controllers put into a namespace', timeoutSeconds: 120, intervalMs: 500 },
      async () => {
        const made = await lab.kubectlOk(['get', 'configmaps,serviceaccounts', '-n', 'restored', '-o', 'name'])
        return made.includes('configmap/kube-root-ca.crt') && made.includes('serviceaccount/default') ? made : undefined
      },
    )
    await lab.kubectlOk(['create', '-n', 'restored', '-f', '-'], { input: shellManifest('ordinary', RUN_FOREVER) })
    await lab.waitForApiRunning('ordinary', 'restored')
  })
})
