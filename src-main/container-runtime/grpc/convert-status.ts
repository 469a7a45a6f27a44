/** States, statuses, filters, events and images between cri.ts and the wire. */
import type {
  ContainerEventResponse,
  ContainerFilter,
  CriContainer,
  CriContainerStatus,
  CriImage,
  PodSandbox,
  PodSandboxFilter,
  PodSandboxStatus,
} from '../cri.ts'
import { imageSpecFromWire, mountFromWire, required } from './convert-config.ts'
import type { DecodedMessage, EncodableMessage } from '../../base/protobuf.ts'
import type * as imageSchema from './schema-images.ts'
import type * as schema from './schema.ts'

type Wire<M> = DecodedMessage<M>
type Sent<M> = EncodableMessage<M>

export function podSandboxStatusToWire(status: PodSandboxStatus): Sent<typeof schema.PodSandboxStatus> {
  const { ip, additionalIps, networkMode, ...rest } = status
  return {
    ...rest,
    network: { ip, additionalIps: additionalIps.map((address) => ({ ip: address })) },
    linux: { namespaces: { options: { network: networkMode } } },
  }
}

export function podSandboxStatusFromWire(
  wire: Wire<typeof schema.PodSandboxStatus> | undefined,
  field: string,
): PodSandboxStatus {
  const status = required(wire, field)
  const { id, state, createdAt, labels, annotations } = status
  return {
    ...{ id, state, createdAt, labels, annotations },
    metadata: required(status.metadata, `${field}.metadata`),
    ip: status.network?.ip ?? '',
    additionalIps: status.network?.additionalIps.map(({ ip }) => ip) ?? [],
    networkMode: status.linux?.namespaces?.options?.network ?? 'POD',
  }
}

export function podSandboxFromWire(wire: Wire<typeof schema.PodSandbox>, field: string): PodSandbox {
  const { id, state, createdAt, labels, annotations } = wire
  return { id, state, createdAt, labels, annotations, metadata: required(wire.metadata, `${field}.metadata`) }
}

export function podSandboxFilterToWire(filter: PodSandboxFilter = {}): Sent<typeof schema.PodSandboxFilter> {
  const { id, state, labelSelector } = filter
  return { id, labelSelector, state: state === undefined ? undefined : { state } }
}

export function podSandboxFilterFromWire(wire: Wire<typeof schema.PodSandboxFilter> | undefined): PodSandboxFilter {
  if (wire === undefined) return {}
  return {
    ...(wire.id === '' ? {} : { id: wire.id }),
    ...(wire.state === undefined ? {} : { state: wire.state.state }),
    labelSelector: wire.labelSelector,
  }
}

export function containerFromWire(wire: Wire<typeof schema.Container>, field: string): CriContainer {
  const { id, podSandboxId, imageRef, state, createdAt, labels, annotations } = wire
  return {
    ...{ id, podSandboxId, imageRef, state, createdAt, labels, annotations },
    metadata: required(wire.metadata, `${field}.metadata`),
    image: imageSpecFromWire(wire.image, `${field}.image`),
  }
}

export function containerFilterToWire(filter: ContainerFilter = {}): Sent<typeof schema.ContainerFilter> {
  const { id, state, podSandboxId, labelSelector } = filter
  return { id, podSandboxId, labelSelector, state: state === undefined ? undefined : { state } }
}

export function containerFilterFromWire(wire: Wire<typeof schema.ContainerFilter> | undefined): ContainerFilter {
  if (wire === undefined) return {}
  return {
    ...(wire.id === '' ? {} : { id: wire.id }),
    ...(wire.state === undefined ? {} : { state: wire.state.state }),
    ...(wire.podSandboxId === '' ? {} : { podSandboxId: wire.podSandboxId }),
    labelSelector: wire.labelSelector,
  }
}

export function containerStatusFromWire(
  wire: Wire<typeof schema.ContainerStatus> | undefined,
  field: string,
): CriContainerStatus {
  const status = required(wire, field)
  const { id, state, createdAt, startedAt, finishedAt, exitCode, imageRef, imageId } = status
  const { reason, message, labels, annotations, logPath } = status
  return {
    ...{ id, state, createdAt, startedAt, finishedAt, exitCode, imageRef, imageId },
    ...{ reason, message, labels, annotations, logPath },
    metadata: required(status.metadata, `${field}.metadata`),
    image: imageSpecFromWire(status.image, `${field}.image`),
    mounts: status.mounts.map((mount, index) => mountFromWire(mount, `${field}.mounts[${index}]`)),
  }
}

export function containerEventToWire(event: ContainerEventResponse): Sent<typeof schema.ContainerEventResponse> {
  const { podSandboxStatus, ...rest } = event
  return {
    ...rest,
    podSandboxStatus: podSandboxStatus === undefined ? undefined : podSandboxStatusToWire(podSandboxStatus),
  }
}

export function containerEventFromWire(wire: Wire<typeof schema.ContainerEventResponse>): ContainerEventResponse {
  const { containerId, containerEventType, createdAt, podSandboxStatus } = wire
  return {
    ...{ containerId, containerEventType, createdAt },
    ...(podSandboxStatus === undefined
      ? {}
      : { podSandboxStatus: podSandboxStatusFromWire(podSandboxStatus, 'podSandboxStatus') }),
    containersStatuses: wire.containersStatuses.map((status, index) =>
      containerStatusFromWire(status, `containersStatuses[${index}]`),
    ),
  }
}

export function imageToWire(image: CriImage): Sent<typeof imageSchema.Image> {
  const { uid, ...rest } = image
  return { ...rest, uid: uid === undefined ? undefined : { value: uid } }
}

export function imageFromWire(wire: Wire<typeof imageSchema.Image>): CriImage {
  const { id, repoTags, repoDigests, size, username, uid } = wire
  return { id, repoTags, repoDigests, size, username, ...(uid === undefined ? {} : { uid: uid.value }) }
}
