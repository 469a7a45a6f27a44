/** `proxy` of nodes and pods: everything goes on to where the object is, HTTP and upgraded connections alike. */
import type { Subresource, SubresourceRequest } from '../../endpoints/subresource.ts'
import type { Endpoint } from '../../kubelet-client/kubelet-client.ts'
import { forwardRequest } from './forward-request.ts'
import { forwardUpgrade } from './forward-upgrade.ts'
import { proxyPath } from './proxy-path.ts'

/** @param locate where the request goes; throws `StatusError` */
export function proxySubresource(
  resource: 'nodes' | 'pods',
  kind: string,
  locate: (request: SubresourceRequest) => Promise<Endpoint>,
): Subresource {
  return {
    group: '',
    resource,
    name: 'proxy',
    verbs: { GET: 'get', POST: 'create', PUT: 'update', PATCH: 'patch', DELETE: 'delete' },
    kind: { group: '', version: 'v1', kind },
    serve: async (request) => forwardRequest(await locate(request), proxyPath(request), request),
    upgrade: async (request, socket, head) => {
      const target = { endpoint: await locate(request), path: proxyPath(request) }
      await forwardUpgrade(target, request.incoming, socket, head, request.signal)
    },
  }
}
