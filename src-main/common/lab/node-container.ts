/** A container of a pod as the engine sees it, whether or not a kubelet runs: what is left when nobody can be asked. */
export interface NodeContainer {
  namespace: string
  pod: string
  container: string
  /** The engine's id: another instance has another one. */
  id: string
  isRunning: boolean
}
