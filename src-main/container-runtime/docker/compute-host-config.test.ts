import { describe, expect, it } from 'vitest'
import { CriError } from '../cri.ts'
import type { ContainerConfig, LinuxContainerSecurityContext, PodSandboxConfig } from '../cri.ts'
import { aContainerConfig, aPodSandboxConfig, aServiceOptions } from '../testing/configs.ts'
import { computeContainerCreateBody, computeSandboxCreateBody, computeUpdateBody } from './compute-host-config.ts'

const options = aServiceOptions()
const ids = { nodeContainerId: 'n'.repeat(64), imageId: 'sha256:i' }
const SANDBOX_ID = 'a'.repeat(64)

const sandboxBody = (change: (config: PodSandboxConfig) => void = () => undefined) => {
  const config = aPodSandboxConfig()
  change(config)
  return computeSandboxCreateBody(options, config, ids, { l: 'v' })
}
const containerBody = (change: (config: ContainerConfig) => void = () => undefined) => {
  const config = aContainerConfig()
  change(config)
  return computeContainerCreateBody(options, SANDBOX_ID, config, ids, { l: 'v' })
}
const withSecurity = (security: Partial<LinuxContainerSecurityContext>) => (config: ContainerConfig) =>
  void Object.assign(config.linux.securityContext, security)

describe('computeSandboxCreateBody', () => {
  it('given an ordinary pod, then the pause container is on the lab’s network, bare of rights', () => {
    expect(sandboxBody()).toEqual({
      Image: 'sha256:i',
      Hostname: 'web-node01',
      Healthcheck: { Test: ['NONE'] },
      Labels: { l: 'v' },
      HostConfig: {
        RestartPolicy: { Name: 'no' },
        LogConfig: { Type: 'json-file', Config: { 'max-size': '20m', 'max-file': '2' } },
        Init: false,
        NetworkMode: 'node-lab.t',
        IpcMode: 'shareable',
        CapDrop: ['ALL'],
        SecurityOpt: ['no-new-privileges'],
        ReadonlyRootfs: true,
        PidsLimit: 128,
        CpuShares: 2,
        OomScoreAdj: 1,
      },
      NetworkingConfig: { EndpointsConfig: { 'node-lab.t': {} } },
    })
  })

  it('given hostNetwork, hostPID and hostIPC, then they mean the node container', () => {
    const body = sandboxBody((config) => {
      config.linux.securityContext.namespaceOptions = { network: 'NODE', pid: 'NODE', ipc: 'NODE' }
    })
    const nodeMode = `container:${ids.nodeContainerId}`
    expect(body.HostConfig).toMatchObject({ NetworkMode: nodeMode, IpcMode: nodeMode, PidMode: nodeMode })
    expect(body).not.toHaveProperty('Hostname')
    expect(body).not.toHaveProperty('NetworkingConfig')
  })

  it('given a hostPort, then the engine is asked to publish nothing', () => {
    const body = sandboxBody((config) => {
      config.portMappings = [{ protocol: 'TCP', containerPort: 80, hostPort: 8080, hostIp: '0.0.0.0' }]
    })
    expect(body).toEqual(sandboxBody(() => undefined))
  })

  it('given a sysctl, then PermissionDenied with the reason', () => {
    const withSysctl = () => sandboxBody((config) => (config.linux.sysctls = { 'kernel.msgmax': '1' }))
    expect(withSysctl).toThrow('sysctl kernel.msgmax')
    expect(withSysctl).toThrow(expect.objectContaining({ code: 'PermissionDenied' }))
  })

  it('given what only containers are refused for, then the pause container has nothing of it', () => {
    const body = sandboxBody(({ linux: { securityContext } }) => {
      securityContext.privileged = true
      securityContext.seccomp = { profileType: 'Unconfined', localhostRef: '' }
      securityContext.apparmor = { profileType: 'Localhost', localhostRef: 'x' }
    })
    expect(body).toEqual(sandboxBody(() => undefined))
  })
})

