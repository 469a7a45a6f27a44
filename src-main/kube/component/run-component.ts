/** A control-plane component as a process: flags → client → leader → work, until a signal or the loss of its lease. */
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { systemClock, type Clock } from '../../base/clock.ts'
import { DisposableStore, type Disposable } from '../../base/disposable.ts'
import { klogLogger, type Logger } from '../../base/logger.ts'
import { processFamilies } from '../../base/process-metrics.ts'
import type { MetricFamily } from '../../base/metric.ts'
import { KUBERNETES_VERSION } from '../../common/kubernetes-version.ts'
import type { ApiClient } from '../api-client.ts'
import { EventRecorder } from '../event-recorder.ts'
import { readKubeconfig } from '../kubeconfig.ts'
import { RestClient } from '../rest-client.ts'
import { FlagError } from '../../base/flag-value.ts'
import { parseComponentFlags, type ComponentFlags, type FlagSpecs } from './component-flags.ts'
import { serveHealth } from './health-server.ts'
import { LeaderElection } from './leader-election.ts'

export interface ComponentContext {
  client: ApiClient
  clock: Clock
  logger: Logger
  events: EventRecorder
  /** 0 to 1. */
  random: () => number
  flags: ComponentFlags
}

/** What works while this instance is the leader. */
export interface ComponentWork extends Disposable {
  start(): void
  /** Whether it knows what there is. */
  readonly hasSynced: boolean
  metrics?(): Iterable<MetricFamily>
}

export interface Component {
  /** Such as `kube-scheduler`: its lease, its log, its user agent. */
  name: string
  /** `source.component` of its events, such as `default-scheduler`. */
  eventSource: string
  /** Beside those that all components have. */
  flags: FlagSpecs
  defaultPort: number
  create(context: ComponentContext): ComponentWork
}

const COMMON_FLAGS: FlagSpecs = {
  kubeconfig: { type: 'string' },
  'bind-address': { type: 'string' },
  'secure-port': { type: 'int' },
  'leader-elect': { type: 'bool' },
  v: { type: 'int', isIgnored: true },
  'authentication-kubeconfig': { type: 'string', isIgnored: true },
  'authorization-kubeconfig': { type: 'string', isIgnored: true },
  'client-ca-file': { type: 'string', isIgnored: true },
  'requestheader-client-ca-file': { type: 'string', isIgnored: true },
  profiling: { type: 'bool', isIgnored: true },
  'feature-gates': { type: 'string', isIgnored: true },
}

/** Runs the component of this process; does not return before it has started. */
export async function runComponent(component: Component): Promise<void> {
  const clock = systemClock()
  const write = (line: string): void => {
    process.stderr.write(line)
  }
  const logger = klogLogger({ clock, component: component.name, pid: process.pid, write })
  const owned = new DisposableStore()
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.once(signal, () => void owned.dispose().finally(() => process.exit(0)))
  try {
    await startComponent(component, { clock, logger, owned })
  } catch (error) {
    if (error instanceof FlagError) write(`Error: ${error.message}\n`)
    else logger.error('command failed', { err: error })
    process.exit(1)
  }
}

async function startComponent(
  component: Component,
  { clock, logger, owned }: { clock: Clock; logger: Logger; owned: DisposableStore },
): Promise<void> {
  const { name } = component
  const flags = parseComponentFlags(process.argv.slice(2), { ...COMMON_FLAGS, ...component.flags })
  logger.info(`Starting ${name}`, { version: KUBERNETES_VERSION })
  if (flags.ignored.length > 0) logger.info('Flags without an effect here', { flags: flags.ignored.join(',') })
  const access = readKubeconfig(flags.values.get('kubeconfig') ?? '', (path) => readFileSync(path, 'utf8'))
  const client = owned.add(new RestClient({ access, userAgent: `${name}/${KUBERNETES_VERSION} (linux)`, clock }))
  const events = owned.add(new EventRecorder({ client, clock, logger, source: { component: component.eventSource } }))
  const work = owned.add(component.create({ client, clock, logger, events, random: Math.random, flags }))
  const elects = flags.values.get('leader-elect') !== 'false'
  const election = owned.add(
    new LeaderElection({
      client,
      clock,
      logger,
      random: Math.random,
      name,
      identity: `${hostname()}_${randomUUID()}`,
      onStartedLeading: () => work.start(),
      onStoppedLeading: () => {
        logger.error('leaderelection lost')
        process.exit(1)
      },
    }),
  )
  owned.add(
    await serveHealth({
      component: name,
      address: flags.values.get('bind-address') ?? '0.0.0.0',
      port: Number(flags.values.get('secure-port') ?? component.defaultPort),
      now: clock.now(),
      liveness: () => undefined,
      // One that waits for its turn is as ready as it can be.
      readiness: () => (election.isLeader && !work.hasSynced ? 'informer-sync failed: reason withheld' : undefined),
      metrics: () => [...processFamilies(clock.now()), ...(work.metrics?.() ?? [])],
    }),
  )
  if (elects) election.start()
  else work.start()
}
