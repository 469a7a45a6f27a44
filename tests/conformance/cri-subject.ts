/** A container runtime as the conformance cases see it: the services, and what a test has to know to drive them. */
import type { Disposable } from '../../src-main/base/disposable.ts'
import type {
  ContainerEventResponse,
  ImageService,
  PodSandboxConfig,
  RuntimeService,
} from '../../src-main/container-runtime/cri.ts'
import type { Workload } from './workloads.ts'

/** Simulated on a fake clock; the Docker runtime service over gRPC; Debian's containerd over gRPC. */
export const RUNTIME_NAMES = ['simulated', 'docker', 'containerd'] as const
export type RuntimeName = (typeof RUNTIME_NAMES)[number]

/** Where a runtime's node has files, and where this machine sees them. */
export interface NodeFiles {
  /** A folder on the node that pods may mount. */
  folder: string
  onMachine(nodePath: string): string
}

export interface CriSubject extends Disposable {
  readonly name: RuntimeName
  readonly runtime: RuntimeService
  readonly images: ImageService
  /** References of images: one that every container of the cases is made from, and one that nothing uses. */
  readonly image: string
  readonly spareImage: string
  /** Everything that the runtime has told since the subject was made. */
  readonly events: readonly ContainerEventResponse[]
  /** Ends the stream behind `events`. Resolves when it has ended. */
  endEvents(): Promise<void>
  /** Absent when the runtime has no files. */
  readonly files?: NodeFiles
  /** Nanoseconds since the epoch on the runtime's clock, rounded down to milliseconds. */
  nowNs(): bigint
  /** Makes the runtime ready for what a container is about to run. */
  prepare(workload: Workload): void
  /** What this runtime needs in the configuration of every pod. */
  complete(config: PodSandboxConfig): PodSandboxConfig
  /** Calls until it answers something other than `undefined`. @throws Error after a generous time */
  eventually<T>(what: string, observe: () => Promise<T | undefined>): Promise<T>
}
