import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import type { ContainerConfig } from '../container-runtime/cri.ts'
import { kubeletSettings } from './kubelet-settings.ts'
import { load, loadFile } from './options/testing/load.ts'
import { listFiles } from './options/list-files.ts'
import { aManifest, newTestKubelet, type TestKubelet } from './testing/new-test-kubelet.ts'

/** A kubelet whose configuration file says this. */
function newKubelet(lines: string): Promise<TestKubelet> {
  const { staticPodPath: _none, ...settings } = kubeletSettings(loadFile(lines))
  return newTestKubelet({ settings })
}

/** What the runtime was asked to make of the pod's container. */
async function containerOf(lines: string, spec: object = {}): Promise<ContainerConfig> {
  await using kubelet = await newKubelet(lines)
  const container = { name: 'c', image: 'busybox:1.36', resources: { limits: { cpu: '500m' } } }
  await kubelet.write('a.yaml', aManifest('a', { containers: [container], ...spec }))
  await kubelet.pass(3000)
  const [call] = kubelet.runtime.callsOf('createContainer')
  if (call === undefined) throw new Error('no container was made')
  return call.args[1] as ContainerConfig
}

it.each([
  ['', { cpuPeriod: 100_000n, cpuQuota: 50_000n }],
  ['cpuCFSQuota: false\n', { cpuPeriod: 100_000n, cpuQuota: 0n }],
  ['cpuCFSQuotaPeriod: 10ms\nfeatureGates: {CustomCPUCFSQuotaPeriod: true}\n', { cpuPeriod: 10_000n, cpuQuota: 5000n }],
  ['podPidsLimit: 50\n', { pidsLimit: 50n }],
])('given the configuration %j, when a container is made, then its limits follow', async (lines, limits) => {
  expect((await containerOf(lines)).linux.resources).toMatchObject(limits)
})

it('given no podPidsLimit, when a container is made, then the runtime decides', async () => {
  expect((await containerOf('')).linux.resources).not.toHaveProperty('pidsLimit')
})

it('given seccompDefault, when a container says nothing of seccomp, then it asks for the default profile; its own word counts more', async () => {
  expect((await containerOf('')).linux.securityContext.seccomp).toBeUndefined()
  const asked = (await containerOf('seccompDefault: true\n')).linux.securityContext
  expect(asked.seccomp?.profileType).toBe('RuntimeDefault')
  const own = { securityContext: { seccompProfile: { type: 'Unconfined' } } }
  expect((await containerOf('seccompDefault: true\n', own)).linux.securityContext.seccomp?.profileType).toBe(
    'Unconfined',
  )
})

it('given a longest wait of 2 s between restarts, when a container crashes on and on, then it is started every 2 s', async () => {
  await using kubelet = await newKubelet('crashLoopBackOff: {maxContainerRestartPeriod: 2s}\n')
  kubelet.runtime.behave('c', { exitAfterMs: 10, exitCode: 1 })
  await kubelet.write('a.yaml', aManifest('a'))
  await kubelet.pass(30_000)
  expect(kubelet.container().restartCount).toBeGreaterThan(6)
})

it('given the gate PreventStaticPodAPIReferences is closed, when a manifest refers to an object, then its pod is accepted', async () => {
  await using kubelet = await newKubelet('featureGates: {PreventStaticPodAPIReferences: false}\n')
  await kubelet.write('a.yaml', aManifest('a', { serviceAccountName: 'somebody' }))
  await kubelet.pass(1000)
  expect(kubelet.file('a.yaml').state).toBe('accepted')
  await using other = await newKubelet('')
  await other.write('a.yaml', aManifest('a', { serviceAccountName: 'somebody' }))
  expect(other.file('a.yaml').reason).toBe('APIReference')
})

