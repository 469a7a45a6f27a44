/** What the configuration keeps back of a node's capacity (facts 2.20.1). */
import type { NodeReservations } from '../lifecycle/node-allocatable.ts'
import type { KubeletConfiguration } from './kubelet-configuration.ts'

/** Upstream's on Linux; only memory and `nodefs` are kept back from pods. */
const DEFAULT_EVICTION_HARD: Readonly<Record<string, string>> = {
  'memory.available': '100Mi',
  'nodefs.available': '10%',
  'nodefs.inodesFree': '5%',
  'imagefs.available': '15%',
  'imagefs.inodesFree': '5%',
}

/** Of a configuration that was decoded and defaulted. Thresholds that are given replace all of the defaults. */
export function readNodeReservations(configuration: KubeletConfiguration): NodeReservations {
  const { maxPods = 0, podsPerCore = 0, mergeDefaultEvictionSettings } = configuration
  const given = configuration.evictionHard
  return {
    maxPods,
    podsPerCore,
    kubeReserved: configuration.kubeReserved ?? {},
    systemReserved: configuration.systemReserved ?? {},
    evictionHard:
      given === undefined || mergeDefaultEvictionSettings === true ? { ...DEFAULT_EVICTION_HARD, ...given } : given,
  }
}
