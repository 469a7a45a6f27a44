/** `kubectl delete` with each cascade: the real kubectl, our API server with all its gates, and the garbage collector with its own rights. */
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DisposableStore } from '../../../src-main/base/disposable.ts'
import { systemClock } from '../../../src-main/base/clock.ts'
import type { ApiObject, UnknownObject } from '../../../src-main/common/api/api-object.ts'
import type { OwnerReference } from '../../../src-main/common/api/meta.ts'
import { startGarbageCollector } from '../../../src-main/controller-manager/garbage-collector/garbage-collector-controller.ts'
import { testControllerContext } from '../../../src-main/controller-manager/testing/test-controller-context.ts'
import { RestClient } from '../../../src-main/kube/rest-client.ts'
import { formatKubeconfig } from '../../../src-main/lab/control-plane/kubeconfig.ts'
import { newSecureApiServer, type SecureApiServer } from '../../support/secure-api-server.ts'
import { waitUntil } from '../../support/wait-until.ts'

const LABELS = { app: 'web' }
const TEMPLATE = { metadata: { labels: LABELS }, spec: { containers: [{ name: 'c', image: 'bb:v1' }] } }
const WORKLOAD_SPEC = { selector: { matchLabels: LABELS }, template: TEMPLATE }

const owned = new DisposableStore()
let server: SecureApiServer
let folder: string

beforeAll(async () => {
  server = await newSecureApiServer()
  owned.add({ dispose: () => Promise.resolve(server[Symbol.asyncDispose]()) })
  const administrator = await server.issueClient('kubernetes-admin', 'system:masters')
  const url = `https://127.0.0.1:${server.port}`
  folder = mkdtempSync(join(tmpdir(), 'node-lab-cascade-'))
  const certificateAuthority = server.authority.certificate
  writeFileSync(
    join(folder, 'config'),
    formatKubeconfig({
      server: url,
      clusterName: 'test',
      userName: 'kubernetes-admin',
      contextName: 'test',
      authority: certificateAuthority,
      client: administrator,
    }),
  )
  const manager = await server.issueClient('system:kube-controller-manager')
  const clock = systemClock({ keepAlive: false })
  const client = owned.add(
    new RestClient({
      access: {
        server: url,
        certificateAuthority,
        clientCertificate: manager.certificate,
        clientKey: manager.key,
        insecureSkipTLSVerify: false,
        namespace: 'default',
      },
      userAgent: 'kube-controller-manager',
      clock,
    }),
  )
  owned.add(startGarbageCollector(owned.add(testControllerContext(client, clock))))
})

afterAll(async () => {
  await owned.dispose()
  rmSync(folder, { recursive: true })
})

interface Result {
  code: number
  out: string
  err: string
}

function kubectl(...words: string[]): Promise<Result> {
  return new Promise((resolve) => {
    execFile('kubectl', ['--kubeconfig', join(folder, 'config'), ...words], { timeout: 60_000 }, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code ?? 1), out, err }),
    )
  })
}

/** Its uid and finalizers, or undefined when kubectl says that there is no such object. */
async function find(type: string, name: string): Promise<ApiObject | undefined> {
  const { code, out, err } = await kubectl('get', type, name, '-o', 'json')
  if (code === 0) return JSON.parse(out) as ApiObject
  expect(err).toContain('not found')
  return undefined
}

async function isGone(type: string, name: string): Promise<void> {
  await waitUntil({ what: `${type} ${name} is gone` }, async () =>
    (await find(type, name)) === undefined ? true : undefined,
  )
}

async function make(
  object: Omit<UnknownObject, 'metadata'> & { metadata: Partial<ApiObject['metadata']> },
  owner?: ApiObject,
): Promise<ApiObject> {
  const { metadata } = object
  const references: OwnerReference[] =
    owner === undefined
      ? []
      : [
          {
            apiVersion: owner.apiVersion,
            kind: owner.kind,
            name: owner.metadata.name ?? '',
            uid: owner.metadata.uid ?? '',
            controller: true,
            blockOwnerDeletion: true,
          },
        ]
  return await server.put({
    ...object,
    metadata: { namespace: 'default', ...metadata, ownerReferences: references },
  } as UnknownObject)
}

function aPod(name: string, owner: ApiObject, finalizers: string[] = []): Promise<ApiObject> {
  return make(
    { apiVersion: 'v1', kind: 'Pod', metadata: { name, labels: LABELS, finalizers }, spec: TEMPLATE.spec },
    owner,
  )
}

