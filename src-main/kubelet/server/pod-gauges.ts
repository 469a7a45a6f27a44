/** What runs at the moment, as the kubelet's metrics say it. */
import type { MetricFamily } from '../../base/metric.ts'
import { gauge } from '../../base/metric.ts'
import type { ContainerRuntimeState } from '../../container-runtime/cri.ts'
import { activeSandbox } from '../runtime/runtime-pod.ts'
import type { KubeletHost } from './kubelet-host.ts'

const STATES: Readonly<Record<ContainerRuntimeState, string>> = {
  CONTAINER_CREATED: 'created',
  CONTAINER_EXITED: 'exited',
  CONTAINER_RUNNING: 'running',
  CONTAINER_UNKNOWN: 'unknown',
}

export function podFamilies(host: KubeletHost): MetricFamily[] {
  const pods = host.runtimePods()
  const states = new Map<string, number>()
  for (const { containers } of pods)
    for (const { state } of containers) states.set(STATES[state], (states.get(STATES[state]) ?? 0) + 1)
  return [
    gauge('kubelet_node_name', "The node's name; the value is always 1.", [
      { labels: { node: host.info().nodeName }, value: 1 },
    ]),
    gauge('kubelet_desired_pods', 'Pods that this node should run.', [
      { labels: { static: 'true' }, value: host.desiredPods().length },
    ]),
    gauge('kubelet_running_pods', 'Pods whose sandbox runs.', [
      { labels: {}, value: pods.filter((pod) => activeSandbox(pod) !== undefined).length },
    ]),
    gauge(
      'kubelet_running_containers',
      'Containers by state.',
      [...states].sort().map(([state, value]) => ({ labels: { container_state: state }, value })),
    ),
  ]
}
