/** The kubelet's HTTP servers over a test kubelet, on ports that the system chooses. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { request as plainRequest } from 'node:http'
import { request as secureRequest } from 'node:https'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { silentLogger } from '../../../base/logger.ts'
import { KubeletMetrics } from '../../metrics/kubelet-metrics.ts'
import type { KubeletConfiguration } from '../../options/kubelet-configuration.ts'
import { newTestKubelet } from '../../testing/new-test-kubelet.ts'
import type { TestKubelet } from '../../testing/new-test-kubelet.ts'
import type { Reviewers } from '../access-control.ts'
import { createAccessControl } from '../access-control.ts'
import { computeServerSettings } from '../server-settings.ts'
import type { ServerTimeouts } from '../server-settings.ts'
import { startServers } from '../start-servers.ts'
import type { TestPair } from './certificates.ts'

export interface TestAnswer {
  status: number
  headers: Record<string, string | string[] | undefined>
  body: string
}

interface TestRequest {
  method?: string
  pair?: TestPair
  token?: string
  /** Port of the secure server unless said otherwise. */
  from?: 'secure' | 'readOnly' | 'healthz'
}

export interface TestServer extends AsyncDisposable {
  readonly node: TestKubelet
  readonly ports: { secure?: number; readOnly?: number; healthz?: number }
  readonly metrics: KubeletMetrics
  get(path: string, request?: TestRequest): Promise<TestAnswer>
  /** Writes lines of a container's log in CRI format. */
  log(podName: string, ...lines: string[]): string
}

/** Everybody may do everything unless `configuration` says otherwise. */
export async function newTestServer(
  options: {
    configuration?: Partial<KubeletConfiguration>
    reviewers?: Reviewers
    timeouts?: Partial<ServerTimeouts>
  } = {},
): Promise<TestServer> {
  const metrics = new KubeletMetrics()
  const node = await newTestKubelet({ observer: metrics })
  const configuration: KubeletConfiguration = {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    authentication: { anonymous: { enabled: true } },
    authorization: { mode: 'AlwaysAllow' },
    ...options.configuration,
  }
  const free = { address: '127.0.0.1', port: 0 }
  const computed = computeServerSettings(configuration)
  const timeouts = { ...computed.timeouts, ...options.timeouts }
  const settings = { ...computed, timeouts, secure: free, readOnly: free, healthz: free }
  const servers = await startServers({
    settings,
    access: createAccessControl(settings.access, options.reviewers, silentLogger),
    certDirectory: join(node.root, 'pki'),
    context: {
      clock: node.clock,
      logger: silentLogger,
      host: node.kubelet,
      runtime: node.runtime,
      images: node.runtime.images,
      metrics,
      configuration,
      rootDirectory: node.root,
      systemLogs: join(node.root, 'var/log'),
    },
  })
  return {
    node,
    metrics,
    ports: servers.ports,
    get(path, { method = 'GET', pair, token, from = 'secure' } = {}) {
      const port = servers.ports[from]
      if (port === undefined) throw new Error(`nothing listens: ${from}`)
      const headers = token === undefined ? {} : { Authorization: `Bearer ${token}` }
      const where = { host: '127.0.0.1', port, path, method, headers, agent: false as const }
      return new Promise((resolve, reject) => {
        const outgoing =
          from === 'secure' ? secureRequest({ ...where, ...pair, rejectUnauthorized: false }) : plainRequest(where)
        outgoing.on('error', reject)
        outgoing.on('response', (response) => {
          text(response).then(
            (body) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
            reject,
          )
        })
        outgoing.end()
      })
    },
    log(podName, ...lines) {
      const [container] = node.kubelet.runtimePod(node.pod(podName).metadata.uid ?? '').containers
      if (container === undefined) throw new Error(`${podName} has no container`)
      mkdirSync(dirname(container.logPath), { recursive: true })
      const stamped = lines.map((line, second) => `2026-01-01T00:00:0${second}.000000000Z stdout F ${line}\n`)
      writeFileSync(container.logPath, stamped.join(''))
      return container.logPath
    },
    async [Symbol.asyncDispose]() {
      await servers.dispose()
      await node[Symbol.asyncDispose]()
    },
  }
}
