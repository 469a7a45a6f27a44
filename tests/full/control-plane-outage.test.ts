/** Parts of the control plane taken away and brought back, by the files of its manifest folder: REPORT P2.3. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ControlPlaneLab } from '../support/control-plane-lab.ts'
import { RUN_FOREVER, shellManifest } from '../support/manifests.ts'
import { waitUntil } from '../support/wait-until.ts'

/** The recorded kubelet makes the mirror of a pod that came meanwhile after 34 s, and replaces that of an edited one after 19 s. */
const RECORDED_RETURN_MS = 19_000
/** What leads by a lease ends when it cannot renew it: these two restart, as upstream's do. */
const LEADERS = [
  'kube-controller-manager-controlplane/kube-controller-manager',
  'kube-scheduler-controlplane/kube-scheduler',
]

const lab = new ControlPlaneLab('outage')

beforeAll(async () => {
  await lab.up('--nodes', '1')
  await lab.drop('calm.json', shellManifest('calm', RUN_FOREVER))
  await lab.drop('crashing.json', shellManifest('crashing', RUN_FOREVER))
  await lab.waitForApiRunning('calm-node01')
  await lab.waitForApiRunning('crashing-node01')
})

afterAll(() => lab.dispose())

describe.each([
  {
    file: 'kube-apiserver.yaml',
    part: 'kube-apiserver-controlplane',
    says: /^The connection to the server 172\.\d+\.\d+\.\d+:6443 was refused - did you specify the right host or port\?$/,
  },
  { file: 'etcd.yaml', part: 'etcd-controlplane', says: /^Error from server: / },
])('a lab without $file', ({ file, part, says }) => {
  it('given pods that run, when it is moved away, then kubectl says so and all else goes on; when it is back, so are the mirrors', async () => {
    const before = await followedIds(part)
    const restartsBefore = await restartCount()
    const giveBack = await lab.takeManifest(file)
    await waitUntil({ what: `${part} to be gone`, timeoutSeconds: 90 }, async () =>
      (await lab.pod(part)) === undefined ? true : undefined,
    )
    await waitUntil({ what: `kubectl on the node to say ${String(says)}` }, async () => {
      const { stderr } = await lab.onNode(
        'controlplane',
        'timeout 20 kubectl --kubeconfig /etc/kubernetes/admin.conf get pods',
      )
      const last = stderr.trim().split('\n').at(-1) ?? ''
      if (!says.test(last)) throw new Error(last)
      return last
    })

    await lab.drop('late.json', shellManifest('late', RUN_FOREVER))
    await lab.ok('crash', 'crashing-node01')
    await lab.waitForRunning('crashing-node01', restartsBefore + 1)
    await lab.waitForRunning('late-node01')
    expect(await followedIds(part)).toEqual(before)

    await giveBack()
    await lab.waitForApi()
    const answersAtMs = performance.now()
    await lab.waitForApiRunning('late-node01')
    await lab.waitForApiPod(
      'crashing-node01',
      'with its restart',
      ({ status }) => status?.containerStatuses?.[0]?.restartCount === restartsBefore + 1,
    )
    const waitedMs = performance.now() - answersAtMs
    console.log(`  ${file} back: late mirrors and statuses there after ${waitedMs.toFixed(0)} ms`)
    expect(waitedMs).toBeLessThan(RECORDED_RETURN_MS)
    await lab.waitForApiRunning(part, 'kube-system')
    expect(await followedIds(part)).toEqual(before)
    await lab.removeFile('late.json')
    await lab.waitForGone('late-node01')
  })
})

describe('a broken control plane', () => {
  it('given an unknown flag of the API server, when its container crashes, then crictl on the node tells, and editing the file mends it', async () => {
    const path = join(await lab.manifestsFolder('controlplane'), 'kube-apiserver.yaml')
    const healthy = readFileSync(path, 'utf8')
    writeFileSync(path, healthy.replace('--secure-port=', '--sekure-port='))
    const waiting = await lab.waitForPod('kube-apiserver-controlplane', 'in CrashLoopBackOff', ({ status }) =>
      (status?.containerStatuses ?? []).some(({ state }) => state.waiting?.reason === 'CrashLoopBackOff'),
    )
    expect(waiting.status?.containerStatuses?.[0]?.lastState?.terminated?.exitCode).not.toBe(0)
    const found = await lab.onNodeOk('controlplane', 'crictl ps -a --name kube-apiserver')
    expect(found).toMatch(/Exited\s+kube-apiserver\s+\d+/)
    const said = await lab.onNodeOk(
      'controlplane',
      'crictl logs $(crictl ps -a --name kube-apiserver -q | head -1) 2>&1',
    )
    expect(said).toContain('unknown flag: --sekure-port')

    writeFileSync(path, healthy)
    await lab.waitForApi()
    await lab.waitForApiRunning('calm-node01')
  })
})

/** Of all that has no reason to restart while `part` is away; only the crashed one and its likes are left out. */
async function followedIds(part: string): Promise<Record<string, string>> {
  const isFollowed = (key: string): boolean =>
    !key.startsWith(`${part}/`) && !/^(crashing|late)-node01\//.test(key) && !LEADERS.includes(key) && !isServer(key)
  return Object.fromEntries(Object.entries(await lab.containerIds()).filter(([key]) => isFollowed(key)))
}

/** An API server without etcd is ended by its liveness probe, as upstream's. */
function isServer(key: string): boolean {
  return key === 'kube-apiserver-controlplane/kube-apiserver'
}

async function restartCount(): Promise<number> {
  return (await lab.pod('crashing-node01'))?.status?.containerStatuses?.[0]?.restartCount ?? 0
}
