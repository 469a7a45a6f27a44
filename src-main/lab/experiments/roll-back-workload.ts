/** `kubectl rollout undo`: the requests that kubectl makes (facts 6.7.2; CTL/polymorphichelpers/rollback.go). */
import type { ApiObject } from '../../common/api/api-object.ts'
import type { ControllerRevision } from '../../common/api/controller-revision.ts'
import type { DaemonSet } from '../../common/api/daemon-set.ts'
import type { Deployment } from '../../common/api/deployment.ts'
import type { ReplicaSet } from '../../common/api/replica-set.ts'
import { LabError } from '../../common/lab-error.ts'
import type { ApiClient } from '../../kube/api-client.ts'
import { CONTROLLER_REVISIONS, DAEMON_SETS, DEPLOYMENTS, REPLICA_SETS } from '../../kube/resources.ts'
import { AGENT_NAMES } from '../../common/experiments/agent-names.ts'

const { namespace, workload: name } = AGENT_NAMES
const REVISION_ANNOTATION = 'deployment.kubernetes.io/revision'
const TEMPLATE_HASH_LABEL = 'pod-template-hash'

/** A strategic merge patch with the data of the revision before. @throws Conflict without one */
export async function rollBackDaemonSet(client: ApiClient): Promise<void> {
  const daemonSet = await client.get<DaemonSet>(DAEMON_SETS, { namespace, name })
  const { items } = await client.list<ControllerRevision>(CONTROLLER_REVISIONS, { namespace })
  const { data } = requireEarlier(daemonSet, items, ({ revision }) => revision)
  await client.patch(DAEMON_SETS, { namespace, name }, 'application/strategic-merge-patch+json', data)
}

/** A JSON patch with the template of the ReplicaSet before. @throws Conflict without one */
export async function rollBackDeployment(client: ApiClient): Promise<void> {
  const deployment = await client.get<Deployment>(DEPLOYMENTS, { namespace, name })
  const { items } = await client.list<ReplicaSet>(REPLICA_SETS, { namespace })
  const earlier = requireEarlier(deployment, items, ({ metadata }) =>
    Number(metadata.annotations?.[REVISION_ANNOTATION] ?? 0),
  )
  const { metadata: { labels = {}, ...metadata } = {}, spec } = earlier.spec.template
  const { [TEMPLATE_HASH_LABEL]: _hash, ...own } = labels
  const template = { metadata: { ...metadata, labels: own }, spec }
  const patch = [{ op: 'replace', path: '/spec/template', value: template }]
  await client.patch(DEPLOYMENTS, { namespace, name }, 'application/json-patch+json', patch)
}

/** Of those that the workload owns, the newest but one. */
function requireEarlier<Revision extends ApiObject>(
  owner: ApiObject,
  all: readonly Revision[],
  numberOf: (revision: Revision) => number,
): Revision {
  const own = all.filter(({ metadata }) =>
    metadata.ownerReferences?.some(({ controller, uid }) => controller === true && uid === owner.metadata.uid),
  )
  const [, earlier] = own.toSorted((one, other) => numberOf(other) - numberOf(one))
  if (earlier === undefined)
    throw new LabError({ kind: 'Conflict', message: `no rollout history found for ${owner.kind} "${name}"` })
  return earlier
}
