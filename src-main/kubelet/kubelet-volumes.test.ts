/** What a pod finds in its volumes and variables (facts 2.16, 2.17). */
import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Container, Pod } from '../common/api/core.ts'
import type { ContainerConfig } from '../container-runtime/cri.ts'
import { aManifest, newTestKubelet } from './testing/new-test-kubelet.ts'
import type { TestKubelet } from './testing/new-test-kubelet.ts'

const withContainer = (
  container: Partial<Container>,
  spec: Partial<Pod['spec']> = {},
  metadata: Pod['metadata'] = {},
) => aManifest('web', { containers: [{ name: 'c', image: 'busybox:1.36', ...container }], ...spec }, metadata)

function configOf(node: TestKubelet): ContainerConfig {
  return node.runtime.callsOf('createContainer').at(-1)?.args[1] as ContainerConfig
}

const mountedAt = (node: TestKubelet, path: string): string =>
  configOf(node).mounts.find((mount) => mount.containerPath === path)?.hostPath ?? ''

describe('variables', () => {
  it('given fields of the pod and the node, then their values', async () => {
    await using node = await newTestKubelet()
    const field = (name: string, fieldPath: string) => ({ name, valueFrom: { fieldRef: { fieldPath } } })
    const env = [
      field('NAME', 'metadata.name'),
      field('NAMESPACE', 'metadata.namespace'),
      field('UID', 'metadata.uid'),
      field('LABEL', "metadata.labels['app']"),
      field('NOTE', "metadata.annotations['note']"),
      field('NODE', 'spec.nodeName'),
      field('ACCOUNT', 'spec.serviceAccountName'),
      field('HOST', 'status.hostIP'),
      field('HOSTS', 'status.hostIPs'),
      field('IP', 'status.podIP'),
      field('IPS', 'status.podIPs'),
      { name: 'LATER', value: '$(NAME)/$(NOPE)/$$(NAME)' },
      { name: 'LABEL', value: 'twice' },
    ]
    await node.write('web.json', withContainer({ env }, {}, { labels: { app: 'shop' }, annotations: { note: 'n' } }))
    const { metadata, status } = node.pod('web')
    expect(Object.fromEntries(configOf(node).envs.map(({ key, value }) => [key, value]))).toEqual({
      NAME: 'web-node01',
      NAMESPACE: 'default',
      UID: metadata.uid,
      LABEL: 'twice',
      NOTE: 'n',
      NODE: 'node01',
      ACCOUNT: '',
      HOST: '172.30.7.2',
      HOSTS: '172.30.7.2',
      IP: status?.podIP,
      IPS: status?.podIP,
      LATER: 'web-node01/$(NOPE)/$(NAME)',
    })
  })

  it('given resources, then they are divided and rounded up, and what is not limited is what the node has for pods', async () => {
    await using node = await newTestKubelet()
    const ask = (name: string, resource: string, divisor?: string) => ({
      name,
      valueFrom: { resourceFieldRef: { resource, ...(divisor === undefined ? {} : { divisor }) } },
    })
    const env = [
      ask('CPU', 'limits.cpu'),
      ask('MILLIS', 'limits.cpu', '1m'),
      ask('MEMORY', 'limits.memory'),
      ask('MEBIBYTES', 'limits.memory', '1Mi'),
      ask('ASKED', 'requests.memory', '1Mi'),
      ask('DISK', 'limits.ephemeral-storage', '1Gi'),
    ]
    const resources = { limits: { cpu: '200m' }, requests: { memory: '1500Ki' } }
    await node.write('web.json', withContainer({ env, resources }))
    expect(configOf(node).envs.map(({ key, value }) => `${key}=${value}`)).toEqual([
      'CPU=1',
      'MILLIS=200',
      `MEMORY=${4 * 2 ** 30}`,
      'MEBIBYTES=4096',
      'ASKED=2',
      'DISK=9',
    ])
  })

  it('given a command and arguments, then references are filled in from the variables', async () => {
    await using node = await newTestKubelet()
    const env = [{ name: 'WORD', value: 'hello' }]
    await node.write('web.json', withContainer({ env, command: ['echo', '$(WORD)'], args: ['$$(WORD)', '$(NOPE)'] }))
    expect(configOf(node)).toMatchObject({ command: ['echo', 'hello'], args: ['$(WORD)', '$(NOPE)'] })
  })
})

