import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CriError } from '../cri.ts'
import type {
  ContainerConfig,
  LinuxContainerResources,
  Mount,
  NamespaceOptions,
  PodSandboxConfig,
  SecurityProfile,
} from '../cri.ts'
import { MEMORY_VOLUMES_ANNOTATION } from '../memory-volumes.ts'
import { aContainerConfig, aPodSandboxConfig, aServiceOptions } from '../testing/configs.ts'
import { computeContainerCreateBody, computeSandboxCreateBody, computeUpdateBody } from './compute-host-config.ts'
import type { EngineCreateBody } from './engine-types.ts'
import { findHostConfigBreach, findPolicyBreach, POLICY_TABLE, renderPolicyTable } from './policy-table.ts'

const NODE_ID = 'b'.repeat(64)
const SANDBOX_ID = 'a'.repeat(64)
const TARGET_ID = 'c'.repeat(64)
const options = aServiceOptions()
const MEMORY = { path: '/data/db', volume: 'node-lab.t.node01.memory_u_1' }
const ids = { nodeContainerId: NODE_ID, imageId: 'sha256:i', heldVolumes: [MEMORY] }

/** Mostly what a kubelet sends, and now and then what an attacker would. */
const mostly = <T>(usual: T[], hostile: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight: 12, arbitrary: fc.constantFrom(...usual) }, { weight: 1, arbitrary: hostile })

const hostileText = fc.oneof(
  fc.string(),
  fc.constantFrom(
    'host',
    '/',
    '..',
    '../../etc',
    'container:x',
    '/run/docker.sock',
    'label=disable',
    'a\0b',
    'a\nb',
    '\n',
  ),
)
const text = mostly(['', 'web', 'a-b', '/data'], hostileText)
const someInt = mostly([0n, 1n, 100_000n], fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }))
const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(arbitrary, { nil: undefined })
const texts = (usual: string[]): fc.Arbitrary<string[]> => fc.array(mostly(usual, hostileText), { maxLength: 2 })
const dictionary = fc.dictionary(mostly(['app', 'io.kubernetes.pod.uid'], hostileText), text, { maxKeys: 2 })
const flag = mostly([false], fc.boolean())

const profile: fc.Arbitrary<SecurityProfile | undefined> = mostly(
  [undefined, { profileType: 'RuntimeDefault', localhostRef: '' }],
  fc.record({ profileType: fc.constantFrom('RuntimeDefault', 'Unconfined', 'Localhost'), localhostRef: hostileText }),
)
const mode = fc.constantFrom<NamespaceOptions['pid'][]>('POD', 'CONTAINER', 'NODE', 'TARGET')
const shared = mostly<NamespaceOptions['pid']>(['POD', 'NODE'], mode)
const namespaces: fc.Arbitrary<NamespaceOptions> = fc.record({
  network: shared,
  pid: mode,
  ipc: shared,
  targetId: mostly([TARGET_ID], hostileText),
})
const mount: fc.Arbitrary<Mount> = fc.record({
  containerPath: mostly(['/mnt/x', '/etc/hosts', '/data/y/'], hostileText),
  hostPath: mostly(['/data/db', '/var/lib/kubelet/pods/u/etc-hosts', '/tmp//x/.', '/etc/kubernetes'], hostileText),
  readonly: fc.boolean(),
  selinuxRelabel: fc.boolean(),
  propagation: mostly<Mount['propagation']>(['PROPAGATION_PRIVATE'], fc.constant('PROPAGATION_BIDIRECTIONAL')),
})

/** Properties that CRI does not have: nothing of them may show up. */
const smuggled = fc.constantFrom({}, { Privileged: true, Devices: ['/dev/sda'], HostConfig: { Binds: ['/:/host'] } })

const resources = fc.record({
  cpuPeriod: mostly([0n, 100_000n], someInt),
  cpuQuota: mostly([0n, -1n, 50_000n], someInt),
  cpuShares: mostly([2n, 1024n, 10n ** 9n], someInt),
  memoryLimitInBytes: mostly([0n, 10n ** 15n], someInt),
  oomScoreAdj: mostly([-997n, 1000n], someInt),
})