describe('computeContainerCreateBody', () => {
  it('given an ordinary container, then it joins its sandbox and has nothing more than Docker’s defaults', () => {
    expect(containerBody()).toEqual({
      Image: 'sha256:i',
      Entrypoint: ['sleep', '3600'],
      Healthcheck: { Test: ['NONE'] },
      Labels: { l: 'v' },
      HostConfig: {
        RestartPolicy: { Name: 'no' },
        LogConfig: { Type: 'json-file', Config: { 'max-size': '20m', 'max-file': '2' } },
        Init: false,
        NetworkMode: `container:${SANDBOX_ID}`,
        IpcMode: `container:${SANDBOX_ID}`,
        PidsLimit: 4096,
        OomScoreAdj: 1000,
        CpuShares: 2,
      },
    })
  })

  it('given everything that is allowed, then it is all there and only known keys are used', () => {
    const body = containerBody((config) => {
      config.args = ['a']
      config.workingDir = '/w'
      config.envs = [{ key: 'A', value: 'b=c' }]
      config.stopSignal = 'SIGQUIT'
      config.tty = true
      config.stdin = true
      config.linux.resources = {
        cpuPeriod: 100_000n,
        cpuQuota: 50_000n,
        cpuShares: 512n,
        memoryLimitInBytes: 67_108_864n,
        oomScoreAdj: -997n,
      }
      withSecurity({
        capabilities: { addCapabilities: ['CAP_NET_RAW'], dropCapabilities: ['ALL', 'chown'] },
        namespaceOptions: { network: 'POD', pid: 'POD', ipc: 'POD' },
        runAsUser: 1000n,
        runAsGroup: 0n,
        readonlyRootfs: true,
        supplementalGroups: [2000n],
        noNewPrivs: true,
        seccomp: { profileType: 'RuntimeDefault', localhostRef: '' },
      })(config)
    })
    expect(body).toMatchObject({
      User: '1000:0',
      Cmd: ['a'],
      WorkingDir: '/w',
      Env: ['A=b=c'],
      StopSignal: 'SIGQUIT',
      Tty: true,
      OpenStdin: true,
      HostConfig: {
        PidMode: `container:${SANDBOX_ID}`,
        CapAdd: ['NET_RAW'],
        CapDrop: ['ALL', 'CHOWN'],
        GroupAdd: ['2000'],
        SecurityOpt: ['no-new-privileges'],
        ReadonlyRootfs: true,
        OomScoreAdj: 0,
        CpuShares: 512,
        CpuPeriod: 100_000,
        CpuQuota: 50_000,
        Memory: 67_108_864,
        MemorySwap: 67_108_864,
      },
    })
  })

  it.each<[string, CriError['code'], string, (config: ContainerConfig) => void]>([
    ['privileged', 'PermissionDenied', 'privileged', withSecurity({ privileged: true })],
    [
      'a capability beyond the defaults',
      'PermissionDenied',
      'capability SYS_ADMIN',
      withSecurity({ capabilities: { addCapabilities: ['SYS_ADMIN'], dropCapabilities: [] } }),
    ],
    [
      'all capabilities',
      'PermissionDenied',
      'capability ALL',
      withSecurity({ capabilities: { addCapabilities: ['all'], dropCapabilities: [] } }),
    ],
    [
      'unconfined AppArmor',
      'PermissionDenied',
      'AppArmor profile Unconfined',
      withSecurity({ apparmor: { profileType: 'Unconfined', localhostRef: '' } }),
    ],
    ['a group without a user', 'InvalidArgument', 'runAsGroup needs', withSecurity({ runAsGroup: 5n })],
    ['a negative user', 'InvalidArgument', 'runAsUser has to be', withSecurity({ runAsUser: -1n })],
    [
      'another pod’s process namespace by name',
      'InvalidArgument',
      'targetId',
      withSecurity({ namespaceOptions: { network: 'POD', pid: 'TARGET', ipc: 'POD', targetId: 'host' } }),
    ],
    [
      'a network namespace of its own',
      'InvalidArgument',
      'network namespace mode CONTAINER',
      withSecurity({ namespaceOptions: { network: 'CONTAINER', pid: 'POD', ipc: 'POD' } }),
    ],
    ['an environment name with =', 'InvalidArgument', '"A=B"', (config) => (config.envs = [{ key: 'A=B', value: '' }])],
    ['a stop signal that is none', 'InvalidArgument', 'stop signal', (config) => (config.stopSignal = 'rm -rf')],
    [
      'a negative memory limit',
      'InvalidArgument',
      'memoryLimitInBytes',
      (config) => (config.linux.resources.memoryLimitInBytes = -1n),
    ],
  ])('given %s, then %s with the reason', (_name, code, reason, change) => {
    expect(() => containerBody(change)).toThrow(reason)
    expect(() => containerBody(change)).toThrow(expect.objectContaining({ code }))
  })
})

describe('computeUpdateBody', () => {
  const none = { cpuPeriod: 0n, cpuQuota: 0n, cpuShares: 0n, memoryLimitInBytes: 0n, oomScoreAdj: 0n }

  it('given nothing but a score, then nothing is changed', () => {
    expect(computeUpdateBody({ ...none, oomScoreAdj: -998n })).toEqual({})
  })

  it('given limits, then they alone are sent, swap included', () => {
    const all = { cpuPeriod: 100_000n, cpuQuota: -5n, cpuShares: 1n, memoryLimitInBytes: 9_000_000n, oomScoreAdj: 3n }
    expect(computeUpdateBody(all)).toEqual({
      CpuPeriod: 100_000,
      CpuQuota: -1,
      CpuShares: 2,
      Memory: 9_000_000,
      MemorySwap: 9_000_000,
    })
  })

  it.each([
    ['cpuQuota', 999n],
    ['cpuPeriod', 1n],
    ['memoryLimitInBytes', -1n],
    ['cpuShares', -1n],
  ])('given %s of %s, then it is refused', (field, value) => {
    expect(() => computeUpdateBody({ ...none, [field]: value })).toThrow(`${field} has to be between`)
  })
})
