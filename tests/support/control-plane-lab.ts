/** A lab with a control plane of its own for a test file, and the real kubectl beside it. */
import { spawn } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { systemClock } from '../../src-main/base/clock.ts'
import type { Pod } from '../../src-main/common/api/core.ts'
import { readKubeconfig } from '../../src-main/kube/kubeconfig.ts'
import { RestClient } from '../../src-main/kube/rest-client.ts'
import { TestLab, type CommandResult } from './test-lab.ts'
import { waitUntil } from './wait-until.ts'

/** No kubectl of a test may outlive this: an API server that is away must fail a test, not hang it. */
const KUBECTL_SECONDS = 60

export interface KubectlOptions {
  /** What it reads at standard input; nothing by default. */
  input?: string
  timeoutSeconds?: number
  /** Another kubeconfig than that of the lab's administrator. */
  kubeconfig?: string
}

export class ControlPlaneLab extends TestLab {
  /** @throws when it did not come up */
  async up(...words: string[]): Promise<void> {
    await this.ok('up', '--control-plane', ...words)
  }

  get kubeconfig(): string {
    return join(this.home, 'labs', this.name, 'kubeconfig')
  }

  /** The real kubectl as the user of this machine runs it; a failure is a result, 124 when it took too long. */
  kubectl(words: readonly string[], options: KubectlOptions = {}): Promise<CommandResult> {
    const { input = '', timeoutSeconds = KUBECTL_SECONDS, kubeconfig = this.kubeconfig } = options
    return new Promise((resolve, reject) => {
      const child = spawn('timeout', [String(timeoutSeconds), 'kubectl', '--kubeconfig', kubeconfig, ...words], {
        env: { ...process.env, HOME: this.home },
      })
      let stdout = ''
      let stderr = ''
      child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
      child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
      child.stdin.on('error', () => undefined) // it may end without reading
      child.stdin.end(input)
      child.on('error', reject)
      child.on('close', (code) => resolve({ exitCode: code ?? 1, stdout, stderr }))
    })
  }

  /** Like `kubectl`, but a failure fails the test with what kubectl said. */
  async kubectlOk(words: readonly string[], options: KubectlOptions = {}): Promise<string> {
    const result = await this.kubectl(words, options)
    if (result.exitCode !== 0) {
      throw new Error(`kubectl ${words.join(' ')} exited with ${result.exitCode}:\n${result.stderr}\n${result.stdout}`)
    }
    return result.stdout
  }

  async kubectlJson<T>(...words: string[]): Promise<T> {
    return JSON.parse(await this.kubectlOk([...words, '-o', 'json'])) as T
  }

  /** A pod as the API server shows it. @throws when it has none of that name */
  apiPod(name: string, namespace = 'default'): Promise<Pod> {
    return this.kubectlJson<Pod>('get', 'pod', name, '-n', namespace)
  }

  waitForApiPod(
    name: string,
    what: string,
    accept: (pod: Pod) => boolean,
    options: { namespace?: string; timeoutSeconds?: number } = {},
  ): Promise<Pod> {
    const { namespace = 'default', timeoutSeconds = 90 } = options
    return waitUntil({ what: `${name} ${what} in the API`, timeoutSeconds, intervalMs: 100 }, async () => {
      const pod = await this.apiPod(name, namespace)
      if (!accept(pod)) throw new Error(JSON.stringify(pod.status))
      return pod
    })
  }

  waitForApiRunning(name: string, namespace = 'default'): Promise<Pod> {
    return this.waitForApiPod(
      name,
      'running',
      ({ status }) =>
        status?.phase === 'Running' &&
        (status.containerStatuses ?? []).every(({ state }) => state.running !== undefined),
      { namespace },
    )
  }

  /** A shell line on a node, as root. */
  onNode(node: string, line: string): Promise<CommandResult> {
    return this.cli('shell', node, '--', 'sh', '-c', line)
  }

  async onNodeOk(node: string, line: string): Promise<string> {
    const result = await this.onNode(node, line)
    if (result.exitCode !== 0) throw new Error(`${line} on ${node} exited with ${result.exitCode}:\n${result.stderr}`)
    return result.stdout
  }

  /** By `pod/container`, of all pods that the kubelets show; a restart would change them. */
  async containerIds(): Promise<Record<string, string>> {
    const ids: Record<string, string> = {}
    for (const { metadata, status } of await this.pods()) {
      for (const { name, containerID } of status?.containerStatuses ?? [])
        ids[`${metadata.name}/${name}`] = containerID ?? ''
    }
    return ids
  }

  /** Waits until the API server answers as the administrator's kubectl asks it. */
  waitForApi(timeoutSeconds = 120): Promise<string> {
    return waitUntil({ what: 'the API server to answer', timeoutSeconds, intervalMs: 250 }, () =>
      this.kubectlOk(['get', '--raw', '/readyz'], { timeoutSeconds: 5 }),
    )
  }

  /** Takes a manifest out of a node's folder. @returns how to put it back */
  async takeManifest(file: string, node = 'controlplane'): Promise<() => Promise<void>> {
    const path = join(await this.manifestsFolder(node), file)
    const content = readFileSync(path)
    rmSync(path)
    return () => Promise.resolve(writeFileSync(path, content))
  }

  /** The kubeconfig of a node's kubelet, made to work on this machine. @returns its path */
  async nodeKubeconfig(node: string): Promise<string> {
    const pem = await this.onNodeOk(node, 'cat /var/lib/kubelet/pki/kubelet-client-current.pem')
    const text = await this.onNodeOk(node, 'cat /etc/kubernetes/kubelet.conf')
    const encoded = Buffer.from(pem).toString('base64')
    const file = join(this.home, `${node}.conf`)
    writeFileSync(
      file,
      text
        .replace(/server: .*/, `server: ${await this.apiServerUrl()}`)
        .replace(/client-certificate: .*/, `client-certificate-data: ${encoded}`)
        .replace(/client-key: .*/, `client-key-data: ${encoded}`),
    )
    return file
  }

  /** Our own client, as the lab's administrator; whoever asks for it disposes of it. */
  client(): RestClient {
    const access = readKubeconfig(this.kubeconfig, (path) => readFileSync(path, 'utf8'))
    return new RestClient({ access, userAgent: 'node-lab-test', clock: systemClock() })
  }

  /** Where the API server is published on this machine. */
  async apiServerUrl(): Promise<string> {
    return (await this.kubectlOk(['config', 'view', '-o', 'jsonpath={.clusters[0].cluster.server}'])).trim()
  }
}
