/** What a lab should be: the content of `labs/<lab>/lab.yaml` (design §4). It carries no policy and no secrets. */

export type NodeRole = 'worker' | 'control-plane'

export interface NodeSpec {
  /** RFC 1123 label; also the Kubernetes node name and the host name. */
  name: string
  role: NodeRole
  /** Fixed IPv4 address from the lower half of the lab's subnet. */
  address: string
  /** Port on 127.0.0.1 that leads to the node's 6443; chosen at creation because ports cannot be added later. */
  apiServerPort: number
  /** Whose addition it is, for whoever has to tell it later from another node of the same name; absent where nobody has to. */
  addedBy?: string
}

export interface LabSpec {
  apiVersion: 'node-lab/v1'
  kind: 'Lab'
  name: string
  /** IPv4 CIDR, such as `172.30.7.0/24`; its upper half is for pods. */
  subnet: string
  /** `false` puts pods on an internal network (design §8). */
  outsideNetwork: boolean
  nodes: NodeSpec[]
  /**
   * Ranges such as `sim001-sim200`; they need a control plane. Empty: there are none any more, but the API server may not know
   * that yet.
   */
  simulatedNodes?: string[]
  /** `false`: pods of DaemonSets get their nodes from their controller, as up to Kubernetes 1.11; absent: from the scheduler (facts 6.3). */
  scheduleDaemonSetPods?: boolean
}
