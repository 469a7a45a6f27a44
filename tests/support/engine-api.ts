/**
 * The engine as a test sees it behind the product's back: its HTTP API, spoken directly. No client program is needed, and
 * none of the product's clients could hide what it does.
 */
import { request, type RequestOptions } from 'node:http'
import { computeApiVersion, type EngineVersion } from '../../src-main/common/engine-version.ts'

/** By endpoint, such as `/v1.45`: what the product speaks there, too. */
const versionPrefixes = new Map<string, Promise<string>>()

function versionPrefix(): Promise<string> {
  const endpoint = process.env['DOCKER_HOST'] ?? ''
  const known = versionPrefixes.get(endpoint)
  if (known !== undefined) return known
  const asked = call('GET', '/version', undefined).then(
    ({ text }) => `/v${computeApiVersion(JSON.parse(text) as EngineVersion)}`,
  )
  versionPrefixes.set(endpoint, asked)
  asked.catch(() => versionPrefixes.delete(endpoint))
  return asked
}

/** Where the engine listens: `DOCKER_HOST`, which `npm test` sets, or the usual socket. */
function engineAddress(): RequestOptions {
  const endpoint = process.env['DOCKER_HOST'] ?? 'unix:///var/run/docker.sock'
  if (endpoint.startsWith('unix://')) return { socketPath: endpoint.slice('unix://'.length) }
  if (endpoint.startsWith('npipe://')) return { socketPath: endpoint.slice('npipe://'.length) }
  const { hostname, port } = new URL(endpoint)
  return { host: hostname, port }
}

/** One call; the answer is the JSON of the body, or its text. Every status from 400 on throws with the engine's words. */
export async function engineApi<T = unknown>(
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  body?: unknown,
): Promise<T> {
  const { status, text, isJson } = await call(method, `${await versionPrefix()}${path}`, body)
  if (status >= 400) throw new Error(`${method} ${path}: ${status} ${text.trim()}`)
  return (isJson ? JSON.parse(text) : text) as T
}

function call(method: string, path: string, body: unknown): Promise<{ status: number; text: string; isJson: boolean }> {
  const content = body === undefined ? '' : JSON.stringify(body)
  const headers = { Host: 'engine', 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(content) }
  return new Promise((resolve, reject) => {
    const outgoing = request({ ...engineAddress(), agent: false, method, path, headers }, (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('error', reject)
      answer.on('end', () =>
        resolve({
          status: answer.statusCode ?? 0,
          text: Buffer.concat(chunks).toString(),
          isJson: answer.headers['content-type']?.startsWith('application/json') === true,
        }),
      )
    })
    outgoing.on('error', reject)
    outgoing.end(content)
  })
}

/** What tests read of `GET /containers/{id}/json`. */
export interface ContainerInspection {
  Id: string
  Name: string
  Image: string
  State: { Running: boolean; StartedAt: string; Pid: number }
  Config: { Labels: Record<string, string>; Image: string }
  HostConfig: {
    RestartPolicy: { Name: string }
    Privileged: boolean
    IpcMode: string
    CapAdd: string[] | null
    SecurityOpt: string[] | null
    Devices: unknown[] | null
  }
  Mounts: { Type: string; Source: string; Destination: string }[]
  NetworkSettings: {
    Ports: Record<string, { HostIp: string; HostPort: string }[] | null>
    Networks: Record<string, { IPAddress: string }>
  }
}

export function inspectContainer(nameOrId: string): Promise<ContainerInspection> {
  return engineApi('GET', `/containers/${nameOrId}/json`)
}

/** Ids of the containers, running or not, that pass all filters, such as `label=a=b` or `status=running`. */
export async function listContainers(...filters: string[]): Promise<string[]> {
  const found = await engineApi<{ Id: string }[]>('GET', `/containers/json?all=1&filters=${encodeFilters(filters)}`)
  return found.map(({ Id: id }) => id)
}

function encodeFilters(filters: readonly string[]): string {
  const byName: Record<string, string[]> = {}
  for (const filter of filters) {
    const [name = '', ...value] = filter.split('=')
    byName[name] = [...(byName[name] ?? []), value.join('=')]
  }
  return encodeURIComponent(JSON.stringify(byName))
}

/** How many objects of a kind bear the label. */
export async function countObjects(kind: 'network' | 'volume' | 'container', label: string): Promise<number> {
  const query = `filters=${encodeFilters([`label=${label}`])}`
  switch (kind) {
    case 'network':
      return (await engineApi<unknown[]>('GET', `/networks?${query}`)).length
    case 'volume':
      return ((await engineApi<{ Volumes: unknown[] | null }>('GET', `/volumes?${query}`)).Volumes ?? []).length
    case 'container':
      return (await engineApi<unknown[]>('GET', `/containers/json?all=1&${query}`)).length
  }
}

/** Names of all containers, volumes and networks, and tags of all images. */
export async function listEverything(): Promise<string[]> {
  const [containers, { Volumes: volumes }, networks, images] = await Promise.all([
    engineApi<{ Names: string[] }[]>('GET', '/containers/json?all=1'),
    engineApi<{ Volumes: { Name: string }[] | null }>('GET', '/volumes'),
    engineApi<{ Name: string }[]>('GET', '/networks'),
    engineApi<{ RepoTags: string[] | null }[]>('GET', '/images/json'),
  ])
  return [
    ...containers.flatMap(({ Names: names }) => names.map((name) => name.replace(/^\//, ''))),
    ...[...(volumes ?? []), ...networks].map(({ Name: name }) => name),
    ...images.flatMap(({ RepoTags: tags }) => tags ?? []),
  ]
}

export async function killContainer(nameOrId: string): Promise<void> {
  await engineApi('POST', `/containers/${nameOrId}/kill?signal=KILL`)
}

export async function removeContainer(nameOrId: string): Promise<void> {
  await engineApi('DELETE', `/containers/${nameOrId}?force=1&v=1`)
}

/** Runs a command in a running container; an exit code other than 0 throws with what it said. */
export async function execIn(container: string, ...command: string[]): Promise<string> {
  const settings = { Cmd: command, AttachStdout: true, AttachStderr: true, Tty: true }
  const { Id: id } = await engineApi<{ Id: string }>('POST', `/containers/${container}/exec`, settings)
  const output = await engineApi<string>('POST', `/exec/${id}/start`, { Detach: false, Tty: true })
  const { ExitCode: exitCode } = await engineApi<{ ExitCode: number }>('GET', `/exec/${id}/json`)
  if (exitCode !== 0) throw new Error(`${command.join(' ')} in ${container}: exit code ${exitCode}: ${output}`)
  return output
}

/**
 * SIGKILL to a container's first process, not through the engine, which would take that for the user's wish that it stays
 * dead. The signal is sent by a container that sees all processes of the engine's machine: that may be another machine than
 * this one, on which the pid is somebody else's.
 */
export async function killMainProcess(container: string): Promise<void> {
  const { Image: image, State: state } = await inspectContainer(container)
  const helper = await engineApi<{ Id: string }>('POST', '/containers/create', {
    Image: image,
    Entrypoint: ['/bin/sh', '-c', `kill -9 ${state.Pid}`],
    Cmd: [],
    HostConfig: { PidMode: 'host', NetworkMode: 'none' },
  })
  try {
    await engineApi('POST', `/containers/${helper.Id}/start`)
    const { StatusCode: code } = await engineApi<{ StatusCode: number }>('POST', `/containers/${helper.Id}/wait`)
    if (code !== 0) throw new Error(`process ${state.Pid} of ${container} could not be killed: exit code ${code}`)
  } finally {
    await removeContainer(helper.Id)
  }
}
