/**
 * `pods/exec`, `pods/attach`, `pods/portforward`: the connection becomes one with the pod's kubelet, which speaks the
 * protocol (pkg/registry/core/pod/rest/subresources.go; facts 8.7.2).
 */
import type { Duplex } from 'node:stream'
import { badRequest } from '../../../kube/status-error.ts'
import type { Authorizer } from '../../authorization/authorizer.ts'
import { forbiddenRequest } from '../../authorization/forbidden-request.ts'
import { readFlag } from '../../endpoints/query-values.ts'
import type { Subresource, SubresourceRequest } from '../../endpoints/subresource.ts'
import type { KubeletClient } from '../../kubelet-client/kubelet-client.ts'
import { forwardUpgrade, type UpgradeTarget } from '../connections/forward-upgrade.ts'
import { isTunnel, openTunnel } from '../spdy/port-forward-tunnel.ts'
import { getPod, kubeletPath, requireContainer, requireHost } from './pod-target.ts'

type StreamName = 'exec' | 'attach' | 'portforward'

/** How a kubelet calls the client's words. */
const STREAM_FLAGS = { stdin: 'input', stdout: 'output', stderr: 'error', tty: 'tty' } as const

const OPTIONS_KIND: Readonly<Record<StreamName, string>> = {
  exec: 'PodExecOptions',
  attach: 'PodAttachOptions',
  portforward: 'PodPortForwardOptions',
}

/** @param authorizer asked whether who opens a stream with GET may also create one */
export function podStreams(kubelets: KubeletClient, authorizer: Authorizer): Subresource[] {
  return (['exec', 'attach', 'portforward'] as const).map((name) => ({
    group: '',
    resource: 'pods',
    name,
    verbs: { GET: 'get', POST: 'create' },
    kind: { group: '', version: 'v1', kind: OPTIONS_KIND[name] },
    serve: () => Promise.reject(badRequest('Upgrade request required')),
    upgrade: (request, socket, head) => openStream(kubelets, authorizer, name, request, { socket, head }),
  }))
}

async function openStream(
  kubelets: KubeletClient,
  authorizer: Authorizer,
  name: StreamName,
  request: SubresourceRequest,
  { socket, head }: { socket: Duplex; head: Buffer },
): Promise<void> {
  if (request.method === 'GET') await requireCreate(authorizer, name, request)
  const target = await findTarget(kubelets, name, request)
  if (name === 'portforward' && isTunnel(request.incoming)) return openTunnel(target, request.incoming, socket, head)
  await forwardUpgrade(target, request.incoming, socket, head, request.signal)
}

/** WebSocket begins with GET: who may only read must not get a shell by that (1.35: AuthorizePodWebsocketUpgradeCreatePermission). */
async function requireCreate(
  authorizer: Authorizer,
  subresource: StreamName,
  request: SubresourceRequest,
): Promise<void> {
  const { context, namespace, name } = request
  const attributes = {
    type: 'resource',
    user: context.user,
    verb: 'create',
    group: '',
    version: 'v1',
    resource: 'pods',
    subresource,
    namespace,
    name,
  } as const
  const { verdict, reason } = await authorizer.authorize(attributes)
  if (verdict !== 'allow') throw forbiddenRequest(attributes, reason)
}

async function findTarget(
  kubelets: KubeletClient,
  name: StreamName,
  request: SubresourceRequest,
): Promise<UpgradeTarget> {
  const pod = await getPod(request)
  const { namespace } = request
  if (name === 'portforward') {
    const endpoint = await kubelets.endpointOf(requireHost(pod))
    const ports = new URLSearchParams(request.query.getAll('ports').map((port) => ['port', port]))
    const search = ports.size === 0 ? '' : `?${ports.toString()}`
    return { endpoint, path: `${kubeletPath('portForward', namespace, request.name)}${search}` }
  }
  const container = requireContainer(pod, request.query.get('container') ?? '')
  const endpoint = await kubelets.endpointOf(requireHost(pod))
  const query = computeStreamQuery(name, request.query)
  return { endpoint, path: `${kubeletPath(name, namespace, request.name, container)}?${query.toString()}` }
}

function computeStreamQuery(name: 'exec' | 'attach', query: URLSearchParams): URLSearchParams {
  const asked = new URLSearchParams()
  for (const [flag, kubeletFlag] of Object.entries(STREAM_FLAGS))
    if (query.has(flag) ? readFlag(query, flag) : isDefault(flag)) asked.set(kubeletFlag, '1')
  if (name === 'exec') for (const word of query.getAll('command')) asked.append('command', word)
  return asked
}

/** Output is shown unless it is said otherwise (core/v1 defaults of the options). */
function isDefault(flag: string): boolean {
  return flag === 'stdout' || flag === 'stderr'
}
