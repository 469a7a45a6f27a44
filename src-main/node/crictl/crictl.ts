/** The commands of `crictl` over a CRI client: what a person on a node uses to look below the kubelet. */
import type { Clock } from '../../base/clock.ts'
import { toDisposable } from '../../base/disposable.ts'
import {
  CriError,
  type ContainerRuntimeState,
  type CriContainer,
  type CriImage,
  type ImageService,
  type PodSandbox,
  type RuntimeService,
} from '../../container-runtime/cri.ts'
import { readLog } from '../../kubelet/private-channel/read-log.ts'
import { type CrictlCommand, parseCrictlArguments, USAGE, UsageError } from './crictl-arguments.ts'
import { forwardPorts, parsePortPair, type PortForwardContext } from './crictl-port-forward.ts'
import { describePodStats, formatContainerStats, measureContainers } from './crictl-stats.ts'
import { joinContainer, type StreamContext } from './crictl-streams.ts'
import { formatAge, formatJson, formatSize, formatTable } from './crictl-format.ts'

export interface CrictlContext
  extends Pick<StreamContext, 'terminal' | 'runRemoteCommand'>, Pick<PortForwardContext, 'forwardPort'> {
  connect(endpoint: string): { runtime: RuntimeService; images: ImageService }
  clock: Clock
  stdout(text: string | Uint8Array): void
  stderr(text: string | Uint8Array): void
  signal: AbortSignal
}

interface Invocation extends CrictlContext {
  command: CrictlCommand
  runtime: RuntimeService
  images: ImageService
}

/** Runs one command line; resolves with the exit code. */
export async function runCrictl(argv: readonly string[], context: CrictlContext): Promise<number> {
  try {
    const command = parseCrictlArguments(argv)
    if (command === undefined) {
      context.stdout(`${USAGE}\n`)
      return 0
    }
    return await dispatch({ ...context, ...context.connect(command.runtimeEndpoint), command })
  } catch (error) {
    const message =
      error instanceof CriError ? error.rpcMessage : error instanceof Error ? error.message : String(error)
    context.stderr(`${error instanceof UsageError ? 'Incorrect Usage: ' : 'E crictl: '}${message}\n`)
    return 1
  }
}

async function dispatch(invocation: Invocation): Promise<number> {
  const { command, runtime, stdout } = invocation
  switch (command.verb) {
    case 'version':
      stdout(await describeVersion(runtime))
      return 0
    case 'info':
      stdout(formatJson({ status: await runtime.status() }))
      return 0
    case 'ps':
      stdout(await listContainers(invocation))
      return 0
    case 'pods':
      stdout(await listPods(invocation))
      return 0
    case 'images':
      stdout(await listImages(invocation))
      return 0
    case 'inspect':
      stdout(formatJson({ status: await runtime.containerStatus(await findContainer(invocation)) }))
      return 0
    case 'inspectp':
      stdout(formatJson({ status: await runtime.podSandboxStatus(await findSandbox(invocation)) }))
      return 0
    case 'logs':
      await printLog(invocation)
      return 0
    case 'exec':
      if (!command.tty && !command.interactive) return execute(invocation)
      return joinContainer(invocation, runtime, command, await findContainer(invocation))
    case 'attach':
      return joinContainer(invocation, runtime, command, await findContainer(invocation))
    case 'port-forward': {
      const pairs = command.operands.slice(1).map(parsePortPair)
      await forwardPorts(invocation, runtime, await findSandbox(invocation), pairs)
      return 0
    }
    case 'stats':
      stdout(await describeStats(invocation))
      return 0
    case 'statsp': {
      const id = command.operands.length === 0 ? undefined : await findSandbox(invocation)
      stdout(await describePodStats(invocation, shortId, id))
      return 0
    }
    case 'stop':
    case 'rm':
      await endContainers(invocation)
      return 0
  }
}

async function describeVersion(runtime: RuntimeService): Promise<string> {
  const version = await runtime.version()
  return [
    `Version:  ${version.version}`,
    `RuntimeName:  ${version.runtimeName}`,
    `RuntimeVersion:  ${version.runtimeVersion}`,
    `RuntimeApiVersion:  ${version.runtimeApiVersion}\n`,
  ].join('\n')
}

const STATES: Record<ContainerRuntimeState, string> = {
  CONTAINER_CREATED: 'Created',
  CONTAINER_RUNNING: 'Running',
  CONTAINER_EXITED: 'Exited',
  CONTAINER_UNKNOWN: 'Unknown',
}

async function listContainers({ command, runtime, clock }: Invocation): Promise<string> {
  const all = await runtime.listContainers()
  const containers = all
    .filter((container) =>
      command.state === undefined
        ? command.all || container.state === 'CONTAINER_RUNNING'
        : STATES[container.state].toLowerCase() === command.state,
    )
    .filter((container) => command.name === undefined || container.metadata.name.includes(command.name))
    .filter((container) => command.pod === undefined || container.podSandboxId.startsWith(command.pod))
    .filter((container) => command.namespace === undefined || namespaceOf(container) === command.namespace)
    .sort(newestFirst)
  if (command.quiet) return idLines(containers)
  if (command.json) return formatJson({ containers })
  const shorten = command.noTrunc ? (id: string): string => id : shortId
  return formatTable(
    ['CONTAINER', 'IMAGE', 'CREATED', 'STATE', 'NAME', 'ATTEMPT', 'POD ID', 'POD', 'NAMESPACE'],
    containers.map((container) => [
      shorten(container.id),
      imageName(container.image.userSpecifiedImage || container.image.image),
      ageOf(container.createdAt, clock),
      STATES[container.state],
      container.metadata.name,
      String(container.metadata.attempt),
      shorten(container.podSandboxId),
      container.labels['io.kubernetes.pod.name'] ?? '',
      namespaceOf(container),
    ]),
  )
}

