/** From a kubeconfig to the parts that a kubelet has with an API server. Loaded only by a kubelet that has `--kubeconfig`. */
import { readFileSync } from 'node:fs'
import type { Clock } from '../../base/clock.ts'
import type { Disposable } from '../../base/disposable.ts'
import type { Logger } from '../../base/logger.ts'
import type { ImageService, RuntimeService } from '../../container-runtime/cri.ts'
import { KubeconfigError, readKubeconfig, type ClusterAccess } from '../../kube/kubeconfig.ts'
import { RestClient } from '../../kube/rest-client.ts'
import { NodeParticularsReader } from '../node-status/node-particulars.ts'
import { readNodeSystem, type NodeSystem } from '../node-status/node-system-info.ts'
import { parseGoDuration } from '../../common/api/duration.ts'
import { KubeletExit, type KubeletOptions } from '../options/kubelet-options.ts'
import { ApiReferences } from '../references/api-references.ts'
import type { ReferenceStore } from '../references/pod-references.ts'
import type { NodeFacts } from '../runtime/runtime-context.ts'
import type { Reviewers } from '../server/access-control.ts'
import type { Timeline } from '../timeline/timeline.ts'
import type { ConnectCluster } from './cluster-link.ts'
import { Cluster } from './cluster.ts'
import { apiReviewers } from './api-reviewers.ts'

export interface ClusterConnection extends Disposable {
  connect: ConnectCluster
  references: ReferenceStore
  reviewers: Reviewers
}

export interface ConnectOptions {
  options: KubeletOptions
  kubeconfigPath: string
  version: string
  boot: string
  node: NodeFacts
  clock: Clock
  logger: Logger
  runtime: RuntimeService
  images: ImageService
  timeline: Timeline
  random: () => number
  /** What the node says of its system; of this machine when absent. */
  system?: NodeSystem
}

/** Nothing is sent before the kubelet starts. @throws KubeletExit when the kubeconfig cannot be used */
export function connectCluster(made: ConnectOptions): ClusterConnection {
  const { options, clock, logger, node, timeline, random, version } = made
  const access = requireAccess(made.kubeconfigPath)
  const client = new RestClient({ access, userAgent: `kubelet/${version} (linux)`, clock })
  const { configuration } = options
  const particulars = new NodeParticularsReader({
    clock,
    runtime: made.runtime,
    images: made.images,
    node,
    system: made.system ?? readNodeSystem(made.boot),
    kubeletVersion: version,
    port: configuration.port ?? 0,
    maxImages: Number(configuration['nodeStatusMaxImages'] ?? 50),
  })
  const settings = {
    registerNode: configuration['registerNode'] !== false,
    nodeStatusUpdateMs: duration(configuration['nodeStatusUpdateFrequency'], 10_000),
    nodeStatusReportMs: duration(configuration['nodeStatusReportFrequency'], 300_000),
    nodeLeaseDurationSeconds: Number(configuration['nodeLeaseDurationSeconds'] ?? 40),
  }
  const identity = { nodeName: node.nodeName, labels: node.labels, taints: options.registerWithTaints }
  return {
    connect: (host) =>
      new Cluster(
        { client, clock, logger, random, timeline, identity, settings, particulars: () => particulars.read() },
        host,
      ),
    references: new ApiReferences({ client, clock }),
    reviewers: apiReviewers(client),
    dispose: () => client.dispose(),
  }
}

function requireAccess(path: string): ClusterAccess {
  try {
    return readKubeconfig(path, (file) => readFileSync(file, 'utf8'))
  } catch (error) {
    if (error instanceof KubeconfigError) throw new KubeletExit(1, `failed to run Kubelet: ${error.message}`)
    throw error
  }
}

function duration(value: unknown, fallbackMs: number): number {
  return (typeof value === 'string' ? parseGoDuration(value) : undefined) || fallbackMs
}
