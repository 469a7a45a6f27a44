/** What the kubelet's configuration says of all containers. */
export interface ContainerSettings {
  /** Of CPU limits; `null`: they are not enforced (`cpuCFSQuota: false`). */
  cpuQuotaPeriodMs: number | null
  /** `podPidsLimit`; `null`: what the runtime allows. */
  pidsLimit: number | null
  /** A container without a seccomp profile gets `RuntimeDefault`. */
  seccompDefault: boolean
}
