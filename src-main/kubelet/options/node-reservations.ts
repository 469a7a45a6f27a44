/** What the configuration keeps back of a node's capacity (facts 2.20.1). */
import type { NodeReservations } from '../lifecycle/node-allocatable.ts'
import type { KubeletConfiguration } from './kubelet-configuration.ts'

/** Of a configuration that was decoded and defaulted, thresholds of eviction included. */
export function readNodeReservations(configuration: KubeletConfiguration): NodeReservations {
  const { maxPods = 0, podsPerCore = 0, kubeReserved = {}, systemReserved = {}, evictionHard = {} } = configuration
  return { maxPods, podsPerCore, kubeReserved, systemReserved, evictionHard }
}
