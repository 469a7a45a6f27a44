import { describe, expect, it } from 'vitest'
import { aContainerConfig, aPodSandboxConfig } from '../testing/configs.ts'
import {
  containerEngineName,
  containerLabels,
  readCriLabels,
  readIdentity,
  sandboxEngineName,
  sandboxLabels,
  specHash,
} from './engine-labels.ts'
import type { ServiceOptions } from './service-options.ts'

const options: ServiceOptions = {
  lab: 't',
  node: 'node01',
  nodeContainer: 'n',
  volume: 'v',
  network: 'net',
  pauseImage: 'pause',
  catalogue: { enabled: false, images: [] },
}
const CREATED_NS = 1_795_487_376_184_000_001n

describe('engine labels', () => {
  it('given a container, when its labels are read back, then everything is as it was sent', () => {
    const sandbox = aPodSandboxConfig({ attempt: 2 })
    const config = aContainerConfig({
      attempt: 4,
      image: { image: 'sha256:x', userSpecifiedImage: 'nginx' },
      annotations: { 'a/b': 'text', empty: '' },
      mounts: [
        {
          containerPath: '/x',
          hostPath: '/data',
          readonly: true,
          selinuxRelabel: false,
          propagation: 'PROPAGATION_PRIVATE',
        },
      ],
    })
    const labels = containerLabels(
      options,
      { sandboxId: 's', config, sandbox, imageId: 'sha256:x' },
      'boot',
      CREATED_NS,
    )
    expect(readCriLabels(labels)).toEqual({ labels: config.labels, annotations: config.annotations })
    expect(readIdentity(options, labels)).toEqual({
      role: 'container',
      podName: sandbox.metadata.name,
      podNamespace: 'default',
      podUid: sandbox.metadata.uid,
      containerName: 'app',
      attempt: 4,
      boot: 'boot',
      specHash: specHash(config),
      sandboxId: 's',
      createdAtNs: CREATED_NS,
      networkMode: 'POD',
      logPath: `${sandbox.logDirectory}/app/4.log`,
      image: 'nginx',
      imageRef: 'sha256:x',
      mounts: config.mounts,
      heldVolumes: [],
      hostPorts: [],
      hasResolvConf: false,
    })
    expect(labels).toMatchObject({ 'annotation.a/b': 'text', 'io.kubernetes.docker.type': 'container' })
  })

  it('given labels that the image adds, then they are not the kubelet’s', () => {
    const labels = sandboxLabels(options, aPodSandboxConfig(), 'boot', CREATED_NS)
    const read = readCriLabels({
      ...labels,
      maintainer: 'x',
      'annotation.io.kubernetes.container.preStopHandler': '{}',
    })
    expect(read).toEqual({
      labels: aPodSandboxConfig().labels,
      annotations: aPodSandboxConfig().annotations,
    })
  })

  it('given another node’s labels or none, then it is nobody of ours', () => {
    const labels = sandboxLabels({ ...options, node: 'node02' }, aPodSandboxConfig(), 'boot', CREATED_NS)
    expect(readIdentity(options, labels)).toBeUndefined()
    expect(readIdentity(options, {})).toBeUndefined()
    expect(readIdentity(options, null)).toBeUndefined()
  })

  it('given labels that pretend to be Node Lab’s, then they are refused', () => {
    const config = aPodSandboxConfig()
    config.labels['io.node-lab.boot'] = 'forged'
    expect(() => sandboxLabels(options, config, 'boot', CREATED_NS)).toThrow('reserved')
  })

  it('given labels that someone has broken, then they are read as far as possible', () => {
    const labels = { ...sandboxLabels(options, aPodSandboxConfig(), 'boot', CREATED_NS), 'io.node-lab.cri-keys': '{' }
    expect(readCriLabels(labels)).toEqual({ labels: {}, annotations: {} })
    expect(readIdentity(options, { ...labels, 'io.node-lab.attempt': 'x' })?.attempt).toBe(0)
  })

  it('then names are dockershim’s behind the node’s prefix', () => {
    const { metadata } = aPodSandboxConfig({ attempt: 1, uid: 'u1' })
    expect(sandboxEngineName(options, metadata)).toBe('node-lab.t.node01.k8s_POD_web-node01_default_u1_1')
    expect(containerEngineName(options, metadata, { name: 'c', attempt: 3 })).toBe(
      'node-lab.t.node01.k8s_c_web-node01_default_u1_3',
    )
    expect(() => containerEngineName(options, metadata, { name: 'a/../b', attempt: 0 })).toThrow('container name')
  })

  it('given the same configuration twice, then the hash is the same, and another for another', () => {
    expect(specHash(aContainerConfig())).toBe(specHash(aContainerConfig()))
    expect(specHash(aContainerConfig({ workingDir: '/x' }))).not.toBe(specHash(aContainerConfig()))
  })
})