async function listPods({ command, runtime, clock }: Invocation): Promise<string> {
  const sandboxes = (await runtime.listPodSandbox())
    .filter((sandbox) => command.state === undefined || sandboxState(sandbox).toLowerCase() === command.state)
    .filter((sandbox) => command.name === undefined || sandbox.metadata.name.includes(command.name))
    .filter((sandbox) => command.namespace === undefined || sandbox.metadata.namespace === command.namespace)
    .sort(newestFirst)
  if (command.quiet) return idLines(sandboxes)
  if (command.json) return formatJson({ items: sandboxes })
  return formatTable(
    ['POD ID', 'CREATED', 'STATE', 'NAME', 'NAMESPACE', 'ATTEMPT', 'RUNTIME'],
    sandboxes.map((sandbox) => [
      command.noTrunc ? sandbox.id : shortId(sandbox.id),
      ageOf(sandbox.createdAt, clock),
      sandboxState(sandbox),
      sandbox.metadata.name,
      sandbox.metadata.namespace,
      String(sandbox.metadata.attempt),
      '(default)',
    ]),
  )
}

async function listImages({ command, images }: Invocation): Promise<string> {
  const list = await images.listImages()
  if (command.quiet) return idLines(list)
  if (command.json) return formatJson({ images: list })
  return formatTable(['IMAGE', 'TAG', 'IMAGE ID', 'SIZE'], list.flatMap(imageRows).sort())
}

/** One row for each name of an image. */
function imageRows(image: CriImage): string[][] {
  const names = image.repoTags.length > 0 ? image.repoTags : ['<none>:<none>']
  return names.map((name) => {
    const colon = name.lastIndexOf(':')
    return [name.slice(0, colon), name.slice(colon + 1), shortId(image.id), formatSize(Number(image.size))]
  })
}

async function findContainer(invocation: Invocation, id = invocation.command.operands[0] ?? ''): Promise<string> {
  return findByPrefix('container', id, await invocation.runtime.listContainers())
}

async function findSandbox({ command, runtime }: Invocation): Promise<string> {
  return findByPrefix('pod sandbox', command.operands[0] ?? '', await runtime.listPodSandbox())
}

function findByPrefix(what: string, prefix: string, items: { id: string }[]): string {
  const found = items.filter((item) => item.id.startsWith(prefix))
  if (found.length > 1)
    throw new Error(`${found.length} ${what}s have an ID that begins with ${JSON.stringify(prefix)}`)
  if (found[0] === undefined) throw new CriError('NotFound', `could not find ${what} ${JSON.stringify(prefix)}`)
  return found[0].id
}

async function printLog(invocation: Invocation): Promise<void> {
  const { command, runtime, clock, signal, stdout } = invocation
  const id = await findContainer(invocation)
  const { logPath } = await runtime.containerStatus(id)
  // A container that has been removed meanwhile is no longer listed.
  const isRunning = async (): Promise<boolean> =>
    (await runtime.listContainers({ id })).some((container) => container.state === 'CONTAINER_RUNNING')
  const text = readLog(
    { path: logPath, isRunning },
    { follow: command.follow, timestamps: command.timestamps, tailLines: command.tail, sinceTime: undefined },
    // Nobody tells of changes here; the follower looks by itself.
    { clock, signal, onDidChange: () => toDisposable(() => undefined) },
  )
  for await (const piece of text) stdout(piece)
}

async function execute(invocation: Invocation): Promise<number> {
  const { command, runtime, stdout, stderr } = invocation
  const result = await runtime.execSync(
    await findContainer(invocation),
    command.operands.slice(1),
    command.timeoutSeconds,
  )
  stdout(result.stdout)
  stderr(result.stderr)
  return result.exitCode
}

async function describeStats(invocation: Invocation): Promise<string> {
  const { command } = invocation
  const measured = await measureContainers(
    invocation,
    command.operands.length === 0 ? undefined : await findContainer(invocation),
  )
  if (command.json) return formatJson({ stats: measured.map(({ stats }) => stats) })
  return formatContainerStats(measured, command.noTrunc ? (id) => id : shortId)
}

async function endContainers(invocation: Invocation): Promise<void> {
  const { command, runtime, stdout } = invocation
  for (const prefix of command.operands) {
    const id = await findContainer(invocation, prefix)
    if (command.verb === 'stop') await runtime.stopContainer(id, command.timeoutSeconds)
    else {
      const { state } = await runtime.containerStatus(id)
      if (state === 'CONTAINER_RUNNING' && !command.force)
        throw new Error(`container ${JSON.stringify(prefix)} is running, please stop it first`)
      await runtime.removeContainer(id)
    }
    stdout(`${prefix}\n`)
  }
}

function newestFirst(left: { createdAt: bigint }, right: { createdAt: bigint }): number {
  return Number(right.createdAt - left.createdAt)
}

function namespaceOf(container: CriContainer): string {
  return container.labels['io.kubernetes.pod.namespace'] ?? ''
}

function sandboxState(sandbox: PodSandbox): string {
  return sandbox.state === 'SANDBOX_READY' ? 'Ready' : 'NotReady'
}

function ageOf(createdAt: bigint, clock: Clock): string {
  return formatAge(Number(createdAt / 1_000_000n), clock.now())
}

/** Ids are shortened, names are not. */
function imageName(image: string): string {
  return /^(sha256:)?[0-9a-f]{64}$/.test(image) ? shortId(image) : image
}

function shortId(id: string): string {
  return id.replace(/^sha256:/, '').slice(0, 13)
}

function idLines(items: { id: string }[]): string {
  return items.map((item) => `${item.id}\n`).join('')
}
