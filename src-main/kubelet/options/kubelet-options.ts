/** What a kubelet was told at its start: flags over configuration file over defaults (facts 1.1), fully resolved. */
import type { ImagePullLimits } from '../images/pull-queue.ts'
import type { FeatureGates } from './feature-gates.ts'
import type { KubeletConfiguration } from './kubelet-configuration.ts'

export interface Taint {
  key: string
  value: string
  effect: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute'
}

export interface KubeletOptions {
  /** The process's arguments as given, without the program. */
  arguments: string[]
  /** `--hostname-override`, else the host's name in lower case. */
  nodeName: string
  /** `--config`, if any. */
  configPath: string | undefined
  kubeconfigPath: string | undefined
  bootstrapKubeconfigPath: string | undefined
  nodeIP: string | undefined
  nodeLabels: Record<string, string>
  registerWithTaints: Taint[]
  rootDirectory: string
  podLogsDirectory: string
  /** Where a serving certificate is made when none is configured: `--cert-dir`. */
  certDirectory: string
  /** A directory or one file; `null`: no static pods are read. */
  staticPodPath: string | null
  staticPodPathSource: 'flag' | 'config' | 'none'
  fileCheckFrequencyMs: number
  /** Address of further static pods; `null`: none. */
  staticPodURL: string | null
  staticPodURLHeader: Record<string, string[]>
  httpCheckFrequencyMs: number
  syncFrequencyMs: number
  /** `unix:///run/containerd/containerd.sock` unless told otherwise. */
  containerRuntimeEndpoint: string
  clusterDNS: string[]
  clusterDomain: string
  /** File whose nameservers and searches pods get; empty: none. */
  resolvConfPath: string
  /** Processes of a container; `null`: what the runtime allows. */
  podPidsLimit: number | null
  /** `null`: CPU limits are not enforced. */
  cpuQuotaPeriodMs: number | null
  seccompDefault: boolean
  /** Rotation of container logs. */
  containerLogMaxBytes: number
  containerLogMaxFiles: number
  containerLogMonitorIntervalMs: number
  /** First and longest wait between restarts of a crashing container: 10 s and 5 minutes unless `crashLoopBackOff` says less. */
  initialContainerRestartPeriodMs: number
  maxContainerRestartPeriodMs: number
  imagePulls: ImagePullLimits
  featureGates: FeatureGates
  /** All of the configuration, flags applied and defaults filled in: what `/configz` shows. */
  configuration: KubeletConfiguration
  /** Lines for the log at start: deprecated flags, fields that were not understood. */
  warnings: OptionsWarning[]
}

export interface OptionsWarning {
  /** `stderr`: a bare line, as pflag writes it; `log`: a klog line. */
  channel: 'stderr' | 'log'
  message: string
  fields: Record<string, unknown>
}

/**
 * The process has to end instead of running: `--version`, `--help` (exit code 0), or options that cannot be used
 * (1). `message` is what the kubelet says; a failure is logged as `"command failed" err=MESSAGE`.
 */
export class KubeletExit extends Error {
  readonly exitCode: number

  constructor(exitCode: number, message: string) {
    super(message)
    this.name = 'KubeletExit'
    this.exitCode = exitCode
  }
}
