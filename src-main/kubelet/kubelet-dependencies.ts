/** Everything that a kubelet is made from; a test makes it from other parts. */
import type { Clock } from '../base/clock.ts'
import type { Logger } from '../base/logger.ts'
import type { KubeletInfo } from '../common/lab/lab-status.ts'
import type { StaticPodAllowances } from '../common/manifest/read-static-pod.ts'
import type { ImageService, RuntimeService } from '../container-runtime/cri.ts'
import type { ConnectCluster } from './cluster/cluster-link.ts'
import type { FetchManifest } from './config/fetch-manifest.ts'
import type { WatchFolder } from './config/folder-watch.ts'
import type { ImagePullLimits } from './images/pull-queue.ts'
import type { ContainerSettings } from './runtime/container-settings.ts'
import type { KubeletObserver } from './metrics/kubelet-observer.ts'
import type { RunProbe } from './prober/run-probe.ts'
import type { ReferenceStore } from './references/pod-references.ts'
import type { NodeFacts } from './runtime/runtime-context.ts'
import type { Timeline } from './timeline/timeline.ts'
import type { NodePaths } from './volumes/node-paths.ts'

export interface KubeletSettings {
  /** A folder or one file; `null`: no static pods are read. */
  staticPodPath: string | null
  fileCheckFrequencyMs: number
  /** Address of further static pods; `null`: none. */
  staticPodURL: string | null
  staticPodURLHeader: Readonly<Record<string, readonly string[]>>
  httpCheckFrequencyMs: number
  allowances: StaticPodAllowances
  syncFrequencyMs: number
  /** First and longest wait between restarts of a crashing container. */
  initialContainerRestartPeriodMs: number
  maxContainerRestartPeriodMs: number
  imagePulls: ImagePullLimits
  /** The gate `KubeletEnsureSecretPulledImages` (facts 2.10.2). */
  namesImageAccess: boolean
  containers: ContainerSettings
  /** Of a container's log, before it is rotated. */
  containerLogMaxBytes: number
  /** Of one container, the file that is written to included. */
  containerLogMaxFiles: number
  containerLogMonitorIntervalMs: number
  /** Whether limits of disk space are looked after. */
  localStorageCapacityIsolation: boolean
}

export interface KubeletDependencies {
  clock: Clock
  logger: Logger
  runtime: RuntimeService
  images: ImageService
  timeline: Timeline
  node: NodeFacts
  paths: NodePaths
  settings: KubeletSettings
  /** What the kubelet says of itself; the runtime's health is added. */
  info: Omit<KubeletInfo, 'runtimeReady' | 'runtimeMessage'>
  /** 0 to 1, for jitter. */
  random: () => number
  watchFolder?: WatchFolder
  fetchManifest?: FetchManifest
  /** Where there is nothing to be asked over a network. */
  runProbe?: RunProbe
  observer?: KubeletObserver
  /** With `--kubeconfig`. */
  connectCluster?: ConnectCluster
  references?: ReferenceStore
}
