/** From our container spec to the engine's create request. */
import type Docker from 'dockerode'
import type { EngineContainerSpec, EngineMount } from './engine.ts'

type MountRequest = NonNullable<Docker.HostConfig['Mounts']>[number] & { VolumeOptions?: { Subpath?: string } }

/**
 * Always `Mounts`, never `Binds`: a source that is missing is then refused, not created as a folder of root's.
 * Volumes with a sub-path are never filled from the image, which the engine would do at the volume's root.
 */
export function computeMount(mount: EngineMount): MountRequest {
  const readOnly = mount.type !== 'tmpfs' && mount.readOnly === true
  switch (mount.type) {
    case 'bind':
      return { Type: 'bind', Source: mount.source, Target: mount.target, ReadOnly: readOnly }
    case 'volume': {
      const request = { Type: 'volume' as const, Source: mount.volume, Target: mount.target, ReadOnly: readOnly }
      if (mount.subpath === undefined) return request
      return {
        ...request,
        VolumeOptions: { NoCopy: true, Labels: {}, DriverConfig: { Name: '', Options: {} }, Subpath: mount.subpath },
      }
    }
    case 'tmpfs': {
      const request = { Type: 'tmpfs' as const, Source: '', Target: mount.target }
      if (mount.sizeBytes === undefined) return request
      return { ...request, TmpfsOptions: { SizeBytes: mount.sizeBytes, Mode: 0o1777 } }
    }
  }
}

function computeNetworking(
  network: EngineContainerSpec['network'],
): Pick<Docker.ContainerCreateOptions, 'NetworkingConfig'> {
  if (network.mode !== 'network') return {}
  const endpoint: Docker.EndpointSettings = {}
  if (network.address !== undefined) endpoint.IPAMConfig = { IPv4Address: network.address }
  if (network.aliases !== undefined) endpoint.Aliases = network.aliases
  return { NetworkingConfig: { EndpointsConfig: { [network.name]: endpoint } } }
}

function computeNetworkMode(network: EngineContainerSpec['network']): string {
  switch (network.mode) {
    case 'none':
      return 'none'
    case 'container':
      return `container:${network.container}`
    case 'network':
      return network.name
  }
}

/** Ports are published on 127.0.0.1 only; there is no way to ask for another address. */
function computePorts(publish: Record<number, number>): {
  exposed: Record<string, object>
  bindings: Record<string, { HostIp: string; HostPort: string }[]>
} {
  const exposed: Record<string, object> = {}
  const bindings: Record<string, { HostIp: string; HostPort: string }[]> = {}
  for (const [inside, outside] of Object.entries(publish)) {
    exposed[`${inside}/tcp`] = {}
    bindings[`${inside}/tcp`] = [{ HostIp: '127.0.0.1', HostPort: String(outside) }]
  }
  return { exposed, bindings }
}

function computeHostConfig(spec: EngineContainerSpec): Docker.HostConfig {
  const config: Docker.HostConfig = {
    Mounts: spec.mounts.map(computeMount),
    NetworkMode: computeNetworkMode(spec.network),
    RestartPolicy: { Name: spec.restartPolicy },
    AutoRemove: spec.autoRemove === true,
  }
  if (spec.publish !== undefined) config.PortBindings = computePorts(spec.publish).bindings
  if (spec.shareableIpc === true) config.IpcMode = 'shareable'
  if (spec.securityOptions !== undefined) config.SecurityOpt = spec.securityOptions
  if (spec.extraHosts !== undefined)
    config.ExtraHosts = Object.entries(spec.extraHosts).map(([name, address]) => `${name}:${address}`)
  if (spec.memoryBytes !== undefined) config.Memory = spec.memoryBytes
  if (spec.pidsLimit !== undefined) config.PidsLimit = spec.pidsLimit
  return config
}

export function computeCreateRequest(spec: EngineContainerSpec): Docker.ContainerCreateOptions {
  const request: Docker.ContainerCreateOptions = {
    name: spec.name,
    Image: spec.image,
    Labels: spec.labels,
    HostConfig: computeHostConfig(spec),
    Tty: spec.tty === true,
    OpenStdin: spec.openStdin === true,
    AttachStdin: false,
    AttachStdout: false,
    AttachStderr: false,
    ...computeNetworking(spec.network),
  }
  if (spec.hostname !== undefined) request.Hostname = spec.hostname
  if (spec.command !== undefined) request.Cmd = spec.command
  if (spec.entrypoint !== undefined) request.Entrypoint = spec.entrypoint
  if (spec.environment !== undefined)
    request.Env = Object.entries(spec.environment).map(([name, value]) => `${name}=${value}`)
  if (spec.publish !== undefined) request.ExposedPorts = computePorts(spec.publish).exposed
  if (spec.user !== undefined) request.User = spec.user
  if (spec.stopSignal !== undefined) request.StopSignal = spec.stopSignal
  if (spec.stopTimeoutSeconds !== undefined) request.StopTimeout = spec.stopTimeoutSeconds
  return request
}
