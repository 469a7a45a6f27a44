/** Plain configurations for tests, as a kubelet would send them for a small static pod. */
import {
  CONTAINER_HASH_ANNOTATION,
  CONTAINER_NAME_LABEL,
  CONTAINER_RESTART_COUNT_ANNOTATION,
  POD_NAMESPACE_LABEL,
  POD_NAME_LABEL,
  POD_UID_LABEL,
} from '../../common/api/kubelet-labels.ts'
import type { ContainerConfig, NamespaceOptions, PodSandboxConfig } from '../cri.ts'
import type { ServiceOptions } from '../docker/service-options.ts'

/** Of the service of a node in a lab `t`, without a catalogue. */
export function aServiceOptions(): ServiceOptions {
  return {
    lab: 't',
    node: 'node01',
    nodeContainer: 'node-lab.t.node01',
    volume: 'node-lab.t.node01',
    network: 'node-lab.t',
    pauseImage: 'pause',
    catalogue: { enabled: false, images: [] },
  }
}

const POD_NAMESPACES: NamespaceOptions = { network: 'POD', pid: 'CONTAINER', ipc: 'POD' }

export function aPodSandboxConfig(options: { name?: string; uid?: string; attempt?: number } = {}): PodSandboxConfig {
  const { name = 'web-node01', uid = '0123456789abcdef0123456789abcdef', attempt = 0 } = options
  return {
    metadata: { name, uid, namespace: 'default', attempt },
    hostname: name,
    logDirectory: `/var/log/pods/default_${name}_${uid}`,
    portMappings: [],
    labels: { [POD_NAME_LABEL]: name, [POD_NAMESPACE_LABEL]: 'default', [POD_UID_LABEL]: uid },
    annotations: { 'kubernetes.io/config.source': 'file' },
    linux: {
      cgroupParent: '',
      securityContext: {
        namespaceOptions: { ...POD_NAMESPACES },
        readonlyRootfs: false,
        supplementalGroups: [],
        privileged: false,
      },
      sysctls: {},
    },
  }
}

export function aContainerConfig(
  options: Partial<ContainerConfig> & { name?: string; attempt?: number } = {},
): ContainerConfig {
  const { name = 'app', attempt = 0, ...overrides } = options
  return {
    metadata: { name, attempt },
    image: { image: 'busybox:1.36' },
    command: ['sleep', '3600'],
    args: [],
    workingDir: '',
    envs: [],
    mounts: [],
    labels: { [CONTAINER_NAME_LABEL]: name, [POD_UID_LABEL]: '0123456789abcdef0123456789abcdef' },
    annotations: { [CONTAINER_HASH_ANNOTATION]: '7c3bb059', [CONTAINER_RESTART_COUNT_ANNOTATION]: `${attempt}` },
    logPath: `${name}/${attempt}.log`,
    stdin: false,
    stdinOnce: false,
    tty: false,
    stopSignal: '',
    linux: {
      resources: { cpuPeriod: 0n, cpuQuota: 0n, cpuShares: 2n, memoryLimitInBytes: 0n, oomScoreAdj: 1000n },
      securityContext: {
        capabilities: { addCapabilities: [], dropCapabilities: [] },
        privileged: false,
        namespaceOptions: { ...POD_NAMESPACES },
        runAsUsername: '',
        readonlyRootfs: false,
        supplementalGroups: [],
        noNewPrivs: false,
      },
    },
    ...overrides,
  }
}
