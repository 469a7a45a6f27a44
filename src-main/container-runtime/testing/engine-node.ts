/**
 * A node for tests on the real engine: network, volume, a container that plays the node, and the runtime service as a
 * process of this machine. Fails, never skips, where there is no engine.
 */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DisposableStore, toDisposable } from '../../base/disposable.ts'
import type { Disposable } from '../../base/disposable.ts'
import { LAB_LABEL, NODE_LABEL, ROLE_LABEL } from '../../common/engine-labels.ts'
import { nodeContainerName, nodeVolumeName, RUNTIME_ENVIRONMENT } from '../../common/node-layout.ts'
import { EngineClient, isEngineStatus } from '../docker/engine-client.ts'
import type { ServiceOptions } from '../docker/service-options.ts'
import { createCriClient } from '../grpc/client.ts'
import type { CriClient } from '../grpc/client.ts'
import { engineSocket, findProductImage } from './engine-images.ts'

const SERVICE_SOURCE = fileURLToPath(new URL('../docker/main.ts', import.meta.url))

export class EngineNode implements Disposable {
  readonly engine = new EngineClient(engineSocket())
  readonly service: ServiceOptions
  /** Where this machine sees the node's volume. */
  nodeRoot = ''
  cri!: CriClient
  /** Everything that the service has said. */
  serviceLog = ''
  readonly #store = new DisposableStore()
  #process: ChildProcess | undefined
  #socketPath = ''

  readonly #command: readonly string[]

  private constructor(lab: string, images: { busybox: string; pause: string }, command: readonly string[]) {
    const node = 'node01'
    this.#command = command
    this.service = {
      lab,
      node,
      nodeContainer: nodeContainerName(lab, node),
      volume: nodeVolumeName(lab, node),
      network: lab,
      pauseImage: images.pause,
      catalogue: {
        enabled: true,
        images: [
          {
            ...{ reference: images.busybox, title: 'busybox', repositories: ['busybox'], tagPattern: '.*' },
            listedNames: ['docker.io/library/busybox:latest'],
          },
        ],
      },
    }
  }

  /** @param options.command runs the service in place of its sources; it is given the service's arguments */
  static async start(options: { command?: readonly string[] } = {}): Promise<EngineNode> {
    const images = { busybox: findProductImage('busybox'), pause: findProductImage('pause') }
    const command = options.command ?? [process.execPath, SERVICE_SOURCE]
    const node = new EngineNode(`rt-${randomBytes(3).toString('hex')}`, images, command)
    try {
      await node.#make()
      await node.startService()
      return node
    } catch (error) {
      await node.dispose()
      throw error
    }
  }

  async #make(): Promise<void> {
    const { lab, network, nodeContainer, volume } = this.service
    const labels = { [LAB_LABEL]: lab, [NODE_LABEL]: 'node01' }
    await this.engine.json('/networks/create', { method: 'POST', body: { Name: network, Labels: labels } })
    this.#store.add(toDisposable(() => this.#request('DELETE', `/networks/${network}`)))
    const { Mountpoint } = await this.engine.json<{ Mountpoint: string }>('/volumes/create', {
      method: 'POST',
      body: { Name: volume, Labels: labels },
    })
    this.#store.add(toDisposable(() => this.#request('DELETE', `/volumes/${volume}?force=1`)))
    this.nodeRoot = Mountpoint
    await stat(Mountpoint).catch(() => {
      throw new Error(`these tests need an engine on this machine: its volume ${Mountpoint} cannot be seen from here`)
    })
    await mkdir(join(Mountpoint, 'var/log/pods'), { recursive: true })
    await mkdir(join(Mountpoint, 'data'), { recursive: true })
    await this.engine.json('/containers/create', {
      method: 'POST',
      query: { name: nodeContainer },
      body: {
        Image: this.service.catalogue.images[0]?.reference,
        Entrypoint: ['sh', '-c', 'trap "exit 0" TERM; while :; do sleep 1000 & wait; done'],
        Hostname: 'node01',
        Labels: { ...labels, [ROLE_LABEL]: 'node' },
        HostConfig: { NetworkMode: network, IpcMode: 'shareable' },
      },
    })
    this.#store.add(toDisposable(() => this.#removeAll()))
    await this.engine.text(`/containers/${nodeContainer}/start`, { method: 'POST' })
    const folder = await mkdtemp(join(tmpdir(), 'rt-'))
    this.#store.add(toDisposable(() => rm(folder, { recursive: true, force: true })))
    this.#socketPath = join(folder, 'cri.sock')
    this.cri = this.#store.add(createCriClient({ socketPath: this.#socketPath }))
    this.#store.add(toDisposable(() => this.killService('SIGTERM')))
  }

  async #removeAll(): Promise<void> {
    for (const { Id } of await this.containers())
      await this.#request('DELETE', `/containers/${Id}?force=1&v=1`).catch((error: unknown) => {
        // What the service was removing when it ended.
        if (!isEngineStatus(error, 404, 409)) throw error
      })
    const label = [`${LAB_LABEL}=${this.service.lab}`, `${ROLE_LABEL}=memory-volume`]
    const { Volumes } = await this.engine.json<{ Volumes: { Name: string }[] | null }>('/volumes', {
      query: { filters: JSON.stringify({ label }) },
    })
    for (const { Name } of Volumes ?? []) await this.#request('DELETE', `/volumes/${Name}?force=1`)
  }

  async #request(method: 'DELETE' | 'POST', path: string): Promise<void> {
    await this.engine.text(path, { method })
  }

  /** Starts the service and waits until it serves. */
  async startService(): Promise<void> {
    const environment = { ...this.service, catalogue: JSON.stringify(this.service.catalogue) }
    const variables = Object.entries(RUNTIME_ENVIRONMENT).map(([key, name]) => [
      name,
      environment[key as keyof ServiceOptions],
    ])
    const [program = '', ...given] = this.#command
    const child = spawn(
      program,
      [
        ...given,
        ...['--engine-socket', engineSocket()],
        ...['--node-root', this.nodeRoot],
        ...['--cri-socket', this.#socketPath],
      ],
      {
        env: { ...process.env, ...(Object.fromEntries(variables) as Record<string, string>) },
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    )
    this.#process = child
    const serving = Promise.withResolvers<void>()
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.serviceLog += text
      if (this.serviceLog.includes('serving CRI')) serving.resolve()
    })
    child.once('exit', () => serving.reject(new Error(`the runtime service ended:\n${this.serviceLog}`)))
    await serving.promise
    serving.promise.catch(() => undefined)
  }

  get engineSocket(): string {
    return engineSocket()
  }

  get servicePid(): number {
    return this.#process?.pid ?? 0
  }

  async killService(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = this.#process
    this.#process = undefined
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill(signal)
    await ended
    this.serviceLog = ''
  }

  /** All engine containers of the lab, the node included. */
  async containers(): Promise<{ Id: string; State: string; Names: string[]; Labels: Record<string, string> }[]> {
    return this.engine.json('/containers/json', {
      query: { all: true, filters: JSON.stringify({ label: [`${LAB_LABEL}=${this.service.lab}`] }) },
    })
  }

  async dispose(): Promise<void> {
    await this.#store.dispose()
    this.engine.dispose()
  }
}
