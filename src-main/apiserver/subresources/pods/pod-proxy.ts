/** `pods/proxy`: a port of a pod, reached from where the API server is (pkg/registry/core/pod/strategy.go ResourceLocation). */
import type { BlockList } from 'node:net'
import type { ForbiddenAddresses } from '../../kubelet-client/allowed-address.ts'
import type { Pod } from '../../../common/api/core.ts'
import { badRequest } from '../../../kube/status-error.ts'
import type { Subresource, SubresourceRequest } from '../../endpoints/subresource.ts'
import type { Endpoint } from '../../kubelet-client/kubelet-client.ts'
import { proxySubresource } from '../connections/proxy-subresource.ts'
import { parsePort, parseTargetName } from '../connections/target-name.ts'
import { getPod } from './pod-target.ts'

const DEFAULT_PORT = 80

export function podProxy({ ofProxies }: ForbiddenAddresses): Subresource {
  return proxySubresource('pods', 'PodProxyOptions', (request) => locatePod(request, ofProxies))
}

async function locatePod(request: SubresourceRequest, forbidden: BlockList): Promise<Endpoint> {
  const target = parseTargetName(request.name)
  if (target === undefined) throw badRequest(`invalid pod request ${JSON.stringify(request.name)}`)
  const pod = await getPod({ ...request, name: target.name })
  const host = pod.status?.podIP ?? ''
  const port = target.port === undefined ? firstPort(pod) : (parsePort(target.port) ?? namedPort(pod, target.port))
  if (port === undefined) throw badRequest(`invalid pod request ${JSON.stringify(request.name)}`)
  const tls = target.scheme === 'https' ? { rejectUnauthorized: false } : undefined
  return { host, port, tls, forbidden }
}

function firstPort({ spec }: Pod): number {
  return spec.containers.flatMap(({ ports = [] }) => ports)[0]?.containerPort ?? DEFAULT_PORT
}

function namedPort({ spec }: Pod, name: string): number | undefined {
  return spec.containers.flatMap(({ ports = [] }) => ports).find((port) => port.name === name)?.containerPort
}
