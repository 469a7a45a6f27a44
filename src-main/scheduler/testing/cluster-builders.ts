/** Pods and nodes for tests of the scheduler: healthy ones, and what is to be different. */
import type { ApiObject } from '../../common/api/api-object.ts'
import type { Pod, PodSpec } from '../../common/api/core.ts'
import type { Node, NodeSpec } from '../../common/api/node.ts'
import { computePodInfo, type PodInfo } from '../framework/pod-info.ts'

export interface NodeParts {
  labels?: Record<string, string>
  spec?: NodeSpec
  /** Beside two cores, one gibibyte and 110 pods. */
  allocatable?: Record<string, string>
}

export function aNode(name: string, { labels = {}, spec = {}, allocatable = {} }: NodeParts = {}): Node {
  const amounts = { cpu: '2', memory: '1Gi', pods: '110', ...allocatable }
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { 'kubernetes.io/hostname': name, ...labels } },
    spec,
    status: { allocatable: amounts, capacity: amounts, conditions: [{ type: 'Ready', status: 'True' }] },
  }
}

export interface PodParts extends Partial<Omit<PodSpec, 'containers'>> {
  labels?: Record<string, string>
  /** What its one container asks for. */
  requests?: Record<string, string>
  hostPort?: number
}

export function aWaitingPod(name: string, { labels, requests, hostPort, ...spec }: PodParts = {}): Pod & ApiObject {
  const container = {
    name: 'main',
    image: 'web',
    ...(requests === undefined ? {} : { resources: { requests } }),
    ...(hostPort === undefined ? {} : { ports: [{ containerPort: hostPort, hostPort }] }),
  }
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace: 'default', name, ...(labels === undefined ? {} : { labels }) },
    spec: { schedulerName: 'default-scheduler', containers: [container], ...spec },
    status: { phase: 'Pending' },
  }
}

/** As a DaemonSet's controller makes it: for one node. */
export function forNode(node: string): Pick<PodSpec, 'affinity'> {
  const matchFields = [{ key: 'metadata.name', operator: 'In', values: [node] }]
  const required = { nodeSelectorTerms: [{ matchFields }] }
  return { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: required } } }
}

/** As the scheduler knows it, with its name as its uid. */
export function aPodInfo(name: string, parts: PodParts = {}): PodInfo {
  const pod = aWaitingPod(name, parts)
  return computePodInfo({ ...pod, metadata: { ...pod.metadata, uid: name } })
}
