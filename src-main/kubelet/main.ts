/** The kubelet as a program on a node: flags and configuration → dependencies → run, until a signal. */
import { KUBERNETES_VERSION } from '../common/kubernetes-version.ts'
import { mkdirSync, readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { dirname } from 'node:path'
import { systemClock } from '../base/clock.ts'
import { collectWhenQuiet, garbageCollector, processCpuMs } from '../base/collect-when-quiet.ts'
import { DisposableStore } from '../base/disposable.ts'
import { stderrOutput } from '../base/log-output.ts'
import { klogLogger } from '../base/logger.ts'
import { BOOT_ID_PATH, KUBELET_SOCKET_PATH } from '../common/node-channel.ts'
import { NODE_TIMELINE_FILE } from '../common/node-layout.ts'
import { createCriClient } from '../container-runtime/grpc/client.ts'
import type { ClusterConnection, ConnectOptions } from './cluster/connect-cluster.ts'
import { kubeletChannelSource } from './kubelet-channel.ts'
import { Kubelet } from './kubelet.ts'
import { readNodeFacts, readOrEmpty } from './node-facts.ts'
import { kubeletSettings } from './kubelet-settings.ts'
import { instrumentImages, instrumentRuntime } from './metrics/instrument-service.ts'
import { KubeletMetrics } from './metrics/kubelet-metrics.ts'
import { watchPodStarts } from './metrics/watch-pod-starts.ts'
import { KubeletExit } from './options/kubelet-options.ts'
import type { KubeletOptions } from './options/kubelet-options.ts'
import { listFiles } from './options/list-files.ts'
import { loadKubeletOptions } from './options/load-options.ts'
import { requireRuntime, runtimeSocketPath } from './runtime-endpoint.ts'
import { serveNodeChannel } from './private-channel/channel-server.ts'
import { createAccessControl } from './server/access-control.ts'
import { computeServerSettings } from './server/server-settings.ts'
import { startServers } from './server/start-servers.ts'
import { timelineFile } from './timeline/timeline-file.ts'
import { Timeline } from './timeline/timeline.ts'

const clock = systemClock()
const write = stderrOutput((count) => `kubelet: ${count} lines could not be written to the log\n`)
const logger = klogLogger({ clock, component: 'kubelet', pid: process.pid, write })

function loadOptions(): KubeletOptions {
  const options = loadKubeletOptions(process.argv.slice(2), {
    readFile: (path) => readFileSync(path, 'utf8'),
    listFiles,
    hostname,
  })
  for (const { channel, message, fields } of options.warnings)
    if (channel === 'stderr') write(`${message}\n`)
    else logger.warn(message, fields)
  return options
}

/** The node's boot; a machine without our init has its own. */
function readBootId(): string {
  return readOrEmpty(BOOT_ID_PATH).trim() || readOrEmpty('/proc/sys/kernel/random/boot_id').trim()
}

async function main(): Promise<void> {
  const options = loadOptions()
  const owned = new DisposableStore()
  const boot = readBootId()
  const node = readNodeFacts(options)
  logger.info('Kubelet version', { kubeletVersion: KUBERNETES_VERSION })
  const settings = computeServerSettings(options.configuration)
  await requireRuntime(options.containerRuntimeEndpoint, clock)
  const cri = owned.add(createCriClient({ socketPath: runtimeSocketPath(options.containerRuntimeEndpoint), clock }))
  const metrics = new KubeletMetrics()
  const onOperation = metrics.onRuntimeOperation.bind(metrics)
  const runtime = instrumentRuntime(cri.runtime, { clock, onOperation })
  const images = instrumentImages(cri.images, { clock, onOperation })
  const timeline = new Timeline({
    clock,
    boot,
    node: options.nodeName,
    store: timelineFile({
      path: NODE_TIMELINE_FILE,
      onProblem: (message, error) => logger.error(message, { path: NODE_TIMELINE_FILE, err: error }),
    }),
  })
  const cluster = await joinCluster({
    options,
    version: KUBERNETES_VERSION,
    boot,
    node,
    clock,
    logger,
    runtime,
    images,
    timeline,
  })
  if (cluster !== undefined) owned.add(cluster)
  const access = createAccessControl(settings.access, cluster?.reviewers, logger)
  owned.add(collectWhenQuiet({ clock, cpuMs: processCpuMs, collect: garbageCollector() }))
  const kubelet = owned.add(
    new Kubelet({
      clock,
      logger,
      runtime,
      images,
      timeline,
      node,
      paths: { root: options.rootDirectory, podLogs: options.podLogsDirectory, containerLogs: '/var/log/containers' },
      settings: kubeletSettings(options),
      info: {
        nodeName: options.nodeName,
        version: KUBERNETES_VERSION,
        boot,
        startedAt: new Date(clock.now()).toISOString(),
        pid: process.pid,
        arguments: ['kubelet', ...options.arguments],
        ...(options.configPath === undefined ? {} : { configPath: options.configPath }),
        staticPodPath: options.staticPodPath,
        staticPodPathSource: options.staticPodPathSource,
        ...(options.staticPodURL === null ? {} : { staticPodURL: options.staticPodURL }),
      },
      random: Math.random,
      observer: metrics,
      ...(cluster === undefined ? {} : { connectCluster: cluster.connect, references: cluster.references }),
    }),
  )
  endOnSignal(owned)
  owned.add(watchPodStarts(kubelet, timeline, clock, (durationMs) => metrics.onPodStarted(durationMs)))
  const { configuration, certDirectory, rootDirectory } = options
  const context = {
    clock,
    logger,
    host: kubelet,
    runtime,
    images,
    metrics,
    configuration,
    rootDirectory,
    systemLogs: '/var/log',
  }
  owned.add(await startServers({ settings, access, certDirectory, context }))
  // Its own ports come first: one that a pod opens on the node would end this kubelet, and each after it.
  kubelet.start()
  mkdirSync(dirname(KUBELET_SOCKET_PATH), { recursive: true })
  owned.add(
    await serveNodeChannel({
      source: kubeletChannelSource(kubelet, timeline),
      socketPath: KUBELET_SOCKET_PATH,
      clock,
      logger,
    }),
  )
}

/** Without a kubeconfig none of what it takes is even loaded. */
async function joinCluster(
  made: Omit<ConnectOptions, 'kubeconfigPath' | 'random'>,
): Promise<ClusterConnection | undefined> {
  const { kubeconfigPath } = made.options
  if (kubeconfigPath === undefined || kubeconfigPath === '') return undefined
  const { connectCluster } = await import('./cluster/connect-cluster.ts')
  return connectCluster({ ...made, kubeconfigPath, random: Math.random })
}

/** Containers go on running (facts 2.12.4). */
function endOnSignal(owned: DisposableStore): void {
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.once(signal, () => {
      owned.dispose().then(() => process.exit(0), fail)
    })
}

/** What ends the kubelet is said in its log; the node's init starts it again. */
function fail(error: unknown): void {
  if (error instanceof KubeletExit && error.exitCode === 0) {
    process.stdout.write(`${error.message}\n`)
    process.exit(0)
  }
  logger.error('command failed', { err: error instanceof Error ? error : new Error(String(error)) })
  if (!(error instanceof KubeletExit) && error instanceof Error) write(`${error.stack ?? ''}\n`)
  process.exit(error instanceof KubeletExit ? error.exitCode : 1)
}

process.on('uncaughtException', fail)
process.on('unhandledRejection', fail)
main().catch(fail)
