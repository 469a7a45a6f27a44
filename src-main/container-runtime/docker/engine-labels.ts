/**
 * How a sandbox and a container are written into engine labels and names, and read back: the service keeps no other
 * state, so that it may be killed at any moment (facts 2.19.1, 2.19.2).
 */
import { createHash } from 'node:crypto'
import {
  CONTAINER_LOG_PATH_LABEL,
  CONTAINER_NAME_LABEL,
  CONTAINER_TYPE_LABEL,
  POD_NAMESPACE_LABEL,
  POD_NAME_LABEL,
  POD_UID_LABEL,
  SANDBOX_ID_LABEL,
} from '../../common/api/kubelet-labels.ts'
import { BOOT_LABEL, LAB_LABEL, NODE_LABEL, ROLE_LABEL, SPEC_HASH_LABEL } from '../../common/engine-labels.ts'
import { podContainerNamePrefix } from '../../common/node-layout.ts'
import type { HostPort } from '../../common/port-forwarding.ts'
import { CriError } from '../cri.ts'
import type { ContainerConfig, ContainerMetadata, NamespaceMode, PodSandboxConfig, PodSandboxMetadata } from '../cri.ts'
import { computeHeldVolumes } from './compute-memory-volumes.ts'
import type { HeldVolume } from './compute-mounts.ts'
import { computeHostPorts } from './host-ports/compute-host-ports.ts'
import { computeResolvConf } from './sandbox-files.ts'
import type { ServiceOptions } from './service-options.ts'

/** JSON list of the label names that came through CRI: what the image's own labels add is not the kubelet's. */
const KEYS_LABEL = 'io.node-lab.cri-keys'
const ATTEMPT_LABEL = 'io.node-lab.attempt'
/** Nanoseconds since the epoch; the engine's lists have seconds only. */
const CREATED_AT_LABEL = 'io.node-lab.created-at'
const NETWORK_MODE_LABEL = 'io.node-lab.network-mode'
/** Name of a container's image as its manifest has it. */
export const IMAGE_LABEL = 'io.node-lab.image'
const IMAGE_REF_LABEL = 'io.node-lab.image-ref'
const MOUNTS_LABEL = 'io.node-lab.mounts'
/** JSON list of a sandbox's `HostPort`s; absent when it has none. */
export const HOST_PORTS_LABEL = 'io.node-lab.host-ports'
const HELD_VOLUMES_LABEL = 'io.node-lab.held-volumes'
/** Absent when the sandbox has no `resolv.conf` of its own. */
const RESOLV_CONF_LABEL = 'io.node-lab.resolv-conf'
const ANNOTATION_PREFIX = 'annotation.'

export type Labels = Record<string, string>

/** Two configurations with the same hash ask for the same thing. */
export function specHash(config: PodSandboxConfig | ContainerConfig): string {
  const text = JSON.stringify(config, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value))
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}

const NAME_PATTERN = /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/

function checkNamePart(value: string, field: string): string {
  if (!NAME_PATTERN.test(value) || value.length > 253)
    throw new CriError('InvalidArgument', `${field} "${value}" has characters that a container's name cannot have`)
  return value
}

function nameOf(options: ServiceOptions, container: string, sandbox: PodSandboxMetadata, attempt: number): string {
  const parts = [
    checkNamePart(container, 'container name'),
    checkNamePart(sandbox.name, 'pod name'),
    checkNamePart(sandbox.namespace, 'pod namespace'),
    checkNamePart(sandbox.uid, 'pod uid'),
    attempt,
  ]
  return `${podContainerNamePrefix(options.lab, options.node)}k8s_${parts.join('_')}`
}

export function sandboxEngineName(options: ServiceOptions, metadata: PodSandboxMetadata): string {
  return nameOf(options, 'POD', metadata, metadata.attempt)
}

export function containerEngineName(
  options: ServiceOptions,
  sandbox: PodSandboxMetadata,
  metadata: ContainerMetadata,
): string {
  return nameOf(options, metadata.name, sandbox, metadata.attempt)
}

function criLabels(labels: Labels, annotations: Labels): Labels {
  const all: Labels = {}
  for (const [key, value] of Object.entries(labels)) all[key] = value
  for (const [key, value] of Object.entries(annotations)) all[`${ANNOTATION_PREFIX}${key}`] = value
  const reserved = Object.keys(all).find((key) => key.startsWith('io.node-lab.') || key.startsWith('com.docker.'))
  if (reserved !== undefined)
    throw new CriError('InvalidArgument', `label ${reserved} is reserved for Node Lab and the engine`)
  return { ...all, [KEYS_LABEL]: JSON.stringify(Object.keys(all)) }
}

function ownLabels(options: ServiceOptions, role: 'sandbox' | 'container', boot: string, createdAtNs: bigint): Labels {
  return {
    [LAB_LABEL]: options.lab,
    [NODE_LABEL]: options.node,
    [ROLE_LABEL]: role,
    [BOOT_LABEL]: boot,
    [CREATED_AT_LABEL]: createdAtNs.toString(),
  }
}

export function sandboxLabels(
  options: ServiceOptions,
  config: PodSandboxConfig,
  boot: string,
  createdAtNs: bigint,
): Labels {
  const hostPorts = computeHostPorts(config)
  return {
    ...criLabels(config.labels, config.annotations),
    ...(hostPorts.length === 0 ? {} : { [HOST_PORTS_LABEL]: JSON.stringify(hostPorts) }),
    ...(computeResolvConf(config) === '' ? {} : { [RESOLV_CONF_LABEL]: 'true' }),
    [POD_NAME_LABEL]: config.metadata.name,
    [POD_NAMESPACE_LABEL]: config.metadata.namespace,
    [POD_UID_LABEL]: config.metadata.uid,
    [CONTAINER_NAME_LABEL]: 'POD',
    [CONTAINER_TYPE_LABEL]: 'podsandbox',
    [SPEC_HASH_LABEL]: specHash(config),
    [ATTEMPT_LABEL]: `${config.metadata.attempt}`,
    [NETWORK_MODE_LABEL]: config.linux.securityContext.namespaceOptions.network,
    [HELD_VOLUMES_LABEL]: JSON.stringify(computeHeldVolumes(options, config)),
    ...ownLabels(options, 'sandbox', boot, createdAtNs),
  }
}

