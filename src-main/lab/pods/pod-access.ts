/** Single containers of pods: their logs, commands in them, and their end; shells on nodes. */
import { finished } from 'node:stream/promises'
import { DisposableStore, toDisposable } from '../../base/disposable.ts'
import { isLabError, LabError } from '../../common/lab-error.ts'
import { LAB_LABEL, NODE_LABEL, ROLE_LABEL } from '../../common/engine-labels.ts'
import type { Pod } from '../../common/api/core.ts'
import { CONTAINER_NAME_LABEL, POD_NAME_LABEL, POD_NAMESPACE_LABEL } from '../../common/api/kubelet-labels.ts'
import { findContainer } from '../../common/api/pod-helpers.ts'
import type { ContainerTarget, NodeTarget } from '../../common/ipc/calls.ts'
import { nodeContainerName } from '../../common/node-layout.ts'
import type { Engine, EngineContainer, EngineExec } from '../engine/engine.ts'
import { requireNode, type LabContext } from '../lab-context.ts'
import type { ExecOptions, LogOptions } from '../lab-manager.ts'
import { kubeletAway } from '../status/read-lab-status.ts'
import { watchClient } from './client-watch.ts'
import { findRunningNode, requireRunningNode } from './running-nodes.ts'

export class PodAccess {
  readonly #context: LabContext

  constructor(context: LabContext) {
    this.#context = context
  }

