/** From what CRI asks for to ports of the node, and from their faults to words. */
import { isIP } from 'node:net'
import { ALL_ADDRESSES, hostPortName } from '../../../common/port-forwarding.ts'
import type { ForwardedPod, ForwardingFault, HostPort } from '../../../common/port-forwarding.ts'
import { CriError } from '../../cri.ts'
import type { PodSandboxConfig, PortMapping } from '../../cri.ts'

const MAX_HOST_PORTS = 1000

function invalid(message: string): never {
  throw new CriError('InvalidArgument', message)
}

/**
 * A pod in the node's network listens there by itself (facts 2.18.4). @throws CriError InvalidArgument
 */
export function computeHostPorts(config: PodSandboxConfig): HostPort[] {
  if (config.linux.securityContext.namespaceOptions.network === 'NODE') return []
  const mappings = config.portMappings.filter(({ hostPort }) => hostPort !== 0)
  if (mappings.length > MAX_HOST_PORTS)
    invalid(`a pod has ${MAX_HOST_PORTS} host ports at most, not ${mappings.length}`)
  const ports = mappings.map(toHostPort)
  const names = ports.map(hostPortName)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) invalid(`host port ${twice} is asked for twice`)
  return ports
}

function toHostPort({ protocol, hostIp, hostPort, containerPort }: PortMapping): HostPort {
  if (protocol !== 'TCP' && protocol !== 'UDP')
    invalid(`host port ${hostPort}/${protocol} is not supported: TCP and UDP are carried to pods`)
  for (const port of [hostPort, containerPort])
    if (!Number.isInteger(port) || port < 1 || port > 65_535) invalid(`port ${port} is not between 1 and 65535`)
  if (hostIp !== '' && isIP(hostIp) === 0) invalid(`hostIP "${hostIp}" is not an address`)
  return { protocol, hostIp: hostIp === '' ? ALL_ADDRESSES : hostIp, hostPort, containerPort }
}

/** Why a port could not be opened on the node. @param others whose host ports are open or wanted there */
export function describeFault(
  node: string,
  { key, port, code }: ForwardingFault,
  others: readonly ForwardedPod[],
): string {
  const what = `host port ${hostPortName(port)} cannot be opened on ${node}`
  switch (code) {
    case 'EADDRINUSE': {
      const holder = others.find((other) => other.key !== key && other.ports.some((taken) => clashes(taken, port)))
      return `${what}: the port is in use there${holder === undefined ? '' : ` by ${podOfKey(holder.key)}`}`
    }
    case 'EADDRNOTAVAIL':
      return `${what}: ${port.hostIp} is not an address of this node`
    default:
      return `${what}: ${code}`
  }
}

function clashes(one: HostPort, other: HostPort): boolean {
  if (one.protocol !== other.protocol || one.hostPort !== other.hostPort) return false
  return [one.hostIp, other.hostIp].includes(ALL_ADDRESSES) || one.hostIp === other.hostIp
}

/** Engine names of sandboxes end with `k8s_POD_name_namespace_uid_attempt` (facts 2.19.1). */
function podOfKey(key: string): string {
  const [name = '', namespace = ''] = key.slice(key.indexOf('k8s_POD_') + 'k8s_POD_'.length).split('_')
  return `pod ${namespace}/${name}`
}
