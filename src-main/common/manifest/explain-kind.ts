/** Plain words for a manifest that is no Pod. */
import { closestWord } from './closest-word.ts'
import { groupsOfKind, isKubernetesKind } from './known-kinds.ts'

/** For a file without `kind`, without `apiVersion`, or without anything. */
export function explainMissing(what: 'everything' | 'kind' | 'apiVersion'): string {
  switch (what) {
    case 'everything':
      return 'The file is empty or holds only comments, so there is nothing to run.'
    case 'kind':
      return 'The file does not say what it is: add "kind: Pod" at its top level.'
    case 'apiVersion':
      return 'The file does not say which API it belongs to: add "apiVersion: v1" at its top level.'
  }
}

/** For a file that says it is something other than a `v1` Pod. */
export function explainKind(apiVersion: string, kind: string): string {
  if (kind === 'Pod')
    return `A kubelet runs Pods only, and a Pod's apiVersion is "v1", not ${JSON.stringify(apiVersion)}.`
  if (apiVersion === 'v1' && closestWord(kind, ['Pod']) === 'Pod' && !isKubernetesKind(apiVersion, kind)) {
    return `A kubelet runs Pods only and knows no kind ${JSON.stringify(kind)}: write "kind: Pod".`
  }
  if (kind === 'PodList' || kind === 'List') {
    return `A kubelet runs Pods only, one in each file: a ${kind} is not read. Put each Pod in a file of its own.`
  }
  if (WORKLOADS.has(kind)) {
    return `A kubelet runs Pods only: a ${kind} needs a controller that makes Pods of it, and that lives in a control plane. Write the Pod itself.`
  }
  if (isKubernetesKind(apiVersion, kind) || groupsOfKind(kind).length > 0) {
    return `A kubelet runs Pods only: a ${kind} belongs into the API server, which a manifest folder is not. Remove the file.`
  }
  return `A kubelet runs Pods only and knows no kind ${JSON.stringify(kind)} in ${JSON.stringify(apiVersion)}: write "apiVersion: v1" and "kind: Pod", or remove the file.`
}

const WORKLOADS: ReadonlySet<string> = new Set([
  'CronJob',
  'DaemonSet',
  'Deployment',
  'Job',
  'ReplicaSet',
  'ReplicationController',
  'StatefulSet',
])
