/** What the agents of a comparison are called, and which of them a pod is. */
import type { SideName } from './experiment.ts'

export const AGENT_NAMES = {
  namespace: 'compare',
  /** In the manifest folder of each worker. */
  staticFile: 'compare-agent.yaml',
  /** Its mirror is called `agent-static-NODE`. */
  staticPod: 'agent-static',
  /** Of the DaemonSet and of the Deployment. */
  workload: 'agent',
  /** The environment variable that an experiment edits. */
  editionVariable: 'AGENT_EDITION',
} as const

/** Label `app` of each side's pods. */
export const APP_LABELS: Readonly<Record<SideName, string>> = {
  static: 'agent-static',
  daemonSet: 'agent-daemon-set',
  deployment: 'agent-deployment',
}

const WORKLOAD_POD = new RegExp(`^${AGENT_NAMES.workload}(-[a-z0-9]+)?-[a-z0-9]{5}$`)

/** By the pod's name alone: events and timelines tell no more. A Deployment's pods bear the name of their ReplicaSet. */
export function sideOfPod(name: string): SideName | undefined {
  if (name.startsWith(`${AGENT_NAMES.staticPod}-`)) return 'static'
  const match = WORKLOAD_POD.exec(name)
  if (match === null) return undefined
  return match[1] === undefined ? 'daemonSet' : 'deployment'
}
