/** What a kubelet asks of its runtime: every call takes time from the start of a pod, and most of all when many come at once. */
import { expect, it } from 'vitest'
import type { CriMethod } from '../container-runtime/simulated/call-script.ts'
import { aManifest, newTestKubelet, type TestKubelet } from './testing/new-test-kubelet.ts'

/** Calls about one pod, which lists of all pods are not, after the first `already` of all. */
function callsAboutPods(node: TestKubelet, already: number): CriMethod[] {
  return node.runtime.calls
    .slice(already)
    .filter(({ method, args }) => /podSandbox|container|imageStatus/i.test(method) && !isRelist(method, args))
    .filter(({ method }) => method !== 'getContainerEvents')
    .map(({ method }) => method)
}

function isRelist(method: CriMethod, args: unknown[]): boolean {
  return /^list/.test(method) && args[0] === undefined
}

it('given a node that was listed, when a pod comes, then only what starts it is asked, and how its container is', async () => {
  await using node = await newTestKubelet()
  await node.pass(1000)
  const already = node.runtime.calls.length
  await node.write('web.json', aManifest('web'))
  await node.pass(2000)
  expect(node.container()).toMatchObject({ ready: true })
  expect(callsAboutPods(node, already)).toEqual([
    'imageStatus',
    'runPodSandbox',
    'podSandboxStatus',
    'createContainer',
    'startContainer',
    'containerStatus',
  ])
})

it('given pods of one image that come together, then the image is looked for once', async () => {
  await using node = await newTestKubelet()
  await node.pass(1000)
  await Promise.all(['a', 'b', 'c'].map((name) => node.write(`${name}.json`, aManifest(name))))
  await node.pass(2000)
  expect(node.runtime.callsOf('startContainer')).toHaveLength(3)
  expect(node.runtime.callsOf('imageStatus')).toHaveLength(1)
})

it('given a container that dies while another one of its pod is started, then the look at the end sees its death', async () => {
  await using node = await newTestKubelet()
  const containers = [
    { name: 'first', image: 'busybox:1.36' },
    { name: 'second', image: 'busybox:1.36' },
  ]
  node.runtime.behave('first', { exitAfterMs: 50, exitCode: 3 })
  node.runtime.setLatency('startContainer', 500)
  await node.write('two.json', aManifest('two', { restartPolicy: 'Never', containers }))
  await node.pass(3000)
  const statuses = node.pod('two').status?.containerStatuses ?? []
  expect(statuses.find(({ name }) => name === 'first')?.state).toMatchObject({ terminated: { exitCode: 3 } })
  expect(statuses.find(({ name }) => name === 'second')?.state).toHaveProperty('running')
})