  /** @throws NotFound, BadRequest (no such container, no previous one), Conflict when the kubelet cannot be asked */
  async *logs(target: ContainerTarget, options: LogOptions = {}): AsyncGenerator<string> {
    await requireNode(this.#context, target)
    const engine = await this.#context.engines.connect()
    const channel = await findRunningNode(this.#context, engine, target)
    try {
      const container = target.container ?? firstContainer((await channel.view()).pods, target)
      yield* channel.logs({ namespace: target.namespace, pod: target.pod, container }, options)
    } catch (error) {
      throw isLabError(error) && error.kind === 'Unavailable' ? kubeletAway(target, error) : error
    }
  }

  /** Resolves with the command's exit code. @throws NotFound, Conflict when the container does not run, Cancelled at the signal: it was hung up */
  async exec(target: ContainerTarget, options: ExecOptions): Promise<number> {
    await requireNode(this.#context, target)
    const engine = await this.#context.engines.connect()
    return this.#attach(engine, (await this.#findRunning(engine, target)).id, options)
  }

  /** Resolves with the command's exit code. @throws NotFound, Conflict when the node does not run, Cancelled at the signal: it was hung up */
  async shell(target: NodeTarget, options: ExecOptions): Promise<number> {
    await requireNode(this.#context, target)
    const engine = await this.#context.engines.connect()
    await requireRunningNode(engine, target)
    return this.#attach(engine, nodeContainerName(target.lab, target.node), options)
  }

  async crash(target: ContainerTarget): Promise<{ container: string }> {
    await requireNode(this.#context, target)
    const engine = await this.#context.engines.connect()
    const container = await this.#findRunning(engine, target)
    await engine.killContainer(container.id, 'SIGKILL')
    return { container: container.labels[CONTAINER_NAME_LABEL] ?? '' }
  }

  /** The watch comes first: whenever this process ends from then on, the command is hung up. */
  async #attach(engine: Engine, container: string, options: ExecOptions): Promise<number> {
    const { clock, logger } = this.#context
    const watch = await watchClient({ engine, clock, logger, container, tty: options.tty })
    let hasEnded = false
    try {
      const exitCode = await attach(engine, container, options, watch.environment)
      hasEnded = true
      return exitCode
    } finally {
      await (hasEnded ? watch.release() : watch.hangUp())
    }
  }

  /** The engine is asked, not the kubelet: this works while the kubelet is down. */
  async #findRunning(engine: Engine, target: ContainerTarget): Promise<EngineContainer> {
    const containers = await engine.listContainers({
      [LAB_LABEL]: target.lab,
      [NODE_LABEL]: target.node,
      [ROLE_LABEL]: 'container',
      [POD_NAMESPACE_LABEL]: target.namespace,
      [POD_NAME_LABEL]: target.pod,
    })
    const names = [...new Set(containers.map(nameOf))]
    const wanted = target.container ?? (await this.#defaultContainer(engine, target, names))
    const running = containers.find((container) => nameOf(container) === wanted && container.state === 'running')
    if (running !== undefined) return running
    if (names.includes(wanted)) {
      throw new LabError({
        kind: 'Conflict',
        message: `the container ${wanted} of ${target.pod} does not run now`,
        remedy: 'Look with "node-lab pods" what the kubelet is waiting for.',
      })
    }
    throw new LabError({
      kind: 'NotFound',
      message:
        names.length === 0
          ? `${target.pod} has no container on ${target.node}`
          : `${target.pod} has no container "${wanted}"; it has ${names.join(', ')}`,
    })
  }

  /** The pod's first container, by the kubelet's word; where there is only one, nobody needs to be asked. */
  async #defaultContainer(engine: Engine, target: ContainerTarget, names: readonly string[]): Promise<string> {
    const [only] = names
    if (names.length <= 1) return only ?? ''
    try {
      const view = await (await findRunningNode(this.#context, engine, target)).view()
      return firstContainer(view.pods, target)
    } catch (error) {
      if (!isLabError(error) || error.kind === 'NotFound' || error.kind === 'NoEngine') throw error
      throw new LabError(
        {
          kind: 'BadRequest',
          message: `${target.pod} has several containers, and its kubelet cannot be asked for the first one`,
          remedy: `Name one: ${names.join(', ')}.`,
        },
        { cause: error },
      )
    }
  }
}

function nameOf({ labels }: EngineContainer): string {
  return labels[CONTAINER_NAME_LABEL] ?? ''
}

function firstContainer(pods: readonly Pod[], { namespace, pod: name, node }: ContainerTarget): string {
  const pod = pods.find(({ metadata }) => metadata.name === name && metadata.namespace === namespace)
  const container = pod === undefined ? undefined : findContainer(pod)
  if (container !== undefined) return container.name
  throw new LabError({ kind: 'NotFound', message: `there is no pod ${namespace}/${name} on ${node}` })
}

/** Joins an exec to the caller's streams until it ends. @throws Cancelled at the signal */
async function attach(
  engine: Engine,
  container: string,
  options: ExecOptions,
  environment: Record<string, string>,
): Promise<number> {
  const exec = await engine.exec(container, {
    command: options.command,
    tty: options.tty,
    stdin: options.stdin !== undefined,
    environment: { ...environment, ...(options.tty && { TERM: process.env['TERM'] ?? 'xterm-256color' }) },
  })
  const owned = new DisposableStore()
  // Whatever the command has written comes before its exit code.
  const drained = Promise.allSettled([finished(exec.stdout), finished(exec.stderr)])
  try {
    join(exec, options, owned)
    const cancelled = new Promise<never>((_resolve, reject) => {
      const cancel = (): void => {
        exec.close()
        reject(new LabError({ kind: 'Cancelled', message: 'the connection to the command was closed' }))
      }
      if (options.signal?.aborted) cancel()
      options.signal?.addEventListener('abort', cancel, { once: true })
      owned.add(toDisposable(() => options.signal?.removeEventListener('abort', cancel)))
    })
    const exitCode = await Promise.race([exec.exit, cancelled])
    await Promise.race([drained, cancelled])
    return exitCode
  } finally {
    await owned.dispose()
  }
}

function join(exec: EngineExec, options: ExecOptions, owned: DisposableStore): void {
  exec.stdout.pipe(options.stdout, { end: false })
  exec.stderr.pipe(options.stderr, { end: false })
  const { stdin } = options
  if (stdin !== undefined) {
    stdin.pipe(exec.stdin)
    // A command that ends without reading all of its input closes the connection; the exit code tells the rest.
    exec.stdin.on('error', () => stdin.unpipe(exec.stdin))
    owned.add(toDisposable(() => void stdin.unpipe(exec.stdin)))
  }
  const resizing = options.onResize?.(inOrder((columns, rows) => exec.resize(columns, rows)))
  if (resizing !== undefined) owned.add(resizing)
}

/** Sets one size after the other, since two requests at once may come in any order; of those that wait, the newest alone. */
function inOrder(resize: (columns: number, rows: number) => Promise<void>): (columns: number, rows: number) => void {
  let wanted: [columns: number, rows: number] | undefined
  let isSetting = false
  const set = async (): Promise<void> => {
    isSetting = true
    while (wanted !== undefined) {
      const [columns, rows] = wanted
      wanted = undefined
      // The command may have ended in this moment; a size that was not set is nothing to stop for.
      await resize(columns, rows).catch(() => undefined)
    }
    isSetting = false
  }
  return (columns, rows) => {
    wanted = [columns, rows]
    if (!isSetting) void set()
  }
}
