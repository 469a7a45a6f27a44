/** The DaemonSets and pods of the cases: the recorded ones, with an image that a lab has. */
import { RUN_FOREVER } from '../../support/manifests.ts'

export const IMAGE = 'busybox:1.36'
/** Another name of the same image. */
export const OTHER_IMAGE = 'busybox:stable'

interface AgentOptions {
  spec?: object
  podSpec?: object
  container?: object
  env?: readonly object[]
}

export function agent(
  name = 'agent',
  { spec = {}, podSpec = {}, container = {}, env = V1 }: AgentOptions = {},
): object {
  const command = ['sh', '-c', RUN_FOREVER]
  const own = { command, ...(env.length === 0 ? {} : { env }), image: IMAGE, name: 'c', ...container }
  const template = { metadata: { labels: { app: name } }, spec: { containers: [own], ...podSpec } }
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name },
    spec: { selector: { matchLabels: { app: name } }, template, ...spec },
  }
}

const V1 = [{ name: 'V', value: '1' }]

/** Deletes the pod of a DaemonSet on a node, as it was recorded. */
export function deletePodOn(node: string, app = 'agent', flags = ''): string {
  const names = `$(kubectl get pods -l app=${app} --field-selector spec.nodeName=${node} -o name | cut -d/ -f2)`
  return `kubectl delete pod ${flags === '' ? '' : `${flags} `}${names}`
}

/** A container that runs until it is told to stop. */
function container(): object {
  return { command: ['sh', '-c', RUN_FOREVER], image: IMAGE, name: 'c' }
}

/** @param nodeName where it is; a scheduler is not asked */
export function barePod(name: string, nodeName: string): object {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec: { nodeName, containers: [container()] } }
}

/** For the manifest folder of a node. */
export function staticPod(name: string, namespace: string): string {
  const metadata = { name, namespace }
  return JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata, spec: { containers: [container()] } })
}

/** One pod that would rather be on `node`, and is driven away from a silent one after `tolerationSeconds`. */
export function deployment(name: string, node: string, tolerationSeconds?: number): object {
  const preference = { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [node] }] }
  const preferred = [{ weight: 100, preference }]
  const tolerations = ['not-ready', 'unreachable'].map((key) => ({
    key: `node.kubernetes.io/${key}`,
    operator: 'Exists',
    effect: 'NoExecute',
    tolerationSeconds,
  }))
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: {
          affinity: { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: preferred } },
          ...(tolerationSeconds === undefined ? {} : { tolerations }),
          containers: [container()],
        },
      },
    },
  }
}
