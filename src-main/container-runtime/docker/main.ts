/**
 * The runtime service: the program of the container beside each node that holds the engine's socket and speaks CRI on
 * the node's `/run/containerd/containerd.sock`. Told what it serves by RUNTIME_ENVIRONMENT; `--engine-socket`,
 * `--node-root` and `--cri-socket` are for running it outside a container.
 */
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { systemClock } from '../../base/clock.ts'
import { collectWhenQuiet, garbageCollector, processCpuMs } from '../../base/collect-when-quiet.ts'
import { klogLogger } from '../../base/logger.ts'
import { RUNTIME_ENGINE_SOCKET, RUNTIME_NODE_ROOT } from '../../common/node-layout.ts'
import { serveCri } from '../grpc/server.ts'
import { StreamServer } from '../streaming/stream-server.ts'
import { startDockerRuntime } from './docker-runtime.ts'
import { readServiceOptions } from './service-options.ts'

const CRI_SOCKET = 'run/containerd/containerd.sock'
/** Beside the CRI socket. */
const STREAM_SOCKET_NAME = 'stream.sock'

const clock = systemClock()
const logger = klogLogger({
  clock,
  component: 'runtime-service',
  pid: process.pid,
  write: (line) => void process.stderr.write(line),
})

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      'engine-socket': { type: 'string', default: RUNTIME_ENGINE_SOCKET },
      'node-root': { type: 'string', default: RUNTIME_NODE_ROOT },
      'cri-socket': { type: 'string' },
    },
  })
  const nodeRoot = values['node-root']
  const service = readServiceOptions(process.env)
  const socketPath = values['cri-socket'] ?? join(nodeRoot, CRI_SOCKET)
  const streamPath = join(dirname(socketPath), STREAM_SOCKET_NAME)
  const urlSocketPath =
    values['cri-socket'] === undefined ? join('/', dirname(CRI_SOCKET), STREAM_SOCKET_NAME) : streamPath
  const streamServer = new StreamServer({ clock, logger, urlSocketPath })
  await streamServer.listen(streamPath)
  const engineSocket = values['engine-socket']
  // The engine starts this container again, with the socket that it has by then.
  const onDeadSocket = (): void => fail(new Error(`no engine listens on ${engineSocket} any more`))
  const docker = await startDockerRuntime({
    ...{ service, engineSocket, nodeRoot, streamServer, clock, logger, onDeadSocket },
  })
  const server = await serveCri({ socketPath, runtime: docker.runtime, images: docker.images, logger })
  const collector = collectWhenQuiet({ clock, cpuMs: processCpuMs, collect: garbageCollector() })
  logger.info('serving CRI', { socketPath, node: service.node })

  const shutDown = async (): Promise<void> => {
    await collector.dispose()
    await server.dispose()
    await streamServer.dispose()
    await docker.dispose()
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.once(signal, () => {
      shutDown().then(
        () => process.exit(0),
        (error: unknown) => fail(error),
      )
    })
}

/** Nothing is lost when it ends: the container is restarted, and all state is in the engine. */
function fail(error: unknown): void {
  logger.error('the runtime service ends', { error: error instanceof Error ? error : new Error(String(error)) })
  process.exit(1)
}

process.on('uncaughtException', fail)
process.on('unhandledRejection', fail)
main().catch(fail)
