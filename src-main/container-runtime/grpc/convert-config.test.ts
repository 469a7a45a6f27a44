import { describe, expect, it } from 'vitest'
import { aContainerConfig, aPodSandboxConfig } from '../testing/configs.ts'
import {
  containerConfigFromWire,
  containerConfigToWire,
  podSandboxConfigFromWire,
  podSandboxConfigToWire,
} from './convert-config.ts'
import { decode, encode } from '../../base/protobuf.ts'
import type { EncodableMessage } from '../../base/protobuf.ts'
import { ContainerConfig, PodSandboxConfig } from './schema.ts'

type WireContainer = EncodableMessage<typeof ContainerConfig>
type WireSandbox = EncodableMessage<typeof PodSandboxConfig>

const receiveContainer = (change: Partial<WireContainer>) =>
  containerConfigFromWire(
    decode(ContainerConfig, encode(ContainerConfig, { ...containerConfigToWire(aContainerConfig()), ...change })),
    'config',
  )
const receiveSandbox = (change: Partial<WireSandbox>) =>
  podSandboxConfigFromWire(
    decode(PodSandboxConfig, encode(PodSandboxConfig, { ...podSandboxConfigToWire(aPodSandboxConfig()), ...change })),
    'config',
  )

describe('configurations on the wire', () => {
  it('given nothing special, then what arrives is what was sent', () => {
    expect(receiveContainer({})).toEqual(aContainerConfig())
    expect(receiveSandbox({})).toEqual(aPodSandboxConfig())
  })

  it.each(['', 'SIGQUIT', 'SIGRTMIN', 'SIGRTMIN+15', 'SIGRTMAX-1', 'SIGRTMAX'])(
    'given the stop signal "%s", then it arrives',
    (signal) => {
      const wire = containerConfigToWire(aContainerConfig({ stopSignal: signal }))
      const received = containerConfigFromWire(decode(ContainerConfig, encode(ContainerConfig, wire)), 'config')
      expect(received.stopSignal).toBe(signal)
    },
  )

  it.each<[string, Partial<WireContainer>]>([
    ['config.devices', { devices: [{ hostPath: '/dev/sda' }] }],
    ['config.cdiDevices', { cdiDevices: [{ name: 'vendor.com/gpu=0' }] }],
    ['config.mounts[0].image', { mounts: [{ image: { image: 'x' } }] }],
    ['config.mounts[0].uidMappings', { mounts: [{ uidMappings: [{ length: 1 }] }] }],
    ['config.image.runtimeHandler', { image: { image: 'x', runtimeHandler: 'kata' } }],
    ['config.linux.resources.cpusetCpus', { linux: { resources: { cpusetCpus: '0' } } }],
    ['config.linux.resources.unified[memory.max]', { linux: { resources: { unified: { 'memory.max': '1' } } } }],
    ['config.linux.securityContext.selinuxOptions', { linux: { securityContext: { selinuxOptions: { type: 't' } } } }],
    [
      'config.linux.securityContext.capabilities.addAmbientCapabilities',
      { linux: { securityContext: { capabilities: { addAmbientCapabilities: ['NET_RAW'] } } } },
    ],
  ])('given %s from another kubelet, then it is refused by its name', (field, change) => {
    expect(() => receiveContainer(change)).toThrow(`${field} is not supported by this runtime service`)
  })

  it('given a user namespace for the pod, then it is refused by its name', () => {
    const namespaceOptions = { usernsOptions: { mode: 'POD' as const, uids: [{ length: 65_536 }] } }
    expect(() => receiveSandbox({ linux: { securityContext: { namespaceOptions } } })).toThrow(
      'config.linux.securityContext.namespaceOptions.usernsOptions is not supported',
    )
  })

  it('given limits of zero huge pages and the kubelet’s own memory setting, then they are no obstacle', () => {
    const resources = { hugepageLimits: [{ pageSize: '2MB', limit: 0n }], unified: { 'memory.oom.group': '1' } }
    expect(receiveContainer({ linux: { resources } }).linux.resources.cpuShares).toBe(0n)
  })

  it.each([
    ['config.metadata must be set', { metadata: undefined }],
    ['config.metadata.name must not be empty', { metadata: { uid: 'u', namespace: 'n' } }],
  ])('given a pod without identity, then "%s"', (message, change) => {
    expect(() => receiveSandbox(change)).toThrow(message)
  })
})
