/** `pods/log`: the text of a container's log, from its kubelet (pkg/registry/core/pod/rest/log.go). */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import type { Subresource, SubresourceAnswer, SubresourceRequest } from '../../endpoints/subresource.ts'
import type { KubeletClient } from '../../kubelet-client/kubelet-client.ts'
import { DialError, sendRequest } from '../../kubelet-client/send-request.ts'
import { plainFailure } from '../../registry/store-failure.ts'
import { interpretRefusal } from './kubelet-refusal.ts'
import { computeLogQuery } from './pod-log-options.ts'
import { getPod, kubeletPath, requireContainer } from './pod-target.ts'

export function podLog(kubelets: KubeletClient): Subresource {
  return {
    group: '',
    resource: 'pods',
    name: 'log',
    verbs: { GET: 'get' },
    kind: { group: '', version: 'v1', kind: 'Pod' },
    serve: (request) => readLog(kubelets, request),
  }
}

async function readLog(kubelets: KubeletClient, request: SubresourceRequest): Promise<SubresourceAnswer> {
  const pod = await getPod(request)
  const query = computeLogQuery(request.query, request.name)
  const container = requireContainer(pod, request.query.get('container') ?? '')
  const { nodeName = '' } = pod.spec
  // Nothing has run yet, so nothing has been said yet.
  if (nodeName === '') return { type: 'raw', write: (answer) => writeLog(answer, undefined, false) }
  const endpoint = await kubelets.endpointOf(nodeName)
  const search = query.size === 0 ? '' : `?${query.toString()}`
  const path = `${kubeletPath('containerLogs', request.namespace, request.name, container)}${search}`
  try {
    const { response } = await sendRequest({ endpoint, method: 'GET', path, headers: {}, signal: request.signal })
    if (response.statusCode !== 200)
      throw await interpretRefusal(response, { group: '', resource: 'pods/log' }, request.name)
    return { type: 'raw', write: (answer) => writeLog(answer, response, query.has('follow')) }
  } catch (error) {
    if (!(error instanceof DialError)) throw error
    throw plainFailure(`Get "https://${endpoint.host}:${endpoint.port}${path}": ${error.message}`)
  }
}

/** @param follows whether the reader should see at once that he is connected */
async function writeLog(answer: ServerResponse, log: IncomingMessage | undefined, follows: boolean): Promise<void> {
  answer.writeHead(200, { 'Content-Type': 'text/plain', 'Cache-Control': 'no-cache, private' })
  if (log === undefined) {
    answer.end()
    return
  }
  if (follows) answer.flushHeaders()
  try {
    await pipeline(log, answer)
  } catch {
    // Whichever side went, the other one sees the connection end.
    answer.destroy()
  }
}