describe('volumes', () => {
  it('given downwardAPI, by itself and projected, then files with the values, in the layout of a kubelet', async () => {
    await using node = await newTestKubelet()
    const items = [
      { path: 'notes', fieldRef: { fieldPath: 'metadata.annotations' } },
      {
        path: 'deep/cpu',
        resourceFieldRef: { containerName: 'c', resource: 'limits.cpu', divisor: '1m' },
        mode: 0o400,
      },
    ]
    const volumes = [
      { name: 'own', downwardAPI: { items, defaultMode: 0o640 } },
      { name: 'projected', projected: { sources: [{ downwardAPI: { items: items.slice(0, 1) } }] } },
    ]
    const volumeMounts = ['own', 'projected'].map((name) => ({ name, mountPath: `/${name}` }))
    const resources = { limits: { cpu: '300m' } }
    await node.write(
      'web.json',
      withContainer({ volumeMounts, resources }, { volumes }, { annotations: { b: 'say "2"', a: '1' } }),
    )
    const ofVolumes = configOf(node).mounts.filter(({ containerPath }) => /^\/(own|projected)$/.test(containerPath))
    expect(ofVolumes.map(({ readonly }) => readonly)).toEqual([true, true])
    const own = mountedAt(node, '/own')
    expect(own).toContain('/volumes/kubernetes.io~downward-api/own')
    expect(readFileSync(join(own, 'notes'), 'utf8')).toContain('a="1"\nb="say \\"2\\""')
    expect(readFileSync(join(own, 'deep/cpu'), 'utf8')).toBe('300')
    expect([statSync(join(own, 'notes')).mode & 0o777, statSync(join(own, 'deep/cpu')).mode & 0o777]).toEqual([
      0o640, 0o400,
    ])
    expect(readlinkSync(join(own, 'notes'))).toBe('..data/notes')
    expect(readdirSync(own)).toContain(readlinkSync(join(own, '..data')))
    expect(readFileSync(join(mountedAt(node, '/projected'), 'notes'), 'utf8')).toContain('a="1"')
  })

  it('given emptyDir and fsGroup, then everybody may write, or the group', async () => {
    await using node = await newTestKubelet()
    const volumes = [{ name: 'v', emptyDir: {} }]
    const volumeMounts = [{ name: 'v', mountPath: '/v' }]
    await node.write('web.json', withContainer({ volumeMounts }, { volumes }))
    expect(statSync(mountedAt(node, '/v')).mode & 0o7777).toBe(0o777)
    await node.write(
      'web.json',
      withContainer({ volumeMounts }, { volumes, securityContext: { fsGroup: process.getgid?.() ?? 0 } }),
    )
    expect(statSync(mountedAt(node, '/v')).mode & 0o7777).toBe(0o2777)
  })

  it('given a subPathExpr with a variable that is not there, then the container cannot be made', async () => {
    await using node = await newTestKubelet()
    const volumeMounts = [{ name: 'v', mountPath: '/v', subPathExpr: 'logs/$(NOPE)' }]
    await node.write('web.json', withContainer({ volumeMounts }, { volumes: [{ name: 'v', emptyDir: {} }] }))
    expect(node.container().state.waiting).toEqual({
      reason: 'CreateContainerConfigError',
      message: 'missing value for NOPE',
    })
  })

  it('given /etc/hosts of its own, then the managed one is not mounted; in the network of the node it is that of the node', async () => {
    await using node = await newTestKubelet()
    const volumes = [{ name: 'v', emptyDir: {} }]
    await node.write('web.json', withContainer({ volumeMounts: [{ name: 'v', mountPath: '/etc/hosts' }] }, { volumes }))
    expect(mountedAt(node, '/etc/hosts')).toContain('empty-dir/v')
    await node.write(
      'web.json',
      withContainer({}, { hostNetwork: true, hostAliases: [{ ip: '10.0.0.9', hostnames: ['db'] }] }),
    )
    expect(readFileSync(mountedAt(node, '/etc/hosts'), 'utf8')).toBe(
      '# Kubernetes-managed hosts file (host network).\n127.0.0.1\tlocalhost\n\n# Entries added by HostAliases.\n10.0.0.9\tdb\n',
    )
  })
})

describe('namespaces and rights', () => {
  it.each([
    [{}, { network: 'POD', pid: 'CONTAINER', ipc: 'POD' }],
    [{ shareProcessNamespace: true }, { network: 'POD', pid: 'POD', ipc: 'POD' }],
    [
      { hostNetwork: true, hostPID: true, hostIPC: true },
      { network: 'NODE', pid: 'NODE', ipc: 'NODE' },
    ],
  ] as [Partial<Pod['spec']>, object][])('given %j, then the runtime is asked for %j', async (spec, namespaces) => {
    await using node = await newTestKubelet()
    await node.write('web.json', withContainer({}, spec))
    expect(configOf(node).linux.securityContext.namespaceOptions).toEqual(namespaces)
  })

  it('given security settings of the pod and of the container, then the container’s count', async () => {
    await using node = await newTestKubelet()
    const ofPod = { runAsUser: 1000, runAsGroup: 2000, supplementalGroups: [3000], fsGroup: process.getgid?.() ?? 0 }
    const own = {
      runAsUser: 1001,
      readOnlyRootFilesystem: true,
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'], add: ['CHOWN'] },
      seccompProfile: { type: 'RuntimeDefault' as const },
    }
    await node.write('web.json', withContainer({ securityContext: own }, { securityContext: ofPod }))
    expect(configOf(node).linux.securityContext).toMatchObject({
      runAsUser: 1001n,
      runAsGroup: 2000n,
      supplementalGroups: [3000n, BigInt(ofPod.fsGroup)],
      readonlyRootfs: true,
      noNewPrivs: true,
      capabilities: { dropCapabilities: ['ALL'], addCapabilities: ['CHOWN'] },
      seccomp: { profileType: 'RuntimeDefault' },
      privileged: false,
    })
  })
})
