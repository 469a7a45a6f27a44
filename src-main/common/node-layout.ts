/** Where things are on a node and in the engine: names and paths that lab manager, runtime service and node image agree on (design §4). */

/**
 * Node paths that live in the node's named volume, each mounted into the node container as the volume's sub-path of
 * the same name. Only these can be a hostPath.
 */
export const NODE_VOLUME_PATHS = [
  '/etc/kubernetes',
  '/etc/default',
  '/etc/systemd/system',
  '/var/lib',
  '/var/log',
  '/opt',
  '/srv',
  '/mnt',
  '/data',
  '/home',
  '/tmp',
  '/run/containerd',
] as const

/** Where a kubelet keeps its timeline, and the older half under the same name with `.1`; under the volume path `/var/lib`. */
export const NODE_TIMELINE_FILE = '/var/lib/node-lab/timeline.ndjson'

/** Where the runtime service container mounts the node's whole volume. */
export const RUNTIME_NODE_ROOT = '/node'
/** Where the runtime service container finds the engine's socket. */
export const RUNTIME_ENGINE_SOCKET = '/run/docker.sock'

/** Environment of a runtime service container; `CATALOGUE` is JSON (`ImageCatalogue`). */
export const RUNTIME_ENVIRONMENT = {
  lab: 'NODE_LAB_LAB',
  node: 'NODE_LAB_NODE',
  nodeContainer: 'NODE_LAB_NODE_CONTAINER',
  volume: 'NODE_LAB_VOLUME',
  network: 'NODE_LAB_NETWORK',
  pauseImage: 'NODE_LAB_PAUSE_IMAGE',
  catalogue: 'NODE_LAB_CATALOGUE',
} as const

/** Programs in the node image. */
export const NODE_INIT_PROGRAM = '/usr/lib/node-lab/init'
export const RUNTIME_SERVICE_PROGRAM = '/usr/lib/node-lab/runtime-service'
export const PORT_FORWARDER_PROGRAM = '/usr/lib/node-lab/port-forwarder'

/** Lab and node names are RFC 1123 labels, so a dot cannot occur in them and engine names are unambiguous. */
export function labNetworkName(lab: string): string {
  return `node-lab.${lab}`
}

export function nodeContainerName(lab: string, node: string): string {
  return `node-lab.${lab}.${node}`
}

export function runtimeContainerName(lab: string, node: string): string {
  return `node-lab.${lab}.${node}.runtime`
}

export function nodeVolumeName(lab: string, node: string): string {
  return `node-lab.${lab}.${node}`
}

/** Prefix of the engine name of a pod's container; what follows is dockershim's `k8s_…` name (facts 2.19.1). */
export function podContainerNamePrefix(lab: string, node: string): string {
  return `node-lab.${lab}.${node}.`
}

/** Where a control plane's API server listens on its node; every node's is published on 127.0.0.1. */
export const API_SERVER_PORT = 6443

/** The kubelet's configuration on a node, where kubeadm lays it. */
export const KUBELET_CONFIGURATION = '/var/lib/kubelet/config.yaml'
/** Flags that kubeadm gives to the kubelet. */
export const KUBELET_FLAGS = '/var/lib/kubelet/kubeadm-flags.env'
