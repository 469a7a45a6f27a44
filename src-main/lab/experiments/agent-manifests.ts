/** The agent of a comparison as each side defines it: the same container, in a file or in an object of the API. Pure. */
import { stringify } from 'yaml'
import type { ConfigMap } from '../../common/api/config-map.ts'
import type { Affinity, Pod, PodSpec } from '../../common/api/core.ts'
import type { DaemonSet } from '../../common/api/daemon-set.ts'
import type { Deployment } from '../../common/api/deployment.ts'
import type { PodTemplateSpec } from '../../common/api/pod-template.ts'
import { SIMULATED_LABEL } from '../../common/lab/simulated-nodes.ts'
import { AGENT_NAMES, APP_LABELS } from '../../common/experiments/agent-names.ts'

export const AGENT_SETTINGS = 'agent-settings'
/** The name that the catalogue answers to with what is there offline (resources/images/catalogue.yaml). */
const FIRST_IMAGE = 'busybox:1.36'
const { namespace, workload, staticPod, editionVariable } = AGENT_NAMES

/** Only what bears this is ever removed (recommended labels of Kubernetes). */
export const OWN_LABELS = { 'app.kubernetes.io/managed-by': 'node-lab' } as const

/** What experiments change about an agent. */
export interface AgentParameters {
  image: string
  edition?: string
  hasConfigMap?: boolean
}

export const FIRST_PARAMETERS: AgentParameters = { image: FIRST_IMAGE }

/** Content of the manifest file. */
export function agentFile(parameters: AgentParameters): string {
  const pod: Pod & { apiVersion: string; kind: string } = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: staticPod, namespace, labels: { app: APP_LABELS.static } },
    spec: agentSpec(parameters),
  }
  return stringify(pod)
}

export function agentDaemonSet(parameters: AgentParameters): DaemonSet {
  const labels = { app: APP_LABELS.daemonSet }
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: workload, namespace, labels: { ...labels, ...OWN_LABELS } },
    spec: { selector: { matchLabels: labels }, template: agentTemplate(parameters, labels, onRealNodes()) },
  }
}

/** As many as there are workers, no two on one node: an old pod makes room before a new one comes. */
export function agentDeployment(parameters: AgentParameters, replicas: number): Deployment {
  const labels = { app: APP_LABELS.deployment }
  const apart: Affinity = {
    ...onRealNodes(),
    podAntiAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [
        { labelSelector: { matchLabels: labels }, topologyKey: 'kubernetes.io/hostname' },
      ],
    },
  }
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: workload, namespace, labels: { ...labels, ...OWN_LABELS } },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
      template: agentTemplate(parameters, labels, apart),
    },
  }
}

export function agentSettings(): ConfigMap {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: AGENT_SETTINGS, namespace, labels: OWN_LABELS },
    data: { greeting: 'from a ConfigMap' },
  }
}

function agentTemplate(
  parameters: AgentParameters,
  labels: Record<string, string>,
  affinity: Affinity,
): PodTemplateSpec {
  return { metadata: { labels }, spec: { ...agentSpec(parameters), affinity } }
}

/** Hundreds of simulated nodes would have an agent each, and nothing to compare it with. */
function onRealNodes(): Affinity {
  const matchExpressions = [{ key: SIMULATED_LABEL, operator: 'DoesNotExist' as const }]
  return {
    nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions }] } },
  }
}

/** It does nothing, and ends at once when it is asked to: PID 1 hears only the signals that it traps. */
function agentSpec({ image, edition, hasConfigMap = false }: AgentParameters): PodSpec {
  const env = [
    ...(edition === undefined ? [] : [{ name: editionVariable, value: edition }]),
    ...(hasConfigMap
      ? [{ name: 'AGENT_GREETING', valueFrom: { configMapKeyRef: { name: AGENT_SETTINGS, key: 'greeting' } } }]
      : []),
  ]
  return {
    terminationGracePeriodSeconds: 10,
    containers: [
      {
        name: 'agent',
        image,
        command: ['sh', '-c', 'trap "exit 0" TERM; while true; do sleep 3600 & wait; done'],
        ...(env.length > 0 && { env }),
        resources: { requests: { cpu: '5m', memory: '8Mi' } },
      },
    ],
  }
}
