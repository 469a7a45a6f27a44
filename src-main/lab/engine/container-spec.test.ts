import { describe, expect, it } from 'vitest'
import { computeCreateRequest, computeMount } from './container-spec.ts'
import type { EngineContainerSpec } from './engine.ts'

const spec: EngineContainerSpec = {
  name: 'c',
  image: 'i',
  labels: {},
  mounts: [],
  network: { mode: 'none' },
  restartPolicy: 'no',
}

describe('computeCreateRequest', () => {
  it('given ports, then they are published on 127.0.0.1 and nowhere else', () => {
    expect(computeCreateRequest({ ...spec, publish: { 6443: 40001 } }).HostConfig?.PortBindings).toEqual({
      '6443/tcp': [{ HostIp: '127.0.0.1', HostPort: '40001' }],
    })
  })

  it('given the richest of specs, then nothing is privileged, added or bound by path', () => {
    const { HostConfig: host } = computeCreateRequest({
      ...spec,
      mounts: [{ type: 'bind', source: '/a', target: '/b' }],
      securityOptions: ['label=disable'],
      network: { mode: 'network', name: 'n', address: '10.0.0.2' },
    })
    expect(host).not.toHaveProperty('Privileged')
    expect(host).not.toHaveProperty('CapAdd')
    expect(host).not.toHaveProperty('Binds')
    expect(host).not.toHaveProperty('PidMode')
    expect(host).not.toHaveProperty('IpcMode')
  })

  it("given a shareable IPC namespace, then pods of hostIPC can be given the node's", () => {
    expect(computeCreateRequest({ ...spec, shareableIpc: true }).HostConfig?.IpcMode).toBe('shareable')
  })

  it("given another container's network, then that is the mode", () => {
    const request = computeCreateRequest({ ...spec, network: { mode: 'container', container: 'other' } })
    expect(request.HostConfig?.NetworkMode).toBe('container:other')
    expect(request).not.toHaveProperty('NetworkingConfig')
  })
})

describe('computeMount', () => {
  it('given a sub-path, then the volume is not filled from the image', () => {
    expect(computeMount({ type: 'volume', volume: 'v', subpath: 'etc/x', target: '/x' })).toMatchObject({
      Source: 'v',
      VolumeOptions: { Subpath: 'etc/x', NoCopy: true },
    })
  })
})
