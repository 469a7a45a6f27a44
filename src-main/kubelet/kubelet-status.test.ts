/** What a pod's status says beyond the states of its containers (facts 2.7.4). */
import { writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { CriError } from '../container-runtime/cri.ts'
import type { PodSandboxConfig } from '../container-runtime/cri.ts'
import { aManifest, newTestKubelet } from './testing/new-test-kubelet.ts'

const container = (name: string) => ({ name, image: 'busybox:1.36' })

describe('the status of a container', () => {
  it('given resources and mounts, then it tells what was allocated and what is mounted', async () => {
    await using node = await newTestKubelet()
    const resources = { requests: { cpu: '100m' }, limits: { memory: '64Mi' } }
    const volumeMounts = [
      { name: 'v', mountPath: '/data' },
      { name: 'v', mountPath: '/view', readOnly: true },
    ]
    const volumes = [{ name: 'v', emptyDir: {} }]
    await node.write(
      'web.json',
      aManifest('web', { volumes, containers: [{ ...container('c'), resources, volumeMounts }] }),
    )
    // What is not asked for, but limited, is asked for as well (defaulting).
    const requests = { cpu: '100m', memory: '64Mi' }
    expect(node.container()).toMatchObject({
      allocatedResources: requests,
      resources: { limits: { memory: '64Mi' }, requests },
      volumeMounts: [
        { name: 'v', mountPath: '/data' },
        { name: 'v', mountPath: '/view', readOnly: true, recursiveReadOnly: 'Disabled' },
      ],
    })
  })

  it('given neither, then it has no resources and no mounts', async () => {
    await using node = await newTestKubelet()
    await node.write('web.json', aManifest('web'))
    expect(node.container().resources).toEqual({})
    expect(node.container()).not.toHaveProperty('allocatedResources')
    expect(node.container()).not.toHaveProperty('volumeMounts')
  })

  it('given several that end with long messages, then they share 12 KiB', async () => {
    await using node = await newTestKubelet()
    const names = ['a', 'b', 'c', 'd']
    for (const name of names)
      node.runtime.behave(name, {
        exitAfterMs: 1000,
        onExit: () => {
          const mounts = node.runtime.findContainer(name)?.mounts ?? []
          const mount = mounts.find((candidate) => candidate.containerPath === '/dev/termination-log')
          writeFileSync(mount?.hostPath ?? '', name.repeat(4096))
        },
      })
    await node.write('job.json', aManifest('job', { restartPolicy: 'Never', containers: names.map(container) }))
    await node.pass(2000)
    expect(names.map((name) => node.container(name).state.terminated?.message?.length)).toEqual([
      3072, 3072, 3072, 3072,
    ])
  })
})

describe('the status of a pod', () => {
  it('given a generation in the manifest, then status and conditions tell that it was observed', async () => {
    await using node = await newTestKubelet()
    await node.write('web.json', aManifest('web', {}, { generation: 3 }))
    await node.write('plain.json', aManifest('plain'))
    const status = node.pod('web').status
    expect(status?.observedGeneration).toBe(3)
    expect(status?.conditions?.map((condition) => condition.observedGeneration)).toEqual([3, 3, 3, 3, 3])
    expect(node.pod('plain').status).not.toHaveProperty('observedGeneration')
  })

  it('given a sandbox that is refused, then whoever looks at the pod reads why, until there is one', async () => {
    await using node = await newTestKubelet()
    node.runtime.failNext('runPodSandbox', new CriError('PermissionDenied', 'sysctl kernel.msgmax is not allowed'))
    await node.write('web.json', aManifest('web'))
    expect(node.container().state.waiting).toEqual({
      reason: 'ContainerCreating',
      message:
        'Failed to create pod sandbox: rpc error: code = PermissionDenied desc = sysctl kernel.msgmax is not allowed',
    })
    await node.pass(10_000)
    expect(node.container().ready).toBe(true)
  })
})

describe('the name of a host', () => {
  const sandboxes = (node: { runtime: { callsOf(method: 'runPodSandbox'): { args: unknown[] }[] } }): string[] =>
    node.runtime.callsOf('runPodSandbox').map(({ args: [config] }) => (config as PodSandboxConfig).hostname)

  it('given hostname, subdomain and setHostnameAsFQDN, then they make the name as a kubelet does', async () => {
    await using node = await newTestKubelet()
    await node.write('a.json', aManifest('a', { hostname: 'shop', subdomain: 'eu' }))
    await node.write('b.json', aManifest('b', { hostname: 'shop', subdomain: 'eu', setHostnameAsFQDN: true }))
    await node.write('c.json', aManifest('c', { setHostnameAsFQDN: true }))
    await node.write('d.json', aManifest('d', { hostname: 'shop', subdomain: 'eu', hostnameOverride: 'my.own.name' }))
    await node.write('e.json', aManifest(`e${'x'.repeat(60)}.y`))
    expect(sandboxes(node)).toEqual([
      'shop',
      'shop.eu.default.svc.cluster.local',
      'c-node01',
      'my.own.name',
      `e${'x'.repeat(60)}.y`,
    ])
  })

  it('given a full name of more than 64 characters, then there is no sandbox and the pod says why', async () => {
    await using node = await newTestKubelet()
    const spec = { hostname: 'h'.repeat(40), subdomain: 'eu', setHostnameAsFQDN: true }
    await node.write('web.json', aManifest('web', spec))
    expect(sandboxes(node)).toEqual([])
    expect(node.container().state.waiting?.message).toMatch(
      /^Failed to create pod sandbox: .* is too long \(64 characters/,
    )
  })
})
