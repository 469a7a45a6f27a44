/** Limits of local storage through the whole kubelet, with real files. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import type { TimelineEntry } from '../../common/lab/timeline-entry.ts'
import { aManifest, newTestKubelet } from '../testing/new-test-kubelet.ts'
import type { TestKubelet } from '../testing/new-test-kubelet.ts'

const volumes = [{ name: 'cache', emptyDir: { sizeLimit: '100Ki' } }]
const REFUSAL = 'Eviction manager: cannot evict a critical pod'

function volumePath(node: TestKubelet): string {
  const { uid = '' } = node.pod('web').metadata
  return join(node.root, 'var/lib/kubelet/pods', uid, 'volumes/kubernetes.io~empty-dir/cache')
}

function told(node: TestKubelet): TimelineEntry[] {
  return node.timeline().filter(({ reason }) => reason === 'NotEvicted')
}

/** Walks are done by the real file system, in real time, while the clock stands. */
async function passUntil(node: TestKubelet, assertion: () => void): Promise<void> {
  await vi.waitFor(
    async () => {
      await node.pass(10_000)
      assertion()
    },
    { timeout: 30_000, interval: 20 },
  )
}

const refusals = (node: TestKubelet): number => node.log.filter((line) => line.includes(REFUSAL)).length

describe('a static pod beyond its limits of local storage', () => {
  it('given an emptyDir that grew too large, then it is logged at each look and told now and then, and the pod runs on', async () => {
    await using node = await newTestKubelet()
    await node.write('web.json', aManifest('web', { volumes }))
    writeFileSync(join(volumePath(node), 'small'), Buffer.alloc(10 * 1024))
    symlinkSync('/usr', join(volumePath(node), 'link'))
    await node.pass(30_000)
    mkdirSync(join(volumePath(node), 'deep/er'), { recursive: true })
    writeFileSync(join(volumePath(node), 'deep/er/large'), Buffer.alloc(200 * 1024, 1))
    await passUntil(node, () => expect(refusals(node)).toBeGreaterThan(2))
    expect(told(node).length).toBeLessThan(refusals(node))
    expect(told(node)[0]).toMatchObject({
      type: 'Warning',
      subject: 'pod',
      message:
        'Usage of EmptyDir volume "cache" exceeds the limit "100Ki". A static pod counts as critical, so it is not evicted and runs on.',
    })
    expect(node.pod('web').status?.phase).toBe('Running')
    expect(node.container().restartCount).toBe(0)
  })

  it('given logs beyond the limit of a container, then the pod’s limit is named', async () => {
    await using node = await newTestKubelet()
    const resources = { limits: { 'ephemeral-storage': '100Ki' }, requests: { 'ephemeral-storage': '1Ki' } }
    await node.write('web.json', aManifest('web', { containers: [{ name: 'c', image: 'busybox:1.36', resources }] }))
    const { name = '', uid = '' } = node.pod('web').metadata
    const logs = join(node.root, 'var/log/pods', `default_${name}_${uid}`, 'c')
    mkdirSync(logs, { recursive: true })
    writeFileSync(join(logs, '0.log'), Buffer.alloc(200 * 1024, 1))
    await passUntil(node, () => expect(told(node)).not.toHaveLength(0))
    expect(told(node)[0]?.message).toContain(
      'Pod ephemeral local storage usage exceeds the total limit of containers 100Ki. ',
    )
    expect(node.runtime.callsOf('containerStats').length).toBeGreaterThan(0)
  })

  it('given localStorageCapacityIsolation: false, then nobody looks', async () => {
    await using node = await newTestKubelet({ settings: { localStorageCapacityIsolation: false } })
    const resources = { limits: { 'ephemeral-storage': '1Ki' } }
    await node.write('web.json', aManifest('web', { containers: [{ name: 'c', image: 'busybox:1.36', resources }] }))
    await node.pass(60_000)
    expect(node.container().state.running).toBeDefined()
    expect(node.runtime.callsOf('containerStats')).toEqual([])
  })
})
