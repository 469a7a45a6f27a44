/** `nodes/proxy`: the kubelet's API, or another port of the node (pkg/registry/core/node/strategy.go ResourceLocation). */
import type { BlockList } from 'node:net'
import type { ForbiddenAddresses } from '../../kubelet-client/allowed-address.ts'
import { badRequest } from '../../../kube/status-error.ts'
import type { Subresource } from '../../endpoints/subresource.ts'
import type { Endpoint, KubeletClient } from '../../kubelet-client/kubelet-client.ts'
import { proxySubresource } from '../connections/proxy-subresource.ts'
import { parsePort, parseTargetName } from '../connections/target-name.ts'

export function nodeProxy(kubelets: KubeletClient, { ofProxies }: ForbiddenAddresses): Subresource {
  return proxySubresource('nodes', 'NodeProxyOptions', ({ name }) => locateNode(kubelets, name, ofProxies))
}

async function locateNode(kubelets: KubeletClient, text: string, forbidden: BlockList): Promise<Endpoint> {
  const target = parseTargetName(text)
  if (target === undefined) throw badRequest(`invalid node request ${JSON.stringify(text)}`)
  const kubelet = await kubelets.endpointOf(target.name)
  if (target.port === undefined) return kubelet
  const port = parsePort(target.port)
  if (port === undefined) throw badRequest(`invalid node request ${JSON.stringify(text)}`)
  if (port === kubelet.port) return kubelet
  // Only the kubelet gets to see our certificate.
  const tls = target.scheme === 'https' ? { rejectUnauthorized: false } : undefined
  return { host: kubelet.host, port, tls, forbidden }
}