const containerConfig: fc.Arbitrary<ContainerConfig> = fc
  .record({
    command: texts(['sh']),
    args: texts(['-c']),
    workingDir: text,
    envs: fc.array(fc.record({ key: mostly(['A', 'B_C'], hostileText), value: text }), { maxLength: 2 }),
    mounts: fc.array(mount, { maxLength: 2 }),
    labels: dictionary,
    annotations: dictionary,
    stdin: fc.boolean(),
    stdinOnce: fc.boolean(),
    tty: fc.boolean(),
    stopSignal: mostly(['', 'SIGTERM', 'SIGRTMIN+1'], hostileText),
    linux: fc.record({
      resources,
      securityContext: fc.record({
        capabilities: fc.record({
          addCapabilities: texts(['NET_RAW', 'CAP_chown']),
          dropCapabilities: texts(['ALL', 'kill']),
        }),
        privileged: flag,
        namespaceOptions: namespaces,
        runAsUser: maybe(someInt),
        runAsGroup: mostly([undefined], maybe(someInt)),
        runAsUsername: mostly([''], hostileText),
        readonlyRootfs: fc.boolean(),
        supplementalGroups: fc.array(someInt, { maxLength: 2 }),
        noNewPrivs: fc.boolean(),
        seccomp: profile,
        apparmor: profile,
      }),
    }),
    extra: smuggled,
  })
  .map(({ extra, ...config }) => {
    const { linux } = config
    const securityContext = { ...extra, ...linux.securityContext }
    const built = { ...extra, ...aContainerConfig(), ...config, linux: { ...extra, ...linux, securityContext } }
    return built as ContainerConfig
  })

const memoryVolumes = fc.array(
  fc.record({
    path: mostly(['/var/lib/kubelet/pods/u/volumes/kubernetes.io~empty-dir/v'], hostileText),
    sizeBytes: mostly<unknown>([undefined, 1_048_576], fc.oneof(fc.double(), hostileText)),
    groupId: mostly<unknown>([undefined, 2000], fc.oneof(fc.integer(), hostileText)),
    o: hostileText,
  }),
  { maxLength: 2 },
)

const sandboxConfig: fc.Arbitrary<PodSandboxConfig> = fc
  .record({
    annotations: fc.oneof(
      dictionary,
      memoryVolumes.map((volumes) => ({ [MEMORY_VOLUMES_ANNOTATION]: JSON.stringify(volumes) })),
      hostileText.map((text) => ({ [MEMORY_VOLUMES_ANNOTATION]: text })),
    ),
    hostname: text,
    portMappings: fc.array(
      fc.record({
        protocol: fc.constant('TCP' as const),
        containerPort: fc.nat(65_535),
        hostPort: mostly([0], fc.nat(65_535)),
        hostIp: text,
      }),
      { maxLength: 2 },
    ),
    cgroupParent: text,
    sysctls: mostly<Record<string, string>>([{}], dictionary),
    securityContext: fc.record({
      namespaceOptions: namespaces,
      readonlyRootfs: fc.boolean(),
      supplementalGroups: fc.array(someInt, { maxLength: 2 }),
      privileged: flag,
      seccomp: profile,
      apparmor: profile,
    }),
    extra: smuggled,
  })
  .map(({ extra, cgroupParent, sysctls, securityContext, ...config }) => {
    const linux = { ...extra, cgroupParent, sysctls, securityContext }
    return { ...extra, ...aPodSandboxConfig(), ...config, linux } as PodSandboxConfig
  })

/** The request, or `undefined` where the pod was refused in words; every other failure is a fault of the policy. */
function attempt(compute: () => EngineCreateBody): EngineCreateBody | undefined {
  try {
    return compute()
  } catch (error) {
    if (!(error instanceof CriError)) throw error
    expect(['InvalidArgument', 'PermissionDenied']).toContain(error.code)
    expect(error.message).not.toBe('')
    return undefined
  }
}

