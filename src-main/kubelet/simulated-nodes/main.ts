/**
 * The simulated nodes of a lab as a program: the only process of their container. Which nodes there are, the lab manager says
 * in a record; it is read at the start and at each SIGHUP.
 */
import { randomUUID } from 'node:crypto'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { systemClock } from '../../base/clock.ts'
import { collectWhenQuiet, garbageCollector, processCpuMs } from '../../base/collect-when-quiet.ts'
import { DisposableStore } from '../../base/disposable.ts'
import { klogLogger } from '../../base/logger.ts'
import type { Logger } from '../../base/logger.ts'
import { listSimulatedNodes, simulatedNodeNumber } from '../../common/lab/simulated-nodes.ts'
import {
  parseSimulatedRecord,
  SIMULATED_APPLIED_PATH,
  SIMULATED_RECORD_PATH,
  simulatedKubeconfigPath,
} from '../../common/simulated-layout.ts'
import { readOrEmpty } from '../node-facts.ts'
import { shareFolderWatch } from './shared-folder-watch.ts'
import { nodeFolder } from './simulated-kubelet-options.ts'
import { SimulatedNodes } from './simulated-nodes.ts'
import { startSimulatedNode } from './start-simulated-node.ts'

const clock = systemClock()
const boot = randomUUID()
const watchFolder = shareFolderWatch()
const owned = new DisposableStore()

function loggerFor(component: string): Logger {
  const write = (line: string): void => void process.stderr.write(line)
  return klogLogger({ clock, component, pid: process.pid, write })
}

/** What hundreds of kubelets do all the time would fill the log of their container. */
function nodeLogger(name: string): Logger {
  return { ...loggerFor(name), info: () => undefined }
}

const logger = loggerFor('simulated-nodes')
/** What was read last: brought about, or about to be. */
let record = ''
const nodes = owned.add(
  new SimulatedNodes({
    clock,
    logger,
    readNames() {
      record = readOrEmpty(SIMULATED_RECORD_PATH)
      const parsed = parseSimulatedRecord(record)
      return parsed === undefined ? undefined : listSimulatedNodes(parsed.nodes)
    },
    readAccess: (name) => readFileSync(simulatedKubeconfigPath(name), 'utf8'),
    start: (name) =>
      startSimulatedNode(name, simulatedNodeNumber(name) ?? 0, {
        clock,
        logger: nodeLogger(name),
        random: Math.random,
        boot,
        watchFolder,
      }),
    onRemoved: (name) => rmSync(nodeFolder(name), { recursive: true, force: true }),
  }),
)

function fail(error: unknown): void {
  logger.error('command failed', { err: error instanceof Error ? error : new Error(String(error)) })
  if (error instanceof Error) process.stderr.write(`${error.stack ?? ''}\n`)
  process.exit(1)
}

function sync(): void {
  nodes.sync().then(() => {
    logger.info('Simulated nodes run', { count: nodes.names.length })
    writeFileSync(SIMULATED_APPLIED_PATH, record)
  }, fail)
}

for (const signal of ['SIGTERM', 'SIGINT'] as const)
  process.once(signal, () => void owned.dispose().then(() => process.exit(0), fail))
process.on('uncaughtException', fail)
process.on('unhandledRejection', fail)
process.on('SIGHUP', sync)
// It may be of an earlier run of this container.
rmSync(SIMULATED_APPLIED_PATH, { force: true })
owned.add(collectWhenQuiet({ clock, cpuMs: processCpuMs, collect: garbageCollector() }))
sync()
