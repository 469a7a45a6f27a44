/** An API server's program on an etcd of its own, with a client that is an administrator: for figures. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { Agent, request } from 'node:https'
import type { IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DisposableStore, toDisposable, type Disposable } from '../../src-main/base/disposable.ts'
import { issueCertificate, makeAuthority, makeSigningKey } from '../../src-main/lab/pki/certificate.ts'
import { freePort } from '../support/free-port.ts'
import { PrivateEtcd } from '../support/etcd/private-etcd.ts'
import { waitUntil } from '../support/wait-until.ts'

export class BenchApiServer implements Disposable {
  readonly etcd: PrivateEtcd
  readonly #owned: DisposableStore
  readonly #process: ChildProcess
  readonly #agent: Agent
  readonly #port: number

  private constructor(owned: DisposableStore, etcd: PrivateEtcd, process: ChildProcess, agent: Agent, port: number) {
    this.#owned = owned
    this.etcd = etcd
    this.#process = process
    this.#agent = agent
    this.#port = port
  }

  /** @param prepare fills etcd before the server begins */
  static async start(prepare: (etcd: PrivateEtcd) => Promise<void>): Promise<BenchApiServer> {
    const owned = new DisposableStore()
    try {
      const folder = await mkdtemp(join(tmpdir(), 'node-lab-bench-api-'))
      owned.add(toDisposable(() => rm(folder, { recursive: true, force: true })))
      const etcd = owned.add(await PrivateEtcd.start())
      await prepare(etcd)
      const port = await freePort()
      const { flags, agent } = await writeCertificates(folder)
      owned.add(toDisposable(() => agent.destroy()))
      const child = spawn(
        process.execPath,
        ['--expose-gc', 'src-main/apiserver/main.ts', ...flags, `--secure-port=${port}`, `--etcd-servers=${etcd.url}`],
        { stdio: ['ignore', 'ignore', 'inherit'] },
      )
      owned.add(toDisposable(() => end(child)))
      const server = new BenchApiServer(owned, etcd, child, agent, port)
      await waitUntil({ what: 'the API server to be ready' }, async () => {
        const { response } = await server.get('/readyz')
        return response.statusCode === 200 || undefined
      })
      return server
    } catch (error) {
      await owned.dispose()
      throw error
    }
  }

  get pid(): number {
    return this.#process.pid ?? 0
  }

  /** The whole answer; `onData` sees it come, and ends it by answering true. */
  async get(
    path: string,
    headers: Record<string, string> = {},
    onData: (chunk: Buffer) => boolean = () => false,
  ): Promise<{ response: IncomingMessage; bytes: number; body: Buffer }> {
    const outgoing = request({ host: '127.0.0.1', port: this.#port, path, headers, agent: this.#agent })
    outgoing.end()
    const [response] = (await once(outgoing, 'response')) as [IncomingMessage]
    const chunks: Buffer[] = []
    for await (const chunk of response) {
      chunks.push(chunk as Buffer)
      if (onData(chunk as Buffer)) break
    }
    const body = Buffer.concat(chunks)
    return { response, bytes: body.length, body }
  }

  async dispose(): Promise<void> {
    await this.#owned.dispose()
  }
}

async function writeCertificates(folder: string): Promise<{ flags: string[]; agent: Agent }> {
  const now = Date.now()
  const authority = await makeAuthority('kubernetes', now)
  const server = await issueCertificate(authority, {
    subject: { commonName: 'kube-apiserver' },
    usages: ['server'],
    addresses: ['127.0.0.1'],
    now,
  })
  const administrator = await issueCertificate(authority, {
    subject: { commonName: 'kubernetes-admin', organizations: ['system:masters'] },
    usages: ['client'],
    now,
  })
  const signing = await makeSigningKey()
  const files = {
    'tls-cert-file': server.certificate,
    'tls-private-key-file': server.key,
    'client-ca-file': authority.certificate,
    'service-account-key-file': signing.publicKey,
    'service-account-signing-key-file': signing.privateKey,
  }
  const flags = [
    '--advertise-address=127.0.0.1',
    '--authorization-mode=Node,RBAC',
    '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
    '--service-cluster-ip-range=10.96.0.0/12',
  ]
  for (const [flag, text] of Object.entries(files)) {
    await writeFile(join(folder, flag), text, { mode: 0o600 })
    flags.push(`--${flag}=${join(folder, flag)}`)
  }
  const { certificate: cert, key } = administrator
  return { flags, agent: new Agent({ ca: authority.certificate, cert, key, keepAlive: true }) }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}
