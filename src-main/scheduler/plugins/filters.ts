/** The filters, in the order in which they are asked (pkg/scheduler/framework/plugins; facts 3). Pure. */
import type { Pod } from '../../common/api/core.ts'
import { hasHostPortClash } from '../../common/scheduling/host-ports.ts'
import { matchesNode } from '../../common/scheduling/node-affinity.ts'
import { podRequests } from '../../common/scheduling/pod-requests.ts'
import { findUntolerated } from '../../common/scheduling/tolerations.ts'
import type { FilterPlugin } from '../framework/plugin.ts'

/** `kubectl cordon`; who tolerates this taint may come in spite of it, as daemons do. */
const UNSCHEDULABLE_TAINT = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' } as const

const nodeUnschedulable: FilterPlugin = {
  name: 'NodeUnschedulable',
  isResolvable: false,
  filter: (pod, { node }) =>
    node.spec?.unschedulable === true &&
    findUntolerated([UNSCHEDULABLE_TAINT], pod.spec.tolerations ?? [], ['NoSchedule']) !== undefined
      ? ['node(s) were unschedulable']
      : [],
}

const nodeName: FilterPlugin = {
  name: 'NodeName',
  isResolvable: false,
  filter: ({ spec }, { name }) =>
    spec.nodeName === undefined || spec.nodeName === '' || spec.nodeName === name
      ? []
      : ["node(s) didn't match the requested node name"],
}

const taintToleration: FilterPlugin = {
  name: 'TaintToleration',
  isResolvable: false,
  filter(pod, { node }) {
    const taint = findUntolerated(node.spec?.taints ?? [], pod.spec.tolerations ?? [], ['NoSchedule', 'NoExecute'])
    return taint === undefined ? [] : ['node(s) had untolerated taint(s)']
  },
}

const nodeAffinity: FilterPlugin = {
  name: 'NodeAffinity',
  isResolvable: false,
  filter: (pod, node) => (matchesNode(pod, node) ? [] : ["node(s) didn't match Pod's node affinity/selector"]),
}

const nodePorts: FilterPlugin = {
  name: 'NodePorts',
  isResolvable: true,
  filter: (pod, { pods }) =>
    hasHostPortClash(pod, [...pods]) ? ["node(s) didn't have free ports for the requested pod ports"] : [],
}

const nodeResourcesFit: FilterPlugin = {
  name: 'NodeResourcesFit',
  isResolvable: true,
  filter(pod, { allocatable, requested, pods }) {
    const reasons: string[] = []
    if (BigInt(pods.length) + 1n > (allocatable.get('pods') ?? 0n)) reasons.push('Too many pods')
    for (const [resource, amount] of podRequests(pod)) {
      if (amount === 0n) continue
      const left = (allocatable.get(resource) ?? 0n) - (requested.get(resource) ?? 0n)
      if (amount > left) reasons.push(`Insufficient ${resource}`)
    }
    return reasons
  },
}

export const FILTERS: readonly FilterPlugin[] = [
  nodeUnschedulable,
  nodeName,
  taintToleration,
  nodeAffinity,
  nodePorts,
  nodeResourcesFit,
]

/** Whether the pod waits for somebody to lift its gates (`spec.schedulingGates`). */
export function isGated(pod: Pod): boolean {
  return (pod.spec.schedulingGates ?? []).length > 0
}
