/** From the words of the command line to one pod and one of its containers. */
import type { Pod } from '../../common/api/core.ts'
import type { ContainerTarget } from '../../common/ipc/calls.ts'
import { LabError } from '../../common/lab-error.ts'
import { closestWord } from '../../common/manifest/closest-word.ts'

/**
 * Finds the pod that `words` names: `NAME` as `pods` prints it, or `NAMESPACE/NAME`. One that is going does not count while
 * its successor is there.
 * @throws LabError NotFound (listing what there is), BadRequest when the name is not unique
 */
export function findPod(lab: string, pods: readonly Pod[], words: string): Pod {
  const [name = '', namespace] = words.split('/').toReversed()
  const named = pods.filter(
    (pod) => pod.metadata.name === name && (namespace === undefined || pod.metadata.namespace === namespace),
  )
  const staying = named.filter((candidate) => candidate.metadata.deletionTimestamp === undefined)
  const found = staying.length === 0 ? named : staying
  const [pod, ...others] = found
  if (pod === undefined) {
    throw new LabError({
      kind: 'NotFound',
      message: `There is no pod "${words}" in the lab "${lab}".`,
      remedy: pods.length === 0 ? 'No kubelet of it runs a pod.' : `There are: ${pods.map(fullName).join(', ')}.`,
    })
  }
  if (others.length > 0) {
    throw new LabError({
      kind: 'BadRequest',
      message: `"${words}" names ${found.length} pods.`,
      remedy: `Say which: ${found.map(fullName).join(', ')}.`,
    })
  }
  return pod
}

/**
 * Of `names` (`NAME` or `NAMESPACE/NAME`) those that `words` may have meant: static pods without their node's name, parts of a
 * name, and the closest misspelt one.
 */
export function findNearNames(names: readonly string[], words: string): string[] {
  const bare = words.split('/').at(-1) ?? ''
  const containing = names.filter((name) => bare !== '' && name.split('/').at(-1)?.includes(bare))
  if (containing.length > 0) return containing
  const closest = closestWord(words, names)
  return closest === undefined ? [] : [closest]
}

/** @throws LabError NotFound when the pod has no such container */
export function containerTarget(lab: string, pod: Pod, container: string | undefined): ContainerTarget {
  const names = [...(pod.spec.initContainers ?? []), ...pod.spec.containers].map((candidate) => candidate.name)
  if (container !== undefined && !names.includes(container)) {
    throw new LabError({
      kind: 'NotFound',
      message: `The pod ${pod.metadata.name} has no container "${container}".`,
      remedy: `It has: ${names.join(', ')}.`,
    })
  }
  return {
    lab,
    node: pod.spec.nodeName ?? '',
    namespace: pod.metadata.namespace ?? 'default',
    pod: pod.metadata.name ?? '',
    ...(container !== undefined && { container }),
  }
}

/** How a pod is named on the command line. */
export function podWords({ namespace, name }: { namespace?: string | undefined; name: string }): string {
  return namespace === undefined || namespace === 'default' ? name : `${namespace}/${name}`
}

function fullName(pod: Pod): string {
  const { namespace, name = '' } = pod.metadata
  return podWords({ namespace, name })
}
