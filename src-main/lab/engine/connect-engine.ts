/** From a candidate to an engine that answers and is new enough. */
import { existsSync, readFileSync } from 'node:fs'
import { Agent } from 'node:http'
import { homedir } from 'node:os'
import { join } from 'node:path'
import Docker from 'dockerode'
import { type Clock, systemClock } from '../../base/clock.ts'
import { computeApiVersion, computeEngineFault, type EngineVersion } from '../../common/engine-version.ts'
import { isLabError, LabError } from '../../common/lab-error.ts'
import { computeCandidates, type EngineCandidate, readDockerContext } from './discovery.ts'
import { DockerEngine } from './docker-engine.ts'
import type { Engine } from './engine.ts'
import { bounded, toEngineError, unsuitableEngine } from './engine-errors.ts'

/** Longest wait for an engine's first answer, in milliseconds. */
const VERSION_TIMEOUT_MS = 30_000

const INSTALL_REMEDY = 'Install Docker 26 or newer and start it, or point DOCKER_HOST at a running engine.'

export interface ConnectOptions {
  environment?: Record<string, string | undefined>
  clock?: Clock
}

function dockerOptions(candidate: EngineCandidate): Docker.DockerOptions {
  // Connections are not kept: one that a restarted engine has closed would fail the next call.
  // `host: undefined` keeps the client library from taking DOCKER_HOST from the environment instead.
  const none = { host: undefined, agent: new Agent({ keepAlive: false }) }
  const { endpoint } = candidate
  if (endpoint.startsWith('unix://')) return { ...none, socketPath: endpoint.slice('unix://'.length), protocol: 'http' }
  if (endpoint.startsWith('npipe://'))
    return { ...none, socketPath: endpoint.slice('npipe://'.length), protocol: 'http' }
  const url = endpoint.startsWith('tcp://') ? URL.parse(endpoint) : null
  if (url === null || url.hostname === '') {
    throw new LabError({
      kind: 'NoEngine',
      message: `the engine's address ${endpoint} has a form that Node Lab does not know`,
      remedy: 'Use unix://, npipe:// or tcp://; for ssh, forward the socket with `ssh -L` and point DOCKER_HOST at it.',
    })
  }
  const { certificates } = candidate
  const address = { host: url.hostname, port: url.port === '' ? '2375' : url.port }
  if (certificates === undefined || !existsSync(join(certificates, 'ca.pem'))) return { ...address, protocol: 'http' }
  const read = (name: string): string => readFileSync(join(certificates, name), 'utf8')
  return { ...address, protocol: 'https', ca: read('ca.pem'), cert: read('cert.pem'), key: read('key.pem') }
}

/** @throws NoEngine when it does not answer or is unsuitable */
export async function connectCandidate(candidate: EngineCandidate, clock: Clock): Promise<Engine> {
  const doing = 'ask the engine for its version'
  const options = dockerOptions(candidate)
  let version: EngineVersion
  try {
    version = await bounded(clock, VERSION_TIMEOUT_MS, doing, () => new Docker(options).version())
  } catch (error) {
    const failure = toEngineError(error, doing, candidate.endpoint)
    if (failure.kind === 'NoEngine') throw failure
    throw new LabError(
      { kind: 'NoEngine', message: `${candidate.endpoint}: ${failure.message}`, remedy: INSTALL_REMEDY },
      { cause: error },
    )
  }
  const fault = computeEngineFault(version)
  if (fault !== undefined) throw unsuitableEngine(candidate.endpoint, fault)
  return new DockerEngine({
    docker: new Docker({ ...options, version: `v${computeApiVersion(version)}` }),
    endpoint: candidate.endpoint,
    socketPath: candidate.socketPath,
    clock,
  })
}

/** All candidates of this machine and environment. */
export async function listCandidates(environment: Record<string, string | undefined>): Promise<EngineCandidate[]> {
  const home = environment['HOME'] ?? homedir()
  let context
  try {
    context = await readDockerContext(environment, home)
  } catch (error) {
    throw new LabError(
      {
        kind: 'NoEngine',
        message: `the Docker context in use cannot be read: ${error instanceof Error ? error.message : String(error)}`,
        remedy: 'Run `docker context use default`, or set DOCKER_HOST.',
      },
      { cause: error },
    )
  }
  return computeCandidates({ platform: process.platform, environment, home, uid: process.getuid?.(), context })
}

/**
 * The first usable engine. It starts nothing.
 * @throws NoEngine with the remedy; of several failures, that of an engine which answers is told
 */
export async function connectEngine(options: ConnectOptions = {}): Promise<Engine> {
  const clock = options.clock ?? systemClock()
  const failures: LabError[] = []
  for (const candidate of await listCandidates(options.environment ?? process.env)) {
    const path = candidate.endpoint.startsWith('unix://') ? candidate.endpoint.slice('unix://'.length) : undefined
    const ordered = candidate.source === 'DOCKER_HOST'
    if (!ordered && path !== undefined && !existsSync(path)) continue
    try {
      return await connectCandidate(candidate, clock)
    } catch (error) {
      if (!isLabError(error)) throw error
      failures.push(error)
    }
  }
  const telling = failures.find((failure) => failure.details?.['state'] === 'unsuitable') ?? failures[0]
  throw telling ?? new LabError({ kind: 'NoEngine', message: 'no Docker engine was found', remedy: INSTALL_REMEDY })
}
