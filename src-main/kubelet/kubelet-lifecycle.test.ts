/** The main job: a manifest becomes a pod, which is kept alive, replaced and removed. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { CriError } from '../container-runtime/cri.ts'
import { aManifest, newTestKubelet } from './testing/new-test-kubelet.ts'

describe('a dropped manifest', () => {
  it('given a folder, when a manifest is dropped, then its pod runs and is Ready', async () => {
    await using node = await newTestKubelet()
    await node.write('web.json', aManifest('web'))
    const pod = node.pod('web')
    expect(pod.metadata.name).toBe('web-node01')
    expect(pod.status).toMatchObject({ phase: 'Running', hostIP: '172.30.7.2', qosClass: 'BestEffort' })
    expect(pod.status?.podIP).toMatch(/\d/)
    expect(pod.status?.conditions?.map(({ type, status }) => `${type}=${status}`)).toEqual([
      'PodReadyToStartContainers=True',
      'Initialized=True',
      'Ready=True',
      'ContainersReady=True',
      'PodScheduled=True',
    ])
    expect(node.container()).toMatchObject({ name: 'c', ready: true, started: true, restartCount: 0, lastState: {} })
    expect(node.file('web.json')).toMatchObject({ state: 'accepted', reason: 'Pod', pod: { name: 'web-node01' } })
    expect(node.reasons()).toEqual([
      'PodAdded',
      'PhaseChanged',
      'SandboxStarted',
      'Pulled',
      'Created',
      'Started',
      'PhaseChanged',
    ])
  })

  it('given a running pod, when minutes pass, then nothing is restarted and little is asked', async () => {
    await using node = await newTestKubelet()
    await node.write('web.json', aManifest('web'))
    const before = node.runtime.calls.length
    await node.pass(600_000)
    expect(node.container().restartCount).toBe(0)
    expect(node.runtime.callsOf('createContainer')).toHaveLength(1)
    expect(node.runtime.calls.length - before).toBeLessThan(600)
  })

  it('given a manifest that was there before the kubelet, then its pod runs after the start', async () => {
    await using node = await newTestKubelet()
    await node.stopKubelet()
    await node.write('web.json', aManifest('web'))
    await node.startKubelet()
    expect(node.pod('web').status?.phase).toBe('Running')
  })
})

describe('a removed manifest', () => {
  it('given a running pod, when its file goes, then TERM, and no container, sandbox or file is left', async () => {
    await using node = await newTestKubelet()
    await node.write('web.json', aManifest('web'))
    const { uid = '' } = node.pod('web').metadata
    expect(existsSync(join(node.root, 'var/lib/kubelet/pods', uid, 'etc-hosts'))).toBe(true)
    await node.remove('web.json')
    await node.pass(100)
    expect(node.podNames()).toEqual([])
    expect(node.runtime.population).toEqual({ sandboxes: 0, containers: 0 })
    expect(node.runtime.callsOf('stopContainer')[0]?.args[1]).toBe(30)
    expect(existsSync(join(node.root, 'var/lib/kubelet/pods', uid))).toBe(false)
    expect(node.reasons().slice(-5)).toEqual(['PodRemoved', 'Killing', 'ContainerDied', 'SandboxDied', 'PodGone'])
  })

  it('given a pod that is gone, when housekeeping comes, then its end is told once, with its name', async () => {
    await using node = await newTestKubelet()
    await node.write('web.json', aManifest('web'))
    await node.remove('web.json')
    await node.pass(10_000)
    const ends = node.timeline().filter(({ reason }) => reason === 'PodGone')
    expect(ends.map(({ pod }) => pod?.name)).toEqual(['web-node01'])
  })

  it('given a container that ignores TERM, then it is shown as ending and killed after its grace', async () => {
    await using node = await newTestKubelet()
    node.runtime.behave('c', { onTerm: 'ignore' })
    await node.write('web.json', aManifest('web', { terminationGracePeriodSeconds: 8 }))
    await node.remove('web.json')
    await node.pass(6000)
    expect(node.pod('web').metadata.deletionGracePeriodSeconds).toBe(8)
    expect(node.container().state.running).toBeDefined()
    await node.pass(2000)
    expect(node.podNames()).toEqual([])
    expect(node.timeline().find((entry) => entry.reason === 'ContainerDied')?.details).toMatchObject({
      exitCode: 137,
      signal: 9,
    })
  })

  it('given a pod that cannot be ended for minutes, then its volumes stay, and it can be started again afterwards', async () => {
    await using node = await newTestKubelet()
    const manifest = aManifest('web', { volumes: [{ name: 'v', emptyDir: {} }] })
    await node.write('web.json', manifest)
    const volumes = join(node.root, 'var/lib/kubelet/pods', node.pod('web').metadata.uid ?? '', 'volumes')
    node.runtime.failNext('stopContainer', new CriError('Unknown', 'it does not answer'), 1000)
    await node.remove('web.json')
    await node.pass(300_000)
    expect(existsSync(volumes)).toBe(true)
    node.runtime.clearFailures()
    await node.pass(30_000)
    expect(existsSync(volumes)).toBe(false)
    await node.write('web.json', manifest)
    await node.pass(1000)
    expect(node.container()).toMatchObject({ ready: true })
  })

  it('given a grace of 1 s, then the container has 2 s all the same', async () => {
    await using node = await newTestKubelet()
    await node.write('web.json', aManifest('web', { terminationGracePeriodSeconds: 1 }))
    await node.remove('web.json')
    expect(node.runtime.callsOf('stopContainer')[0]?.args[1]).toBe(2)
  })

  it('given a pod that ends, when its file comes back meanwhile, then it runs again with restartCount 1', async () => {
    await using node = await newTestKubelet()
    node.runtime.behave('c', { onTerm: { exitCode: 0, afterMs: 5000 } }, {})
    await node.write('web.json', aManifest('web'))
    const { uid } = node.pod('web').metadata
    await node.remove('web.json')
    await node.write('web.json', aManifest('web'))
    expect(node.pod('web').metadata.uid).toBe(uid)
    await node.pass(6000)
    expect(node.container()).toMatchObject({ restartCount: 1, ready: true })
    expect(node.container().lastState.terminated).toMatchObject({ exitCode: 0, reason: 'Completed' })
    expect(node.podNames()).toEqual(['web-node01'])
  })
})

describe('an edited manifest', () => {
  it('given a running pod, when its file changes, then a new pod starts as soon as the old one has ended', async () => {
    await using node = await newTestKubelet()
    node.runtime.behave('c', { onTerm: { exitCode: 0, afterMs: 3000 } }, {})
    await node.write('web.json', aManifest('web'))
    const { uid } = node.pod('web').metadata
    await node.write('web.json', aManifest('web', {}, { labels: { tier: 'front' } }))
    expect(node.kubelet.pods()).toHaveLength(2)
    expect(node.pod('web').metadata.uid).not.toBe(uid)
    expect(node.pod('web').status?.phase).toBe('Pending')
    await node.pass(2000)
    expect(node.runtime.callsOf('runPodSandbox')).toHaveLength(1)
    await node.pass(1000)
    expect(node.podNames()).toEqual(['web-node01'])
    expect(node.pod('web').status?.phase).toBe('Running')
    expect(node.container().restartCount).toBe(0)
    expect(node.timeline().find((entry) => entry.reason === 'Killing')?.cause).toBe('FileChanged')
  })

  it('given an edit of white space and comments only, then nothing happens', async () => {
    await using node = await newTestKubelet()
    const text =
      'apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers: [{name: c, image: "busybox:1.36"}]\n'
    await node.write('web.yaml', text)
    const { uid } = node.pod('web').metadata
    await node.write('web.yaml', `# a comment\n\n${text}`)
    expect(node.pod('web').metadata.uid).toBe(uid)
    expect(node.runtime.callsOf('createContainer')).toHaveLength(1)
  })

  it('given a pod with a fixed uid, when its image changes, then only its container is restarted', async () => {
    await using node = await newTestKubelet()
    const metadata = { uid: 'fixed-uid' }
    await node.write('web.json', aManifest('web', {}, metadata))
    await node.write('web.json', aManifest('web', { containers: [{ name: 'c', image: 'nginx' }] }, metadata))
    await node.pass(100)
    expect(node.container()).toMatchObject({ restartCount: 1, image: 'nginx', ready: true })
    expect(node.runtime.callsOf('runPodSandbox')).toHaveLength(1)
    expect(node.timeline().find((entry) => entry.reason === 'Killing')?.message).toBe(
      'Container c definition changed, will be restarted',
    )
  })

  it('given a broken edit, then the pod goes on until the next listing removes it, and comes back when it is mended', async () => {
    await using node = await newTestKubelet()
    await node.write('web.json', aManifest('web'))
    await node.write('web.json', '{"apiVersion": "v1", "kind": "Pod"')
    expect(node.file('web.json')).toMatchObject({ state: 'stale', pod: { name: 'web-node01' } })
    expect(node.pod('web').status?.phase).toBe('Running')
    await node.pass(20_000)
    expect(node.file('web.json').state).toBe('rejected')
    expect(node.podNames()).toEqual([])
    await node.write('web.json', aManifest('web'))
    expect(node.pod('web').status?.phase).toBe('Running')
    expect(node.file('web.json').state).toBe('accepted')
  })
})

describe('what lives on the node', () => {
  it('given hostAliases and a pod IP, then /etc/hosts is managed', async () => {
    await using node = await newTestKubelet()
    await node.write('web.json', aManifest('web', { hostAliases: [{ ip: '10.0.0.9', hostnames: ['db', 'store'] }] }))
    const { uid = '' } = node.pod('web').metadata
    const hosts = readFileSync(join(node.root, 'var/lib/kubelet/pods', uid, 'etc-hosts'), 'utf8')
    expect(hosts).toContain('# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n')
    expect(hosts).toContain(`${node.pod('web').status?.podIP}\tweb-node01\n`)
    expect(hosts).toContain('\n# Entries added by HostAliases.\n10.0.0.9\tdb\tstore\n')
  })

  it('given fields that are not carried out, then each is told in the timeline', async () => {
    await using node = await newTestKubelet()
    const volumes = [{ name: 'v', gitRepo: { repository: 'https://example.com/site.git' } }]
    await node.write('web.json', aManifest('web', { volumes, runtimeClassName: 'fast' }))
    const fields = node.timeline().filter((entry) => entry.reason === 'FieldNotSupported')
    expect(fields.map((entry) => [entry.type, entry.details?.['field']])).toEqual([
      ['Warning', 'spec.volumes[0].gitRepo'],
      ['Warning', 'spec.runtimeClassName'],
    ])
  })

  it('given a host port, then the runtime is asked for it, and nothing is said to be left out', async () => {
    await using node = await newTestKubelet()
    const ports = [{ containerPort: 80, hostPort: 8080, hostIP: '127.0.0.1' }, { containerPort: 443 }]
    await node.write('web.json', aManifest('web', { containers: [{ name: 'c', image: 'busybox:1.36', ports }] }))
    const portMappings = [
      { protocol: 'TCP', containerPort: 80, hostPort: 8080, hostIp: '127.0.0.1' },
      { protocol: 'TCP', containerPort: 443, hostPort: 0, hostIp: '' },
    ]
    expect(node.runtime.callsOf('runPodSandbox')).toMatchObject([{ args: [{ portMappings }] }])
    expect(node.timeline().filter((entry) => entry.reason === 'FieldNotSupported')).toEqual([])
  })

  it('given hostNetwork, then the runtime is asked for no hostname, as the node’s cannot be set', async () => {
    await using node = await newTestKubelet()
    await node.write('own.json', aManifest('own'))
    await node.write('shared.json', aManifest('shared', { hostNetwork: true }))
    const asked = node.runtime.callsOf('runPodSandbox').map(({ args: [config] }) => config as { hostname: string })
    expect(asked.map(({ hostname }) => hostname)).toEqual(['own-node01', ''])
  })

  it('given security options that are not applied, then each is named', async () => {
    await using node = await newTestKubelet()
    const securityContext = { procMount: 'Unmasked', seLinuxOptions: { type: 'spc_t' } }
    const resources = { limits: { 'hugepages-2Mi': '2Mi' }, requests: { cpu: '1m' } }
    await node.write(
      'web.json',
      aManifest('web', { containers: [{ name: 'c', image: 'busybox:1.36', securityContext, resources }] }),
    )
    const told = node.timeline().filter((entry) => entry.reason === 'FieldNotSupported')
    expect(told.map((entry) => entry.details?.['field'])).toEqual([
      'spec.containers[0].securityContext.seLinuxOptions',
      'spec.containers[0].securityContext.procMount',
      'spec.containers[0].resources.limits.hugepages-2Mi',
    ])
  })
})
