/** A real containerd for tests, with its CRI plugin, apart from everything else on the machine; gone without a trace at the end. */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, existsSync } from 'node:fs'
import { cp, mkdir, mkdtemp, open, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { DisposableStore, toDisposable } from '../../../src-main/base/disposable.ts'
import type { Disposable } from '../../../src-main/base/disposable.ts'
import { EngineClient } from '../../../src-main/container-runtime/docker/engine-client.ts'
import { createCriClient } from '../../../src-main/container-runtime/grpc/client.ts'
import type { CriClient } from '../../../src-main/container-runtime/grpc/client.ts'
import { runProgram } from '../../../src-main/lab/images/debian/run-program.ts'
import { waitUntil } from '../wait-until.ts'
import { computeConfiguration, computeLayout, computeNetwork } from './containerd-files.ts'
import type { ContainerdLayout } from './containerd-files.ts'
import { computeContainerdCommand } from './containerd-launch.ts'
import { computeOwnerPrefix, removeLeftovers, removeRemains } from './containerd-leftovers.ts'
import { ensureContainerdPrograms } from './containerd-program.ts'

export interface PrivateContainerdOptions {
  /** Of the container engine that has the images. */
  engineSocket: string
  /** References of images that are taken from there; the first one is the pause image. */
  images: [pause: string, ...others: string[]]
}

export class PrivateContainerd implements Disposable {
  readonly layout: ContainerdLayout
  readonly cri: CriClient
  /** The program's folder, with `containerd` itself in `usr/bin`. */
  readonly program: string
  readonly #store = new DisposableStore()
  /** In the machine's process namespace, once it runs. */
  #pid: number | undefined

  private constructor(folder: string, program: string) {
    this.layout = computeLayout(folder)
    this.program = program
    this.cri = createCriClient({ socketPath: this.layout.socket })
    // What is added last ends first: the client, then the processes, then what is left of them.
    this.#store.add(toDisposable(() => removeRemains(basename(folder))))
  }

  /** Resolves when it serves CRI and has the images. What a killed run left is removed before. */
  static async start(options: PrivateContainerdOptions): Promise<PrivateContainerd> {
    await removeLeftovers()
    const { program, plugins } = await ensureContainerdPrograms(() => undefined)
    const folder = await mkdtemp(join(tmpdir(), await computeOwnerPrefix()))
    const containerd = new PrivateContainerd(folder, program)
    try {
      await containerd.#writeFiles(plugins, options.images[0])
      await containerd.#launch()
      for (const image of options.images) await containerd.#takeImage(options.engineSocket, image)
      return containerd
    } catch (error) {
      await containerd.dispose()
      throw error
    }
  }

  /** The parent of all of its containers' control groups. */
  get controlGroup(): string {
    return `/${basename(this.layout.folder)}`
  }

  async #writeFiles(plugins: string, pauseImage: string): Promise<void> {
    const { root, state, varLib, networks, node, configuration } = this.layout
    for (const folder of [root, state, varLib, networks, node]) await mkdir(folder)
    await cp(plugins, this.layout.plugins, { recursive: true })
    await writeFile(join(networks, '10-conformance.conflist'), computeNetwork())
    await writeFile(configuration, computeConfiguration(this.layout, pauseImage))
  }

  async #launch(): Promise<void> {
    const command = computeContainerdCommand(this.program, this.layout)
    const log = await open(this.layout.log, 'a')
    const child = spawn(command.program, command.arguments, { stdio: ['ignore', log.fd, log.fd] })
    const launched = once(child, 'spawn')
    this.#store.add(toDisposable(() => this.#end(child)))
    this.#store.add(this.cri)
    await launched
    await log.close()
    await waitUntil({ what: 'containerd to serve CRI', timeoutSeconds: 60 }, async () => {
      if (child.exitCode !== null) throw new Error(`containerd ended: ${await readFile(this.layout.log, 'utf8')}`)
      const { conditions } = await this.cri.runtime.status()
      return conditions.find(({ type }) => type === 'NetworkReady')?.status === true ? true : undefined
    })
    this.#pid = await findChildOf(child)
  }

  /** The namespace's first process takes all others with it, and is waited for, so that nothing writes any more. */
  async #end(child: ChildProcess): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return
    const pid = this.#pid ?? (await findChildOf(child))
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
    if (pid === undefined) return
    await waitUntil({ what: 'the end of all processes of containerd' }, () =>
      existsSync(`/proc/${pid}`) ? undefined : true,
    )
  }

  async #takeImage(engineSocket: string, reference: string): Promise<void> {
    const engine = new EngineClient(engineSocket)
    const file = join(this.layout.folder, 'image.tar')
    try {
      await pipeline(await engine.stream('/images/get', { query: { names: reference } }), createWriteStream(file))
    } finally {
      engine.dispose()
    }
    await this.importImage(file)
  }

  /** @param file a tarball as `docker save` writes them */
  async importImage(file: string): Promise<void> {
    const ctr = ['ctr', '--address', this.layout.socket, '--namespace', 'k8s.io', 'images', 'import', file]
    await runProgram('nsenter', [`--mount=/proc/${this.#pid}/ns/mnt`, ...ctr])
  }

  async dispose(): Promise<void> {
    await this.#store.dispose()
  }
}

async function findChildOf(child: ChildProcess): Promise<number | undefined> {
  const children = await readFile(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').catch(() => '')
  const pid = Number.parseInt(children, 10)
  return Number.isNaN(pid) ? undefined : pid
}
