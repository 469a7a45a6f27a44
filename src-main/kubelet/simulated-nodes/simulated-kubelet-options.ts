/** What a simulated node's kubelet is told at its start: a real command line and a real configuration. */
import { MANIFESTS_PATH } from '../../common/node-channel.ts'
import { SIMULATED_LABEL } from '../../common/lab/simulated-nodes.ts'
import {
  SIMULATED_AUTHORITY_PATH,
  simulatedKubeconfigPath,
  simulatedKubeletPort,
} from '../../common/simulated-layout.ts'
import type { KubeletOptions } from '../options/kubelet-options.ts'
import { loadKubeletOptions } from '../options/load-options.ts'

const CONFIGURATION_PATH = '/etc/kubernetes/simulated/config.yaml'
/** Everything that the kubelets write. */
const FILES = '/var/lib/simulated-nodes'

/** Folder of one node's kubelet: pods, logs. */
export function nodeFolder(node: string): string {
  return `${FILES}/nodes/${node}`
}

/** What its kubelet's `/logs` shows: not the node's whole folder, in which there are the Secrets of its pods. */
export function nodeLogFolder(node: string): string {
  return `${nodeFolder(node)}/log`
}

export function computeKubeletOptions(node: string, number: number): KubeletOptions {
  const flags = {
    config: CONFIGURATION_PATH,
    kubeconfig: simulatedKubeconfigPath(node),
    'hostname-override': node,
    'node-labels': `${SIMULATED_LABEL}=true`,
    'root-dir': `${nodeFolder(node)}/kubelet`,
    // One pair for all: they are on one address.
    'cert-dir': `${FILES}/pki`,
  }
  return loadKubeletOptions(
    Object.entries(flags).map(([name, value]) => `--${name}=${value}`),
    {
      readFile: () => JSON.stringify(computeConfiguration(node, number)),
      listFiles: () => [],
      hostname: () => node,
    },
  )
}

function computeConfiguration(node: string, number: number): Record<string, unknown> {
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    // All of them read the same folder, as if somebody had copied each manifest to every node.
    staticPodPath: MANIFESTS_PATH,
    port: simulatedKubeletPort(number),
    healthzPort: 0,
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: SIMULATED_AUTHORITY_PATH },
    },
    authorization: { mode: 'Webhook' },
    // Heartbeats are most of what an idle lab's control plane does. At every 30 s one may be
    // late by 20 s before the node counts as gone, and requests of heartbeats have seats of their own.
    nodeLeaseDurationSeconds: 120,
    podLogsDir: `${nodeLogFolder(node)}/pods`,
    // Behind the kubelet's back nothing happens to simulated containers, so there is no need to look so often.
    syncFrequency: '10m0s',
    // Their logs have one line for each start.
    containerLogMonitorInterval: '1h0m0s',
    localStorageCapacityIsolation: false,
    serializeImagePulls: false,
    registryPullQPS: 0,
  }
}
