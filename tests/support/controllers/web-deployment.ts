/** The Deployment `web` of tests, what users do with it, and what they see. */
import type { Deployment, DeploymentCondition } from '../../../src-main/common/api/deployment.ts'
import type { ReplicaSet } from '../../../src-main/common/api/replica-set.ts'
import { startDeployments } from '../../../src-main/controller-manager/deployment/deployment-controller.ts'
import { startReplicaSets } from '../../../src-main/controller-manager/replicaset/replicaset-controller.ts'
import { DEPLOYMENTS, REPLICA_SETS } from '../../../src-main/kube/resources.ts'
import { newControllerCluster, type ClusterOptions, type ControllerCluster } from './controller-cluster.ts'

const SECOND = 1000
const AT = { namespace: 'default', name: 'web' }
const MERGE = 'application/merge-patch+json'

export function webDeployment(spec: Partial<Deployment['spec']> = {}): Deployment {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { ...AT },
    spec: {
      replicas: 3,
      selector: { matchLabels: { app: 'web' } },
      template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'c', image: 'bb:v1' }] } },
      ...spec,
    },
  }
}

/** Pods of the image `broken` never become ready. */
export function newDeploymentCluster(options: ClusterOptions = {}): ControllerCluster {
  return newControllerCluster([startReplicaSets, startDeployments], {
    isBroken: ({ spec }) => spec.containers[0]?.image === 'broken',
    ...options,
  })
}

export async function deployed(cluster: ControllerCluster, spec: Partial<Deployment['spec']> = {}): Promise<void> {
  await cluster.client.create(DEPLOYMENTS, webDeployment(spec))
  await cluster.clock.advance(10 * SECOND)
}

export async function setImage({ client }: ControllerCluster, image: string): Promise<void> {
  const spec = { template: { spec: { containers: [{ name: 'c', image }] } } }
  await client.patch(DEPLOYMENTS, AT, 'application/strategic-merge-patch+json', { spec })
}

export async function changeSpec({ client }: ControllerCluster, spec: Partial<Deployment['spec']>): Promise<void> {
  await client.patch(DEPLOYMENTS, AT, MERGE, { spec })
}

export function getDeployment({ client }: ControllerCluster): Promise<Deployment> {
  return client.get<Deployment>(DEPLOYMENTS, AT)
}

export async function listSets({ client }: ControllerCluster): Promise<ReplicaSet[]> {
  return (await client.list<ReplicaSet>(REPLICA_SETS)).items
}

/** Wanted pods by image. */
export async function sizesByImage(cluster: ControllerCluster): Promise<Record<string, number>> {
  return Object.fromEntries((await listSets(cluster)).map(({ spec }) => [imageOf(spec), spec.replicas ?? 0]))
}

function imageOf({ template }: ReplicaSet['spec']): string {
  return template.spec.containers[0]?.image ?? ''
}

export async function setOfImage(cluster: ControllerCluster, image: string): Promise<ReplicaSet> {
  const found = (await listSets(cluster)).find(({ spec }) => imageOf(spec) === image)
  if (found === undefined) throw new Error(`no ReplicaSet of ${image}`)
  return found
}

/** `Progressing=True NewReplicaSetAvailable ReplicaSet "web-…" has …`, sorted, with `web-NEW` for the given name. */
export async function conditionLines(cluster: ControllerCluster, set?: ReplicaSet): Promise<string[]> {
  const { status } = await getDeployment(cluster)
  const written = (status?.conditions ?? []).map(({ type, status: state, reason, message }: DeploymentCondition) => {
    return `${type}=${state} ${reason ?? ''}: ${message ?? ''}`
  })
  return written.map((line) => line.replace(set?.metadata.name ?? '\0', 'NEW')).toSorted()
}

/** What deployment-controller told, with `OLD` and `NEW` for the names. */
export async function deploymentEvents(
  cluster: ControllerCluster,
  names: Record<string, string> = {},
): Promise<string[]> {
  const events = (await cluster.events()).filter((event) => event.endsWith(' (deployment-controller)'))
  return events.map((event) => {
    let text = event.replace(' (deployment-controller)', '')
    for (const [name, word] of Object.entries(names)) text = text.replace(name, word)
    return text
  })
}
