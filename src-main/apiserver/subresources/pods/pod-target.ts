/** Which pod and container a subresource is about, and on which kubelet (pkg/registry/core/pod/strategy.go). */
import type { Container, Pod } from '../../../common/api/core.ts'
import { badRequest } from '../../../kube/status-error.ts'
import type { SubresourceRequest } from '../../endpoints/subresource.ts'

/** @throws StatusError 404 */
export async function getPod({ parent, context, namespace, name }: SubresourceRequest): Promise<Pod> {
  return (await parent.get(context, namespace, name)) as unknown as Pod
}

/**
 * The container of that name, or the only one there is.
 * @throws StatusError 400 in upstream's words (facts 8.7.1)
 */
export function requireContainer(pod: Pod, asked: string): string {
  const { containers, initContainers = [], ephemeralContainers = [] } = pod.spec
  const podName = pod.metadata.name ?? ''
  if (asked !== '') {
    if ([...containers, ...initContainers, ...ephemeralContainers].some(({ name }) => name === asked)) return asked
    throw badRequest(`container ${asked} is not valid for pod ${podName}`)
  }
  const [only, ...others] = containers
  if (only !== undefined && others.length === 0) return only.name
  const init = initContainers.length === 0 ? '' : ` or one of the init containers: [${names(initContainers)}]`
  const ephemeral =
    ephemeralContainers.length === 0 ? '' : ` or one of the ephemeral containers: [${names(ephemeralContainers)}]`
  throw badRequest(
    `a container name must be specified for pod ${podName}, choose one of: [${names(containers)}]${init}${ephemeral}`,
  )
}

function names(containers: readonly Container[]): string {
  return containers.map(({ name }) => name).join(' ')
}

/** The node that a pod runs on. @throws StatusError 400 while it has none (facts 8.7.4) */
export function requireHost(pod: Pod): string {
  const { nodeName = '' } = pod.spec
  if (nodeName === '') throw badRequest(`pod ${pod.metadata.name ?? ''} does not have a host assigned`)
  return nodeName
}

/** A path of the kubelet: each part escaped. */
export function kubeletPath(...parts: readonly string[]): string {
  return `/${parts.map(encodeURIComponent).join('/')}`
}
