/** kube-apiserver as a program: flags → etcd → server, until a signal. */
import { readFileSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import { delay, systemClock } from '../base/clock.ts'
import { collectWhenQuiet, garbageCollector, processCpuMs } from '../base/collect-when-quiet.ts'
import { DisposableStore } from '../base/disposable.ts'
import { klogLogger } from '../base/logger.ts'
import { KUBERNETES_VERSION } from '../common/kubernetes-version.ts'
import { FlagError } from '../base/flag-value.ts'
import { createSecurityParts } from './create-security-parts.ts'
import { parseGateways } from './kubelet-client/allowed-address.ts'
import { OptionsExit, readConfiguration, type ApiServerConfiguration } from './options/api-server-options.ts'
import { ALL_DEFINITIONS } from './registry/all-definitions.ts'
import type { ResourceDefinition } from './registry/resource-definition.ts'
import { awaitStore } from './server/await-store.ts'
import { bootstrapHooks } from './server/bootstrap/default-objects.ts'
import { newApiServer } from './server/new-api-server.ts'
import { EtcdStore } from './storage/etcd/etcd-store.ts'
import { startCompactor } from './storage/start-compactor.ts'

const USAGE = `The API server of a Node Lab cluster. It takes the flags of Kubernetes' kube-apiserver; docs/control-plane.md says
which of them have an effect.`
/** What is under way may end; then the process does. */
const SHUTDOWN_LIMIT_MS = 5000

const clock = systemClock()
const owned = new DisposableStore()
const logger = klogLogger({
  clock,
  component: 'kube-apiserver',
  pid: process.pid,
  write: (line) => void process.stderr.write(line),
})

async function main(): Promise<void> {
  const configuration = readConfiguration(
    process.argv.slice(2),
    (path) => readFileSync(path, 'utf8'),
    firstExternalAddress,
    parseGateways(readFileSync('/proc/net/route', 'utf8')),
  )
  const { advertiseAddress, listen, ignoredFlags } = configuration
  logger.info(`Version: ${KUBERNETES_VERSION}`)
  if (ignoredFlags.length > 0) logger.info('Flags without an effect here', { flags: ignoredFlags.join(',') })
  const store = owned.add(new EtcdStore({ ...configuration.etcd, clock }))
  await awaitStore(store, clock, logger)
  owned.add(startCompactor({ store, clock, logger }))
  owned.add(collectWhenQuiet({ clock, cpuMs: processCpuMs, collect: garbageCollector() }))
  const server = owned.add(
    await newApiServer({
      store,
      definitions: withEventTtl(ALL_DEFINITIONS, configuration.eventTtlSeconds),
      createParts: (registry) => {
        const parts = owned.add(createSecurityParts(configuration.security, registry, clock, logger))
        const service = {
          clusterIP: configuration.serviceAddress,
          address: advertiseAddress,
          port: listen.port,
        }
        return { ...parts, postStartHooks: [...parts.postStartHooks, ...bootstrapHooks(registry, service)] }
      },
      listen,
      advertisedAddress: `${advertiseAddress}:${listen.port}`,
      maxInflight: configuration.maxInflight,
      clock,
      logger,
      random: Math.random,
    }),
  )
  logger.info(`Serving securely on ${listen.host}:${server.port}`)
  endOnSignal(server, configuration)
}

/** `--event-ttl`: the only kind that ends by itself. */
function withEventTtl(definitions: readonly ResourceDefinition[], ttlSeconds: number): ResourceDefinition[] {
  return definitions.map((definition) =>
    definition.ttlSeconds === undefined ? definition : { ...definition, ttlSeconds },
  )
}

/** Upstream's order: not ready any more, the delay, no new connections, the end. */
function endOnSignal(server: { beginShutdown(): void }, { shutdownDelayMs }: ApiServerConfiguration): void {
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.once(signal, () => {
      logger.info('Received signal, shutting down gracefully', { signal })
      void shutDown(server, shutdownDelayMs).then(() => process.exit(0), fail)
    })
}

async function shutDown(server: { beginShutdown(): void }, delayMs: number): Promise<void> {
  await delay(clock, delayMs)
  server.beginShutdown()
  await Promise.race([owned.dispose(), delay(clock, SHUTDOWN_LIMIT_MS)])
}

/** Without `--advertise-address`: the first address that others can reach. */
function firstExternalAddress(): string {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? [])
  const found = addresses.find(({ family, internal }) => family === 'IPv4' && !internal)
  if (found === undefined) throw new Error('unable to find suitable network address')
  return found.address
}

/** What ends the server is said in its log; the kubelet starts it again. */
function fail(error: unknown): never {
  if (error instanceof OptionsExit) {
    process.stdout.write(error.message === 'version' ? `Kubernetes ${KUBERNETES_VERSION}\n` : `${USAGE}\n`)
    process.exit(0)
  }
  if (error instanceof FlagError) process.stderr.write(`Error: ${error.message}\n`)
  else logger.error('command failed', { err: error })
  process.exit(1)
}

process.on('uncaughtException', fail)
process.on('unhandledRejection', fail)
main().catch(fail)