/** Of whom namespaces are joined: the node, the sandbox, or a target that the service has looked up. */
function joined(body: EngineCreateBody): string[] {
  const { NetworkMode: network, IpcMode: ipc, PidMode: pid } = body.HostConfig
  return [network, ipc, pid].flatMap((value) => (value?.startsWith('container:') === true ? [value.slice(10)] : []))
}

function holdAgainstTable<T>(config: fc.Arbitrary<T>, compute: (config: T) => EngineCreateBody): Set<string> {
  const seen = new Set<string>()
  let refusals = 0
  const check = (drawn: T): void => {
    const body = attempt(() => compute(drawn))
    if (body === undefined) return void refusals++
    expect(findPolicyBreach(body, options)).toBeUndefined()
    for (const id of joined(body)) expect([NODE_ID, SANDBOX_ID, TARGET_ID]).toContain(id)
    expect(JSON.stringify(body)).not.toMatch(/Privileged|Devices|Binds/)
    for (const field of Object.keys(body)) if (field !== 'HostConfig') seen.add(field)
    for (const field of Object.keys(body.HostConfig)) seen.add(`HostConfig.${field}`)
  }
  fc.assert(fc.property(config, check), { numRuns: 3000, seed: 3 })
  expect(refusals).toBeGreaterThan(100)
  return seen
}

describe('given arbitrary pods, hostile ones among them', () => {
  it('when requests are built, then they hold only what the table allows, and each of its rows is in use', () => {
    const seen = new Set([
      ...holdAgainstTable(sandboxConfig, (config) => computeSandboxCreateBody(options, config, ids, { l: 'v' })),
      ...holdAgainstTable(containerConfig, (config) =>
        computeContainerCreateBody(options, SANDBOX_ID, config, ids, { l: 'v' }),
      ),
    ])
    expect([...seen].toSorted()).toEqual(POLICY_TABLE.map(({ field }) => field).toSorted())
  })
})

describe('given arbitrary new limits for a container', () => {
  it('when the update is built, then it too holds only what the table allows', () => {
    const check = (drawn: LinuxContainerResources): void => {
      try {
        expect(findHostConfigBreach(computeUpdateBody(drawn), options)).toBeUndefined()
      } catch (error) {
        expect(error).toMatchObject({ code: 'InvalidArgument' })
      }
    }
    fc.assert(fc.property(resources, check), { numRuns: 1000, seed: 3 })
  })
})