it('given the gate ContainerRestartRules is closed, when a container has a restart policy, then its file is refused, and one of a sidecar is not', async () => {
  const own = aManifest('a', { containers: [{ name: 'c', image: 'busybox:1.36', restartPolicy: 'Never' }] })
  const sidecar = { name: 's', image: 'busybox:1.36', restartPolicy: 'Always' as const }
  await using kubelet = await newKubelet('featureGates: {ContainerRestartRules: false}\n')
  await kubelet.write('a.yaml', own)
  await kubelet.write('b.yaml', aManifest('b', { initContainers: [sidecar] }))
  await kubelet.write('c.yaml', aManifest('c', { initContainers: [{ ...sidecar, restartPolicy: 'OnFailure' }] }))
  expect(kubelet.file('a.yaml').message).toContain(
    'spec.containers[0].restartPolicy: Forbidden: may not be set for non-init containers',
  )
  expect(kubelet.file('b.yaml').state).toBe('accepted')
  expect(kubelet.file('c.yaml').message).toContain('Unsupported value: "OnFailure": supported values: "Always"')
  await using other = await newKubelet('')
  await other.write('a.yaml', own)
  expect(other.file('a.yaml').state).toBe('accepted')
})

it('given the gate KubeletEnsureSecretPulledImages is closed, when an image is there, then nothing is said of who may use it', async () => {
  const pulled = async (lines: string): Promise<string | undefined> => {
    await using kubelet = await newKubelet(lines)
    await kubelet.write('a.yaml', aManifest('a'))
    await kubelet.pass(3000)
    return kubelet.timeline().find(({ reason }) => reason === 'Pulled')?.message
  }
  expect(await pulled('')).toMatch(/already present on machine and can be accessed by the pod$/)
  expect(await pulled('featureGates: {KubeletEnsureSecretPulledImages: false}\n')).toMatch(
    /already present on machine$/,
  )
})

it('given one pull a second at most, when two images are pulled at once, then the second is tried again later', async () => {
  await using kubelet = await newKubelet('registryPullQPS: 1\nregistryBurst: 1\nserializeImagePulls: false\n')
  for (const name of ['a', 'b'])
    await kubelet.write(
      `${name}.yaml`,
      aManifest(name, { containers: [{ name: 'c', image: 'busybox:1.36', imagePullPolicy: 'Always' }] }),
    )
  await kubelet.pass(2000)
  expect(kubelet.timeline().some(({ message }) => message.includes('pull QPS exceeded'))).toBe(true)
  await kubelet.pass(60_000)
  expect(kubelet.container(undefined, 'a').state.running).toBeDefined()
  expect(kubelet.container(undefined, 'b').state.running).toBeDefined()
})

it('given a log that is too long and a monitor interval of 30 s, when the kubelet has looked, then it looks again after 30 s only', async () => {
  await using kubelet = await newKubelet('containerLogMaxSize: "10"\ncontainerLogMonitorInterval: 30s\n')
  await kubelet.write('a.yaml', aManifest('a'))
  await kubelet.pass(40_000)
  const [container] = kubelet.kubelet.runtimePod(kubelet.pod('a').metadata.uid ?? '').containers
  const directory = dirname(container?.logPath ?? '')
  mkdirSync(directory, { recursive: true })
  const write = (): void => writeFileSync(join(directory, '0.log'), 'more than ten bytes\n')
  const rotations = (): number => readdirSync(directory).filter((name) => name !== '0.log').length
  write()
  while (rotations() === 0) await kubelet.pass(1000)
  write()
  await kubelet.pass(25_000)
  expect(rotations()).toBe(1)
  await kubelet.pass(10_000)
  expect(rotations()).toBe(2)
})

it('given a folder of drop-ins with folders in it, when it is listed, then all files come in the order of their names', async () => {
  await using kubelet = await newKubelet('')
  const directory = join(kubelet.root, 'conf.d')
  for (const path of ['b', 'a/z', 'a/y', 'c.conf/x']) {
    mkdirSync(join(directory, path, '..'), { recursive: true })
    writeFileSync(join(directory, path), '')
  }
  expect(listFiles(directory)).toEqual(['a/y', 'a/z', 'b', 'c.conf/x'].map((path) => join(directory, path)))
  rmSync(directory, { recursive: true })
  expect(() => listFiles(directory)).toThrow('ENOENT')
})

it('given a resolver file and a folder for logs, when options are read, then both are handed on', () => {
  expect(load(['--resolv-conf=/run/other/resolv.conf'])).toMatchObject({ resolvConfPath: '/run/other/resolv.conf' })
  expect(loadFile('resolvConf: ""\npodLogsDir: /var/log/other\n')).toMatchObject({
    resolvConfPath: '',
    podLogsDirectory: '/var/log/other',
  })
})