/** A workload with a pod that it has by way of what stands between. Answers what it left to be found: type and name. */
async function aWorkload(type: string, name: string, finalizers: string[] = []): Promise<[string, string][]> {
  const workload = (kind: string, own: string, owner?: ApiObject): Promise<ApiObject> =>
    make({ apiVersion: 'apps/v1', kind, metadata: { name: own }, spec: WORKLOAD_SPEC }, owner)
  switch (type) {
    case 'daemonset':
      await aPod(`${name}-pod`, await workload('DaemonSet', name), finalizers)
      return [['pod', `${name}-pod`]]
    case 'replicaset':
      await aPod(`${name}-pod`, await workload('ReplicaSet', name), finalizers)
      return [['pod', `${name}-pod`]]
    default: {
      const set = await workload('ReplicaSet', `${name}-set`, await workload('Deployment', name))
      await aPod(`${name}-pod`, set, finalizers)
      return [
        ['replicaset', `${name}-set`],
        ['pod', `${name}-pod`],
      ]
    }
  }
}

describe.each(['deployment', 'daemonset', 'replicaset'])('kubectl delete %s', (type) => {
  it('given no cascade, then it says so at once, and all that it owned goes after it', async () => {
    const dependents = await aWorkload(type, `${type}-plain`)
    expect(await kubectl('delete', type, `${type}-plain`)).toMatchObject({
      code: 0,
      out: expect.stringContaining(`${type}.apps "${type}-plain" deleted`),
    })
    for (const [kind, name] of dependents) await isGone(kind, name)
  })

  it('given the foreground, then all that it owned is gone when kubectl ends', async () => {
    const dependents = await aWorkload(type, `${type}-front`)
    expect(await kubectl('delete', type, `${type}-front`, '--cascade=foreground')).toMatchObject({ code: 0 })
    for (const [kind, name] of dependents) expect(await find(kind, name)).toBeUndefined()
    expect(await find(type, `${type}-front`)).toBeUndefined()
  })

  it('given the foreground and a pod that does not go, then kubectl waits, and so does the owner', async () => {
    await aWorkload(type, `${type}-held`, ['example.com/hold'])
    const waited = await kubectl('delete', type, `${type}-held`, '--cascade=foreground', '--timeout=2s')
    expect(waited).toMatchObject({ code: 1, err: expect.stringContaining('timed out waiting for the condition') })
    expect((await find(type, `${type}-held`))?.metadata.finalizers).toEqual(['foregroundDeletion'])
    expect((await find('pod', `${type}-held-pod`))?.metadata.deletionTimestamp).toBeDefined()
    const release = await kubectl('patch', 'pod', `${type}-held-pod`, '-p', '{"metadata":{"finalizers":null}}')
    expect(release).toMatchObject({ code: 0 })
    await isGone('pod', `${type}-held-pod`)
    await isGone(type, `${type}-held`)
  })

  it('given orphans, then what it owned directly stays and names nobody', async () => {
    const dependents = await aWorkload(type, `${type}-parent`)
    expect(await kubectl('delete', type, `${type}-parent`, '--cascade=orphan')).toMatchObject({ code: 0 })
    expect(await find(type, `${type}-parent`)).toBeUndefined()
    for (const [index, [kind, name]] of dependents.entries()) {
      const owners = (await find(kind, name))?.metadata.ownerReferences ?? []
      expect(owners.map((owner) => owner.kind)).toEqual(index === 0 ? [] : ['ReplicaSet'])
    }
  })
})

describe('kubectl delete of what has a finalizer', () => {
  it('given a ConfigMap that somebody holds, then kubectl waits for its end unless told not to', async () => {
    await make({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'held', finalizers: ['example.com/hold'] } })
    expect(await kubectl('delete', 'configmap', 'held', '--wait=false')).toMatchObject({ code: 0 })
    expect(await kubectl('delete', 'configmap', 'held', '--timeout=1s')).toMatchObject({ code: 1 })
    const waiting = kubectl('delete', 'configmap', 'held')
    await kubectl('patch', 'configmap', 'held', '-p', '{"metadata":{"finalizers":null}}')
    expect(await find('configmap', 'held')).toBeUndefined()
    // It may have come after the end: then it says that there is no such object.
    const { code, err } = await waiting
    expect(code === 0 || err.includes('not found')).toBe(true)
  })
})

describe('kubectl delete node', () => {
  it('given its lease and a mirror, then they go with it, and those of another node stay', async () => {
    for (const name of ['gone', 'stays']) {
      const node = await server.put({ apiVersion: 'v1', kind: 'Node', metadata: { name } })
      const lease = {
        apiVersion: 'coordination.k8s.io/v1',
        kind: 'Lease',
        metadata: { name, namespace: 'kube-node-lease' },
      }
      await make(lease, node)
      await aPod(`mirror-${name}`, node)
    }
    expect(await kubectl('delete', 'node', 'gone')).toMatchObject({
      code: 0,
      out: expect.stringContaining('node "gone" deleted'),
    })
    await isGone('pod', 'mirror-gone')
    await waitUntil({ what: 'the lease is gone' }, async () => {
      const { out } = await kubectl('get', 'lease', '-n', 'kube-node-lease', '-o', 'name')
      return out.trim() === 'lease.coordination.k8s.io/stays' ? true : undefined
    })
    expect(await find('pod', 'mirror-stays')).toBeDefined()
  })
})
