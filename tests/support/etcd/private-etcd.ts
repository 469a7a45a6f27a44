/** A real etcd for tests on a loopback port, with a data folder of its own; gone without a trace at the end. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Disposable } from '../../../src-main/base/disposable.ts'
import { freePort } from '../free-port.ts'
import { ensureEtcdProgram } from './etcd-program.ts'

/** Paths of PEM files: etcd's own certificate, and the authority of its clients. */
export interface EtcdTlsFiles {
  certFile: string
  keyFile: string
  clientCaFile: string
}

export class PrivateEtcd implements Disposable {
  /** For `--etcd-servers`. */
  readonly url: string
  readonly #program: string
  readonly #folder: string
  readonly #arguments: string[]
  #process: ChildProcess | undefined
  #log = ''

  private constructor(program: string, folder: string, ports: [number, number], tls: EtcdTlsFiles | undefined) {
    this.#program = program
    this.#folder = folder
    this.url = `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${ports[0]}`
    const peer = `http://127.0.0.1:${ports[1]}`
    this.#arguments = [
      `--data-dir=${join(folder, 'data')}`,
      `--listen-client-urls=${this.url}`,
      `--advertise-client-urls=${this.url}`,
      `--listen-peer-urls=${peer}`,
      `--initial-advertise-peer-urls=${peer}`,
      `--initial-cluster=default=${peer}`,
      '--log-level=warn',
    ]
    if (tls !== undefined)
      this.#arguments.push(
        `--cert-file=${tls.certFile}`,
        `--key-file=${tls.keyFile}`,
        `--trusted-ca-file=${tls.clientCaFile}`,
        '--client-cert-auth=true',
      )
  }

  /** Started, but perhaps not yet listening: clients wait for it. */
  static async start(options: { tls?: EtcdTlsFiles } = {}): Promise<PrivateEtcd> {
    const program = await ensureEtcdProgram()
    const folder = await mkdtemp(join(tmpdir(), 'node-lab-etcd-'))
    const etcd = new PrivateEtcd(program, folder, [await freePort(), await freePort()], options.tls)
    etcd.run()
    return etcd
  }

  /** On the data that is there. It dies with this process, however that ends. */
  run(): void {
    const child = spawn('setpriv', ['--pdeathsig', 'KILL', this.#program, ...this.#arguments], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#log = (this.#log + text).slice(-10_000)
    })
    this.#process = child
  }

  /** The end of what it wrote, for a failure's message. */
  get log(): string {
    return this.#log
  }

  /** As `kill -9`; resolves when it is gone. */
  async kill(): Promise<void> {
    const child = this.#process
    this.#process = undefined
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
  }

  /** As after a restore of a snapshot of nothing; only while it does not run. */
  async forgetEverything(): Promise<void> {
    await rm(join(this.#folder, 'data'), { recursive: true, force: true })
  }

  async dispose(): Promise<void> {
    await this.kill()
    await rm(this.#folder, { recursive: true, force: true })
  }
}
