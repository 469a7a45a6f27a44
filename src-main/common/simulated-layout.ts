/** Where things are in the container of a lab's simulated nodes: lab manager and the program in it agree on this. */

/** In the node image. */
export const SIMULATED_NODES_PROGRAM = '/usr/lib/node-lab/simulated-nodes'
const FOLDER = '/etc/kubernetes/simulated'
/** JSON, `SimulatedRecord`; a program that gets SIGHUP reads it again. */
export const SIMULATED_RECORD_PATH = `${FOLDER}/nodes.json`
/** The record as it has been brought about, written by the program. */
export const SIMULATED_APPLIED_PATH = '/run/simulated-nodes.json'

/** Of one node: where the API server is, and the certificate to show there. */
export function simulatedKubeconfigPath(node: string): string {
  return `${FOLDER}/${node}.conf`
}

/** The cluster's authority, whose certificates the kubelets' own APIs believe. */
export const SIMULATED_AUTHORITY_PATH = '/etc/kubernetes/pki/ca.crt'

/** What the container was told. */
export interface SimulatedRecord {
  /** Of which cluster, as the lab manager writes it; nothing to the program. */
  cluster: string
  /** Ranges of the nodes that shall run. */
  nodes: string[]
}

/** `undefined` for whatever is no record, as when it is being written. */
export function parseSimulatedRecord(text: string): SimulatedRecord | undefined {
  try {
    const value = JSON.parse(text) as Partial<Record<keyof SimulatedRecord, unknown>> | null
    const nodes = value?.nodes
    if (typeof value?.cluster !== 'string' || !Array.isArray(nodes)) return undefined
    return { cluster: value.cluster, nodes: nodes.filter((range) => typeof range === 'string') }
  } catch {
    // Half of a record is none.
    return undefined
  }
}

/** Of the kubelet's API; the first simulated node's is 20001. */
export function simulatedKubeletPort(number: number): number {
  return 20_000 + number
}
