/**
 * Where engines may be found, in the order in which they are asked: `DOCKER_HOST`, the Docker context in use, the usual
 * sockets, our own (design §9). Two settings are told apart: how this program reaches the engine (*endpoint*), and where
 * the engine's socket lies on the engine's own machine (*socket path*), which is what runtime services mount.
 */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ownEndpoint } from './own-engine-paths.ts'
import { readTextIfThere } from '../store/read-if-there.ts'

export interface EngineCandidate {
  /** As `DOCKER_HOST` would spell it. */
  endpoint: string
  source: 'DOCKER_HOST' | 'context' | 'socket' | 'own'
  socketPath: string
  /** Folder with `ca.pem`, `cert.pem` and `key.pem`. */
  certificates?: string
}

/** The Docker context in use. */
export interface DockerContext {
  name: string
  host: string
  certificates?: string
}

export interface DiscoveryInput {
  platform: NodeJS.Platform
  environment: Record<string, string | undefined>
  home: string
  uid: number | undefined
  context: DockerContext | undefined
}

const DEFAULT_ENGINE_SOCKET = '/var/run/docker.sock'
/** Sockets on this machine whose engine runs in a virtual machine, where its socket has the usual place. */
const VIRTUAL_MACHINE_SOCKETS = /\/\.docker\/(run|desktop)\/|\/\.?colima\/|\/\.rd\/|\/\.orbstack\/|\/\.lima\//

/** Where the engine's socket lies for the engine itself. `NODE_LAB_ENGINE_SOCKET` knows better. */
export function computeEngineSocketPath(
  endpoint: string,
  platform: NodeJS.Platform,
  environment: Record<string, string | undefined>,
): string {
  const override = environment['NODE_LAB_ENGINE_SOCKET']
  if (override !== undefined && override !== '') return override
  if (platform !== 'linux' || !endpoint.startsWith('unix://')) return DEFAULT_ENGINE_SOCKET
  const path = endpoint.slice('unix://'.length)
  return VIRTUAL_MACHINE_SOCKETS.test(path) ? DEFAULT_ENGINE_SOCKET : path
}

/** Sockets in their usual places. */
export function computeUsualEndpoints(
  input: Pick<DiscoveryInput, 'platform' | 'environment' | 'home' | 'uid'>,
): string[] {
  const { home } = input
  if (input.platform === 'win32') return ['npipe:////./pipe/docker_engine', 'npipe:////./pipe/dockerDesktopLinuxEngine']
  const runtimeFolder =
    input.environment['XDG_RUNTIME_DIR'] ?? (input.uid === undefined ? undefined : `/run/user/${input.uid}`)
  const system = '/var/run/docker.sock'
  const rootless = runtimeFolder === undefined ? [] : [`${runtimeFolder}/docker.sock`]
  const desktop = [`${home}/.docker/run/docker.sock`, `${home}/.docker/desktop/docker.sock`]
  const others = [
    `${home}/.colima/default/docker.sock`,
    `${home}/.config/colima/default/docker.sock`,
    `${home}/.rd/docker.sock`,
    `${home}/.orbstack/run/docker.sock`,
  ]
  const paths =
    input.platform === 'linux' ? [system, ...rootless, ...desktop, ...others] : [...desktop, system, ...others]
  return paths.map((path) => `unix://${path}`)
}

/** A `DOCKER_HOST` is the user's order: when it is set, nothing else is asked. */
export function computeCandidates(input: DiscoveryInput): EngineCandidate[] {
  const candidate = (endpoint: string, source: EngineCandidate['source'], certificates?: string): EngineCandidate => {
    const socketPath = computeEngineSocketPath(endpoint, input.platform, input.environment)
    return certificates === undefined
      ? { endpoint, source, socketPath }
      : { endpoint, source, socketPath, certificates }
  }
  const ordered = input.environment['DOCKER_HOST']
  if (ordered !== undefined && ordered !== '') {
    const verified = (input.environment['DOCKER_TLS_VERIFY'] ?? '') !== ''
    const certificates = verified ? (input.environment['DOCKER_CERT_PATH'] ?? join(input.home, '.docker')) : undefined
    return [candidate(ordered, 'DOCKER_HOST', certificates)]
  }
  const candidates: EngineCandidate[] = []
  if (input.context !== undefined) candidates.push(candidate(input.context.host, 'context', input.context.certificates))
  for (const endpoint of computeUsualEndpoints(input)) candidates.push(candidate(endpoint, 'socket'))
  if (input.platform === 'linux') candidates.push(candidate(ownEndpoint(), 'own'))
  const seen = new Set<string>()
  return candidates.filter(({ endpoint }) => !seen.has(endpoint) && seen.add(endpoint))
}

/**
 * The context that the `docker` command would use, from its configuration folder; `undefined` for the default one.
 * @throws Error when the configuration names a context that is not there or cannot be read
 */
export async function readDockerContext(
  environment: Record<string, string | undefined>,
  home: string,
): Promise<DockerContext | undefined> {
  const folder = environment['DOCKER_CONFIG'] ?? join(home, '.docker')
  const name = environment['DOCKER_CONTEXT'] ?? (await readCurrentContext(join(folder, 'config.json')))
  if (name === undefined || name === '' || name === 'default') return undefined
  const id = createHash('sha256').update(name).digest('hex')
  const meta: unknown = JSON.parse(await readFile(join(folder, 'contexts/meta', id, 'meta.json'), 'utf8'))
  const host = readPath(meta, ['Endpoints', 'docker', 'Host'])
  if (typeof host !== 'string' || host === '') return undefined
  if (!host.startsWith('tcp://')) return { name, host }
  return { name, host, certificates: join(folder, 'contexts/tls', id, 'docker') }
}

async function readCurrentContext(path: string): Promise<string | undefined> {
  const text = await readTextIfThere(path)
  if (text === undefined) return undefined
  const name = readPath(JSON.parse(text), ['currentContext'])
  return typeof name === 'string' ? name : undefined
}

function readPath(value: unknown, path: string[]): unknown {
  let current = value
  for (const key of path) {
    if (typeof current !== 'object' || current === null) return undefined
    current = (current as Record<string, unknown>)[key]
  }
  return current
}
