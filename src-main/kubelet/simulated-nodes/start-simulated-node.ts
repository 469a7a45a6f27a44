/** One simulated node: a kubelet as any other, with a runtime in which nothing runs. */
import { createHash } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { release } from 'node:os'
import type { Clock } from '../../base/clock.ts'
import { DisposableStore, type Disposable } from '../../base/disposable.ts'
import type { Logger } from '../../base/logger.ts'
import { KUBERNETES_VERSION } from '../../common/kubernetes-version.ts'
import { connectCluster } from '../cluster/connect-cluster.ts'
import type { WatchFolder } from '../config/folder-watch.ts'
import { kubeletSettings } from '../kubelet-settings.ts'
import { Kubelet } from '../kubelet.ts'
import { computeAllocatable } from '../lifecycle/node-allocatable.ts'
import { KubeletMetrics } from '../metrics/kubelet-metrics.ts'
import { readNodeFacts } from '../node-facts.ts'
import type { NodeSystem } from '../node-status/node-system-info.ts'
import { readNodeReservations } from '../options/node-reservations.ts'
import type { KubeletOptions } from '../options/kubelet-options.ts'
import { runProbe, type RunProbe } from '../prober/run-probe.ts'
import type { NodeFacts } from '../runtime/runtime-context.ts'
import { createAccessControl } from '../server/access-control.ts'
import { computeServerSettings } from '../server/server-settings.ts'
import { startServers } from '../server/start-servers.ts'
import { Timeline } from '../timeline/timeline.ts'
import { makeNodeRuntime } from './node-runtime.ts'
import { computeKubeletOptions, nodeLogFolder } from './simulated-kubelet-options.ts'

/** What each says that it has; there is nothing behind it. */
const CAPACITY = { cpu: 4, memoryBytes: 8 * 2 ** 30, ephemeralStorageBytes: 50 * 2 ** 30 }
/** Nobody reads a simulated node's timeline; the repetitions that it finds are all that is needed of it. */
const MAX_ENTRIES = 10
const OS_IMAGE = 'Simulated by Node Lab'

export interface SimulatedNodeOptions {
  clock: Clock
  logger: Logger
  random: () => number
  /** Of this run of the program. */
  boot: string
  watchFolder: WatchFolder
}

/** Resolves when its kubelet runs. @throws KubeletExit when it cannot, as with a kubeconfig that cannot be read */
export async function startSimulatedNode(
  name: string,
  number: number,
  { clock, logger, random, boot, watchFolder }: SimulatedNodeOptions,
): Promise<Disposable> {
  const owned = new DisposableStore()
  const options = computeKubeletOptions(name, number)
  const { configuration, kubeconfigPath = '', rootDirectory, certDirectory, podLogsDirectory } = options
  const paths = { root: rootDirectory, podLogs: podLogsDirectory, containerLogs: `${nodeLogFolder(name)}/containers` }
  for (const folder of Object.values(paths)) mkdirSync(folder, { recursive: true })
  const node = simulatedNodeFacts(options)
  const runtime = makeNodeRuntime({ clock, random, nodeName: name, number })
  const { images } = runtime
  const timeline = new Timeline({
    clock,
    boot,
    node: name,
    store: { load: () => [], lastSequence: 0, append: () => undefined },
    maxEntries: MAX_ENTRIES,
  })
  const shared = { clock, logger, runtime, images, timeline, node, random }
  try {
    const version = KUBERNETES_VERSION
    const cluster = owned.add(
      connectCluster({ ...shared, options, kubeconfigPath, version, boot, system: simulatedSystem(name, boot) }),
    )
    const kubelet = owned.add(
      new Kubelet({
        ...shared,
        paths,
        watchFolder,
        runProbe: runSimulatedProbe,
        settings: kubeletSettings(options),
        info: {
          nodeName: name,
          version,
          boot,
          startedAt: new Date(clock.now()).toISOString(),
          pid: process.pid,
          arguments: ['kubelet', ...options.arguments],
          staticPodPath: options.staticPodPath,
          staticPodPathSource: options.staticPodPathSource,
        },
        connectCluster: cluster.connect,
        references: cluster.references,
      }),
    )
    const settings = computeServerSettings(configuration)
    const access = createAccessControl(settings.access, cluster.reviewers, logger)
    const metrics = new KubeletMetrics()
    const context = { clock, logger, host: kubelet, runtime, images, metrics, configuration, rootDirectory }
    const servers = { settings, access, certDirectory, context: { ...context, systemLogs: nodeLogFolder(name) } }
    owned.add(await startServers(servers))
    kubelet.start()
    return owned
  } catch (error) {
    await owned.dispose()
    throw error
  }
}

function simulatedNodeFacts(options: KubeletOptions): NodeFacts {
  const allocatable = computeAllocatable(CAPACITY, readNodeReservations(options.configuration))
  return { ...readNodeFacts(options), capacity: CAPACITY, allocatable }
}

/** The kernel is the machine's, which is true of real nodes here as well. */
function simulatedSystem(name: string, bootID: string): NodeSystem {
  const machineID = createHash('sha256').update(name).digest('hex').slice(0, 32)
  return { machineID, systemUUID: machineID, bootID, kernelVersion: release(), osImage: OS_IMAGE }
}

/** Commands are the runtime's to answer; behind a port there is nobody, who is taken to be well. */
const runSimulatedProbe: RunProbe = (target, probe) =>
  probe.exec === undefined ? Promise.resolve({ kind: 'success' }) : runProbe(target, probe)