describe('findPolicyBreach', () => {
  const body = computeContainerCreateBody(options, SANDBOX_ID, aContainerConfig(), ids, { l: 'v' })
  const withHost = (change: object): EngineCreateBody => ({ ...body, HostConfig: { ...body.HostConfig, ...change } })
  const volumeMount = {
    Type: 'volume',
    Source: options.volume,
    Target: '/x',
    ReadOnly: false,
    VolumeOptions: { NoCopy: true, Subpath: 'data' },
  }

  const memoryMount = { ...volumeMount, Source: MEMORY.volume, VolumeOptions: { NoCopy: true } }
  const tmpfs = (words: string, change: object = {}) => ({
    NoCopy: true,
    Labels: { l: 'v' },
    DriverConfig: { Name: 'local', Options: { type: 'tmpfs', device: 'tmpfs', o: words, ...change } },
  })

  it.each<[string, object]>([
    ['Privileged', { Privileged: true }],
    ['Binds', { Binds: ['/:/host'] }],
    ['Devices', { Devices: [{ PathOnHost: '/dev/sda' }] }],
    ['CgroupParent', { CgroupParent: '/' }],
    ['UsernsMode', { UsernsMode: 'host' }],
    ['VolumesFrom', { VolumesFrom: ['x'] }],
    ['Sysctls', { Sysctls: { 'kernel.msgmax': '1' } }],
    ['Runtime', { Runtime: 'other' }],
    ['MaskedPaths', { MaskedPaths: [] }],
    ['PortBindings', { PortBindings: {} }],
    ['PublishAllPorts', { PublishAllPorts: true }],
    ['NetworkMode', { NetworkMode: 'host' }],
    ['NetworkMode', { NetworkMode: 'node-lab.other' }],
    ['PidMode', { PidMode: 'host' }],
    ['IpcMode', { IpcMode: 'host' }],
    ['CapAdd', { CapAdd: ['ALL'] }],
    ['SecurityOpt', { SecurityOpt: ['seccomp=unconfined'] }],
    ['SecurityOpt', { SecurityOpt: ['no-new-privileges', 'apparmor=unconfined'] }],
    ['OomScoreAdj', { OomScoreAdj: -1 }],
    ['PidsLimit', { PidsLimit: -1 }],
    ['RestartPolicy', { RestartPolicy: { Name: 'always' } }],
    ['Mounts', { Mounts: [{ ...volumeMount, Type: 'bind', Source: '/' }] }],
    ['Mounts', { Mounts: [{ ...volumeMount, Source: 'node-lab.t.node02' }] }],
    ['Mounts', { Mounts: [{ ...volumeMount, VolumeOptions: { NoCopy: true, Subpath: '' } }] }],
    ['Mounts', { Mounts: [{ ...volumeMount, VolumeOptions: { NoCopy: true, Subpath: 'data/../..' } }] }],
    ['Mounts', { Mounts: [{ ...volumeMount, VolumeOptions: { NoCopy: true, Subpath: 'etc/kubernetes/manifests' } }] }],
    ['Mounts', { Mounts: [{ ...volumeMount, BindOptions: {} }] }],
    ['Mounts', { Mounts: [{ ...volumeMount, VolumeOptions: undefined }] }],
    ['Mounts', { Mounts: [{ ...volumeMount, VolumeOptions: tmpfs('mode=1777,nosuid,nodev') }] }],
    ['Mounts', { Mounts: [{ ...memoryMount, Source: 'node-lab.t.node02.memory_u_1' }] }],
    ['Mounts', { Mounts: [{ ...memoryMount, VolumeOptions: undefined }] }],
    ['Mounts', { Mounts: [{ ...memoryMount, VolumeOptions: { NoCopy: true, Subpath: '../x' } }] }],
    ['Mounts', { Mounts: [{ ...memoryMount, VolumeOptions: tmpfs('bind') }] }],
    ['Mounts', { Mounts: [{ ...memoryMount, VolumeOptions: tmpfs('mode=1777,nosuid,nodev,exec') }] }],
    ['Mounts', { Mounts: [{ ...memoryMount, VolumeOptions: tmpfs('mode=1777,nosuid,nodev', { device: '/' }) }] }],
    ['Mounts', { Mounts: [{ ...memoryMount, VolumeOptions: tmpfs('mode=1777,nosuid,nodev', { type: 'none' }) }] }],
    ['Mounts', { Mounts: [{ ...memoryMount, VolumeOptions: tmpfs('mode=1777,nosuid,nodev', { extra: 'x' }) }] }],
  ])('given HostConfig.%s %j, then it is named', (field, change) => {
    expect(findPolicyBreach(withHost(change), options)).toBe(`HostConfig.${field}`)
  })

  it('given an allowed mount or a field beside HostConfig, then the first passes and the second is named', () => {
    const made = { ...memoryMount, VolumeOptions: tmpfs('size=1024,gid=2000,mode=3777,nosuid,nodev') }
    expect(findPolicyBreach(withHost({ Mounts: [volumeMount, memoryMount, made] }), options)).toBeUndefined()
    const smuggling: EngineCreateBody & { Volumes: object } = { ...body, Volumes: {} }
    expect(findPolicyBreach(smuggling, options)).toBe('Volumes')
  })
})

describe('docs/security.md', () => {
  it('given the table of the policy, then the document shows it as it is', () => {
    const document = readFileSync(new URL('../../../docs/security.md', import.meta.url), 'utf8')
    expect(document).toContain(renderPolicyTable())
  })
})
