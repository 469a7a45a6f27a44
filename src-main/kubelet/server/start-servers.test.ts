import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo, Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { silentLogger } from '../../base/logger.ts'
import { KubeletMetrics } from '../metrics/kubelet-metrics.ts'
import { KubeletExit } from '../options/kubelet-options.ts'
import type { KubeletConfiguration } from '../options/kubelet-configuration.ts'
import { newTestKubelet } from '../testing/new-test-kubelet.ts'
import type { TestKubelet } from '../testing/new-test-kubelet.ts'
import { createAccessControl } from './access-control.ts'
import { computeServerSettings } from './server-settings.ts'
import { startServers } from './start-servers.ts'

const CONFIGURATION: KubeletConfiguration = {
  apiVersion: 'kubelet.config.k8s.io/v1beta1',
  kind: 'KubeletConfiguration',
  ...{ enableServer: true, address: '127.0.0.1', port: 10250, readOnlyPort: 0, healthzPort: 0 },
  authorization: { mode: 'AlwaysAllow' },
}

let directory = ''
let taken: Server
let node: TestKubelet
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'servers-'))
  node = await newTestKubelet()
  taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
})
afterEach(async () => {
  taken.close()
  await node[Symbol.asyncDispose]()
  rmSync(directory, { recursive: true })
})

function start(configuration: Partial<KubeletConfiguration>) {
  const settings = computeServerSettings({ ...CONFIGURATION, ...configuration })
  return startServers({
    settings,
    access: createAccessControl(settings.access, undefined, silentLogger),
    certDirectory: directory,
    context: {
      ...{ clock: node.clock, logger: silentLogger, host: node.kubelet, runtime: node.runtime },
      ...{ images: node.runtime.images, metrics: new KubeletMetrics(), configuration: CONFIGURATION },
      ...{ rootDirectory: directory, systemLogs: directory },
    },
  })
}

const takenPort = (): number => (taken.address() as AddressInfo).port

describe('given a port that is taken', () => {
  it('when the API is to listen there, then the kubelet ends, in Go’s words', async () => {
    const failure = await start({ port: takenPort() }).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(KubeletExit)
    expect(String(failure)).toContain(`listen tcp 127.0.0.1:${takenPort()}: bind: address already in use`)
  })

  it('when health is to listen there, then it is tried again until it is free', async () => {
    const servers = await start({ enableServer: false, healthzPort: takenPort() })
    await node.pass(5000)
    expect(servers.ports.healthz).toBeUndefined()
    taken.close()
    await once(taken, 'close')
    await expect
      .poll(async () => {
        await node.pass(5000)
        return servers.ports.healthz
      })
      .toBeDefined()
    await servers.dispose()
  })
})

describe('given servers that are switched off', () => {
  it('when the kubelet starts, then nothing listens and no certificate is made', async () => {
    const servers = await start({ enableServer: false })
    expect(servers.ports).toEqual({})
    expect(readdirSync(directory)).toEqual([])
    await servers.dispose()
  })
})