export function containerLabels(
  options: ServiceOptions,
  input: { sandboxId: string; config: ContainerConfig; sandbox: PodSandboxConfig; imageId: string },
  boot: string,
  createdAtNs: bigint,
): Labels {
  const { sandboxId, config, sandbox, imageId } = input
  return {
    ...criLabels(config.labels, config.annotations),
    [POD_NAME_LABEL]: sandbox.metadata.name,
    [POD_NAMESPACE_LABEL]: sandbox.metadata.namespace,
    [POD_UID_LABEL]: sandbox.metadata.uid,
    [CONTAINER_NAME_LABEL]: config.metadata.name,
    [CONTAINER_TYPE_LABEL]: 'container',
    [SANDBOX_ID_LABEL]: sandboxId,
    [CONTAINER_LOG_PATH_LABEL]: joinLogPath(sandbox.logDirectory, config.logPath),
    [SPEC_HASH_LABEL]: specHash(config),
    [ATTEMPT_LABEL]: `${config.metadata.attempt}`,
    [IMAGE_LABEL]: config.image.userSpecifiedImage ?? config.image.image,
    [IMAGE_REF_LABEL]: imageId,
    [MOUNTS_LABEL]: JSON.stringify(config.mounts),
    ...ownLabels(options, 'container', boot, createdAtNs),
  }
}

/** Empty when the kubelet wants no log file. */
export function joinLogPath(directory: string, path: string): string {
  return directory === '' || path === '' ? '' : `${directory.replace(/\/+$/, '')}/${path}`
}

// Reading back. Everything here is defensive: labels are text that someone may have edited with `docker`.

/** Labels and annotations as the kubelet sent them. */
export function readCriLabels(labels: Labels): { labels: Labels; annotations: Labels } {
  const result: { labels: Labels; annotations: Labels } = { labels: {}, annotations: {} }
  for (const key of readJson<string[]>(labels[KEYS_LABEL], [], Array.isArray)) {
    const value = labels[key] ?? ''
    if (key.startsWith(ANNOTATION_PREFIX)) result.annotations[key.slice(ANNOTATION_PREFIX.length)] = value
    else result.labels[key] = value
  }
  return result
}

function readJson<T>(text: string | undefined, fallback: T, isValid: (value: unknown) => boolean): T {
  if (text === undefined) return fallback
  try {
    const value: unknown = JSON.parse(text)
    return isValid(value) ? (value as T) : fallback
  } catch {
    // A label that someone edited: what it said is lost, the container is still listed.
    return fallback
  }
}

function readNumber(text: string | undefined): number {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : 0
}

export interface EngineIdentity {
  role: 'sandbox' | 'container'
  podName: string
  podNamespace: string
  podUid: string
  containerName: string
  attempt: number
  boot: string
  specHash: string
  sandboxId: string
  createdAtNs: bigint
  networkMode: NamespaceMode
  /** On the node; empty for none. */
  logPath: string
  image: string
  imageRef: string
  mounts: ContainerConfig['mounts']
  /** Of a sandbox: its volumes in memory. */
  heldVolumes: HeldVolume[]
  /** Of a sandbox. */
  hostPorts: HostPort[]
  /** Of a sandbox: whether it has a `resolv.conf` in the node's volume. */
  hasResolvConf: boolean
}

/** `undefined` when the labels are not those of a sandbox or container of this node. */
export function readIdentity(options: ServiceOptions, labels: Labels | null): EngineIdentity | undefined {
  if (labels === null || labels[LAB_LABEL] !== options.lab || labels[NODE_LABEL] !== options.node) return undefined
  const role = labels[ROLE_LABEL]
  if (role !== 'sandbox' && role !== 'container') return undefined
  const created = labels[CREATED_AT_LABEL] ?? ''
  return {
    role,
    podName: labels[POD_NAME_LABEL] ?? '',
    podNamespace: labels[POD_NAMESPACE_LABEL] ?? '',
    podUid: labels[POD_UID_LABEL] ?? '',
    containerName: labels[CONTAINER_NAME_LABEL] ?? '',
    attempt: readNumber(labels[ATTEMPT_LABEL]),
    boot: labels[BOOT_LABEL] ?? '',
    specHash: labels[SPEC_HASH_LABEL] ?? '',
    sandboxId: labels[SANDBOX_ID_LABEL] ?? '',
    createdAtNs: /^\d{1,19}$/.test(created) ? BigInt(created) : 1n,
    networkMode: labels[NETWORK_MODE_LABEL] === 'NODE' ? 'NODE' : 'POD',
    logPath: labels[CONTAINER_LOG_PATH_LABEL] ?? '',
    image: labels[IMAGE_LABEL] ?? '',
    imageRef: labels[IMAGE_REF_LABEL] ?? '',
    mounts: readJson<ContainerConfig['mounts']>(labels[MOUNTS_LABEL], [], Array.isArray),
    heldVolumes: readJson<HeldVolume[]>(labels[HELD_VOLUMES_LABEL], [], Array.isArray),
    hostPorts: readJson<HostPort[]>(labels[HOST_PORTS_LABEL], [], Array.isArray),
    hasResolvConf: labels[RESOLV_CONF_LABEL] !== undefined,
  }
}
