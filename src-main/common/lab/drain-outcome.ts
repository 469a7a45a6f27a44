/** What came of draining a node (`kubectl drain`). Pods are named `namespace/name`. */

export interface BlockedPod {
  pod: string
  /** The API server's words: which disruption budget, and what it needs; or why else. */
  message: string
}

export interface DrainOutcome {
  /** The API server let them go; they end with their own grace. */
  evicted: string[]
  /** Disruption budgets, or something else, did not let them go for as long as it was tried. */
  blocked: BlockedPod[]
  /** They stay: their controller, which no cordon stops, would make them again. */
  daemonSetPods: string[]
  /** Mirrors, which are nothing that could be moved: their static pods run on. */
  mirrorPods: string[]
}
