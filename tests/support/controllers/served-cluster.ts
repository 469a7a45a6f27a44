/** Controllers and an API server that really listens, for kubectl; nodes are played by a stand-in, in real time. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { podBinding } from '../../../src-main/apiserver/subresources/pods/pod-binding.ts'
import { podEviction } from '../../../src-main/apiserver/subresources/pods/pod-eviction.ts'
import { newTestApiServer } from '../../../src-main/apiserver/testing/new-test-api-server.ts'
import { systemClock } from '../../../src-main/base/clock.ts'
import { DisposableStore, toDisposable } from '../../../src-main/base/disposable.ts'
import type { StartController } from '../../../src-main/controller-manager/controller.ts'
import { testControllerContext } from '../../../src-main/controller-manager/testing/test-controller-context.ts'
import { NAMESPACES, NODES } from '../../../src-main/kube/resources.ts'
import { RestClient } from '../../../src-main/kube/rest-client.ts'
import { StandInNodes, type StandInOptions } from './stand-in-nodes.ts'

export interface ServedCluster extends AsyncDisposable {
  /** Path of a file. */
  kubeconfig: string
}

export async function newServedCluster(
  controllers: readonly StartController[],
  options: Omit<StandInOptions, 'client' | 'clock'>,
): Promise<ServedCluster> {
  const owned = new DisposableStore()
  const clock = systemClock({ keepAlive: false })
  const now = (): number => clock.now()
  const server = owned.add(
    await newTestApiServer({ subresources: (registry) => [podBinding(now), podEviction(registry, now)] }),
  )
  const access = { server: server.url, insecureSkipTLSVerify: false, namespace: 'default' }
  const client = owned.add(new RestClient({ access, userAgent: 'kube-controller-manager', clock }))
  await client.create(NAMESPACES, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'default' } })
  for (const name of options.nodes) await client.create(NODES, { apiVersion: 'v1', kind: 'Node', metadata: { name } })
  owned.add(new StandInNodes({ client, clock, ...options }))
  const context = owned.add(testControllerContext(client, clock))
  for (const start of controllers) owned.add(start(context))
  const folder = mkdtempSync('/tmp/node-lab-served-')
  owned.add(toDisposable(() => rmSync(folder, { recursive: true, force: true })))
  const kubeconfig = join(folder, 'kubeconfig')
  writeFileSync(
    kubeconfig,
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'test', cluster: { server: server.url } }],
      users: [{ name: 'test', user: {} }],
      contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
      'current-context': 'test',
    }),
  )
  return {
    kubeconfig,
    async [Symbol.asyncDispose]() {
      await owned.dispose()
    },
  }
}
