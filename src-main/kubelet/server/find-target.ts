/** Pods and containers that a path names. */
import type { Pod } from '../../common/api/core.ts'
import { podFullName, podReference, podUid } from '../pod-identity.ts'
import type { RuntimeContainer, RuntimePod } from '../runtime/runtime-pod.ts'
import { activeSandbox, runningContainers } from '../runtime/runtime-pod.ts'
import { HttpProblem } from './http-problem.ts'
import type { KubeletHost } from './kubelet-host.ts'
import type { ContainerTarget, PodTarget } from './request-route.ts'

/** @throws HttpProblem 404 */
function findPod(host: KubeletHost, { namespace, pod }: PodTarget): Pod {
  const found = host.desiredPods().find((candidate) => {
    const reference = podReference(candidate)
    return reference.namespace === namespace && reference.name === pod
  })
  if (found === undefined) throw new HttpProblem(404, 'pod does not exist')
  return found
}

/** A static pod goes by the UID of its mirror, too (facts 4.15). */
function isUidOf(host: KubeletHost, uid: string, pod: Pod): boolean {
  return (host.staticUidOf(uid) ?? uid) === podUid(pod)
}

/** @throws HttpProblem when it does not run */
export function findRunningContainer(host: KubeletHost, target: ContainerTarget): RuntimeContainer {
  const pod = findPod(host, target)
  const hasUid = target.uid === '' || isUidOf(host, target.uid, pod)
  const container = hasUid
    ? runningContainers(host.runtimePod(podUid(pod))).find(({ metadata }) => metadata.name === target.container)
    : undefined
  if (container === undefined) throw new HttpProblem(500, `container not found (${JSON.stringify(target.container)})`)
  return container
}

/** Id of the sandbox in which the pod lives. @throws HttpProblem when there is none */
export function findSandbox(host: KubeletHost, target: PodTarget): string {
  const pod = findPod(host, target)
  if (target.uid !== '' && !isUidOf(host, target.uid, pod)) throw new HttpProblem(404, 'pod not found')
  const sandbox = activeSandbox(host.runtimePod(podUid(pod)))
  if (sandbox === undefined) throw new HttpProblem(500, `pod not found (${JSON.stringify(podFullName(pod))})`)
  return sandbox.id
}

/** A pod of which anything runs. */
export function isRunning(pod: RuntimePod): boolean {
  return activeSandbox(pod) !== undefined || runningContainers(pod).length > 0
}
