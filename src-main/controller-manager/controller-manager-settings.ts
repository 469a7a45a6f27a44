/** What the flags of kube-controller-manager say (cmd/kube-controller-manager/app/options). */
import { FlagError, parseBool } from '../base/flag-value.ts'
import { parseGoDuration } from '../common/api/duration.ts'
import { parseFeatureGates, SCHEDULE_DAEMON_SET_PODS } from '../common/lab/daemon-set-scheduling.ts'
import type { ComponentFlags, FlagSpecs } from '../kube/component/component-flags.ts'

/** The one feature gate is ScheduleDaemonSetPods, which upstream had from 1.11 to 1.17 (facts 6.3.2). */
export const CONTROLLER_FLAGS: FlagSpecs = {
  'node-monitor-period': { type: 'duration' },
  'node-monitor-grace-period': { type: 'duration' },
  'node-startup-grace-period': { type: 'duration' },
  'node-eviction-rate': { type: 'string' },
  'secondary-node-eviction-rate': { type: 'string' },
  'unhealthy-zone-threshold': { type: 'string' },
  'large-cluster-size-threshold': { type: 'int' },
  'terminated-pod-gc-threshold': { type: 'int' },
  'feature-gates': { type: 'string' },
}

export interface ControllerManagerSettings {
  nodeMonitorPeriodMs: number
  /** A node that was heard of, and then is silent for so long, is unreachable (facts 7.4). */
  nodeMonitorGraceMs: number
  /** The same for nodes that never said anything. */
  nodeStartupGraceMs: number
  /** Nodes per second that get the taint that drives pods away (facts 7.6). */
  nodeEvictionRate: number
  /** The same in a zone of which too many are unwell (facts 7.7). */
  secondaryNodeEvictionRate: number
  /** 0 to 1. */
  unhealthyZoneThreshold: number
  largeClusterSizeThreshold: number
  /** Ended pods above this number are deleted, oldest first; 0: never (facts 7.12). */
  terminatedPodGcThreshold: number
  /** Whether the scheduler gives pods of DaemonSets their nodes, as today, or their controller, as up to 1.11 (facts 6.3). */
  scheduleDaemonSetPods: boolean
}

export const DEFAULT_CONTROLLER_SETTINGS: ControllerManagerSettings = {
  nodeMonitorPeriodMs: 5000,
  nodeMonitorGraceMs: 50_000,
  nodeStartupGraceMs: 60_000,
  nodeEvictionRate: 0.1,
  secondaryNodeEvictionRate: 0.01,
  unhealthyZoneThreshold: 0.55,
  largeClusterSizeThreshold: 50,
  terminatedPodGcThreshold: 12_500,
  scheduleDaemonSetPods: true,
}

/** Pure. The flags were checked for their types. @throws FlagError for a gate that is not known here */
export function computeControllerManagerSettings({ values }: ComponentFlags): ControllerManagerSettings {
  const defaults = DEFAULT_CONTROLLER_SETTINGS
  const milliseconds = (name: string, otherwise: number): number => {
    const text = values.get(name)
    return (text === undefined ? undefined : parseGoDuration(text)) ?? otherwise
  }
  const number = (name: string, otherwise: number): number => Number(values.get(name) ?? otherwise)
  return {
    nodeMonitorPeriodMs: milliseconds('node-monitor-period', defaults.nodeMonitorPeriodMs),
    nodeMonitorGraceMs: milliseconds('node-monitor-grace-period', defaults.nodeMonitorGraceMs),
    nodeStartupGraceMs: milliseconds('node-startup-grace-period', defaults.nodeStartupGraceMs),
    nodeEvictionRate: number('node-eviction-rate', defaults.nodeEvictionRate),
    secondaryNodeEvictionRate: number('secondary-node-eviction-rate', defaults.secondaryNodeEvictionRate),
    unhealthyZoneThreshold: number('unhealthy-zone-threshold', defaults.unhealthyZoneThreshold),
    largeClusterSizeThreshold: number('large-cluster-size-threshold', defaults.largeClusterSizeThreshold),
    terminatedPodGcThreshold: number('terminated-pod-gc-threshold', defaults.terminatedPodGcThreshold),
    scheduleDaemonSetPods: readGate(values.get('feature-gates') ?? '') ?? defaults.scheduleDaemonSetPods,
  }
}

/** `ScheduleDaemonSetPods=false` → false; nothing said: `undefined`. */
function readGate(text: string): boolean | undefined {
  let gate: boolean | undefined
  for (const [name, value] of parseFeatureGates(text)) {
    const parsed = parseBool(value)
    const wrong = (problem: string): FlagError =>
      new FlagError(`invalid argument ${JSON.stringify(text)} for "--feature-gates" flag: ${problem}`)
    if (name !== SCHEDULE_DAEMON_SET_PODS) throw wrong(`unrecognized feature gate: ${name}`)
    if ('problem' in parsed) throw wrong(`invalid value of ${name}=${value}, err: ${parsed.problem}`)
    gate = parsed.value
  }
  return gate
}
