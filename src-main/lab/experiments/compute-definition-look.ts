/** Where one side's agent is defined in one moment: files of nodes, or an object of the API. Pure. */
import { parse } from 'yaml'
import type { ApiObject } from '../../common/api/api-object.ts'
import type { PodTemplateSpec } from '../../common/api/pod-template.ts'
import type { SideName } from '../../common/experiments/experiment.ts'
import type { DefinitionLook } from '../../common/experiments/side-record.ts'
import { fnv1a } from '../../common/fnv1a.ts'
import { MANIFESTS_PATH } from '../../common/node-channel.ts'
import { AGENT_NAMES } from '../../common/experiments/agent-names.ts'
import type { LookFacts } from './compute-side-look.ts'

export function computeDefinitionLook(side: SideName, facts: LookFacts): DefinitionLook {
  const { daemonSet, controllerRevisions, deployment, replicaSets, now } = facts
  switch (side) {
    case 'static':
      return fileLook(facts)
    case 'daemonSet': {
      const desired = daemonSet?.status?.desiredNumberScheduled ?? 0
      return { ...objectLook('DaemonSet', daemonSet, controllerRevisions), time: now, desired }
    }
    case 'deployment': {
      const desired = deployment === undefined ? 0 : (deployment.spec.replicas ?? 1)
      return { ...objectLook('Deployment', deployment, replicaSets), time: now, desired }
    }
  }
}

/** Files that differ, as while they are being edited one by one, have several images. */
function fileLook({ nodes, now }: LookFacts): DefinitionLook {
  const files = nodes.flatMap(({ node, file }) => (file === undefined ? [] : [{ node, file }]))
  const names = files.map(({ node }) => node).join(', ')
  const contents = [...new Set(files.map(({ file }) => file))]
  return {
    kind: 'definition',
    time: now,
    what: 'file',
    where: `${MANIFESTS_PATH}/${AGENT_NAMES.staticFile} on ${names === '' ? 'no node' : names}`,
    present: files.length > 0,
    image: [...new Set(contents.map(imageOf))].join(', '),
    generation: 0,
    resourceVersion: contents.map((content) => fnv1a(content).toString(16)).join(', '),
    desired: files.length,
    revisions: 0,
  }
}

type Workload = ApiObject & { spec: { template: PodTemplateSpec } }

function objectLook(
  what: 'DaemonSet' | 'Deployment',
  workload: Workload | undefined,
  revisions: readonly ApiObject[],
): Omit<DefinitionLook, 'time' | 'desired'> {
  const uid = workload?.metadata.uid
  const own = revisions.filter(({ metadata }) => metadata.ownerReferences?.some((owner) => owner.uid === uid) === true)
  return {
    kind: 'definition',
    what,
    where: `${what.toLowerCase()}.apps/${AGENT_NAMES.workload} in namespace ${AGENT_NAMES.namespace}`,
    present: workload !== undefined,
    image: workload?.spec.template.spec.containers[0]?.image ?? '',
    generation: workload?.metadata.generation ?? 0,
    resourceVersion: workload?.metadata.resourceVersion ?? '',
    revisions: own.length,
  }
}

/** Empty for what is no pod, as a file is that somebody has broken. */
function imageOf(content: string): string {
  try {
    const pod: unknown = parse(content)
    const image = at(at(at(at(pod, 'spec'), 'containers'), '0'), 'image')
    return typeof image === 'string' ? image : ''
  } catch {
    return ''
  }
}

function at(value: unknown, field: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[field] : undefined
}
