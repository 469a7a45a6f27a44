/** `pods/proxy`: a port of a pod, reached from where the API server is (pkg/registry/core/pod/strategy.go ResourceLocation). */
import { BlockList, isIP } from 'node:net'
import type { Pod } from '../../../common/api/core.ts'
import { badRequest } from '../../../kube/status-error.ts'
import type { Subresource, SubresourceRequest } from '../../endpoints/subresource.ts'
import type { Endpoint } from '../../kubelet-client/kubelet-client.ts'
import { proxySubresource } from '../connections/proxy-subresource.ts'
import { parsePort, parseTargetName } from '../connections/target-name.ts'
import { getPod } from './pod-target.ts'

const DEFAULT_PORT = 80

/** A pod's status could name them, and the API server would talk to itself or to its machine. */
const NOT_ALLOWED = new BlockList()
NOT_ALLOWED.addSubnet('0.0.0.0', 32, 'ipv4')
NOT_ALLOWED.addSubnet('127.0.0.0', 8, 'ipv4')
NOT_ALLOWED.addSubnet('169.254.0.0', 16, 'ipv4')
NOT_ALLOWED.addSubnet('224.0.0.0', 4, 'ipv4')
NOT_ALLOWED.addSubnet('255.255.255.255', 32, 'ipv4')
NOT_ALLOWED.addSubnet('::', 127, 'ipv6')
NOT_ALLOWED.addSubnet('fe80::', 10, 'ipv6')
NOT_ALLOWED.addSubnet('ff00::', 8, 'ipv6')

export function podProxy(): Subresource {
  return proxySubresource('pods', 'PodProxyOptions', locatePod)
}

async function locatePod(request: SubresourceRequest): Promise<Endpoint> {
  const target = parseTargetName(request.name)
  if (target === undefined) throw badRequest(`invalid pod request ${JSON.stringify(request.name)}`)
  const pod = await getPod({ ...request, name: target.name })
  const host = pod.status?.podIP ?? ''
  if (!isAllowedAddress(host)) throw badRequest('address not allowed')
  const port = target.port === undefined ? firstPort(pod) : (parsePort(target.port) ?? namedPort(pod, target.port))
  if (port === undefined) throw badRequest(`invalid pod request ${JSON.stringify(request.name)}`)
  return { host, port, tls: target.scheme === 'https' ? { rejectUnauthorized: false } : undefined }
}

function isAllowedAddress(address: string): boolean {
  const version = isIP(address)
  return version !== 0 && !NOT_ALLOWED.check(address, version === 6 ? 'ipv6' : 'ipv4')
}

function firstPort({ spec }: Pod): number {
  return spec.containers.flatMap(({ ports = [] }) => ports)[0]?.containerPort ?? DEFAULT_PORT
}

function namedPort({ spec }: Pod, name: string): number | undefined {
  return spec.containers.flatMap(({ ports = [] }) => ports).find((port) => port.name === name)?.containerPort
}
