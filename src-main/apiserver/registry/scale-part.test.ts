import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../base/clock.ts'
import type { ApiObject } from '../../common/api/api-object.ts'
import type { Deployment } from '../../common/api/deployment.ts'
import type { Scale } from '../../common/api/scale.ts'
import { DAEMON_SETS, DEPLOYMENTS } from '../../kube/resources.ts'
import { RestClient } from '../../kube/rest-client.ts'
import type { StatusError } from '../../kube/status-error.ts'
import { newTestApiServer, type TestApiServer } from '../testing/new-test-api-server.ts'

const AT = { namespace: 'default', name: 'web' }
const SCALE_OF_WEB = { ...AT, subresource: 'scale' }
const MERGE = 'application/merge-patch+json'

const WEB: Deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: AT,
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: 'web' }, matchExpressions: [{ key: 'tier', operator: 'In', values: ['a', 'b'] }] },
    template: {
      metadata: { labels: { app: 'web', tier: 'a' } },
      spec: { containers: [{ name: 'c', image: 'bb:v1' }] },
    },
  },
}

let server: TestApiServer
let client: RestClient
beforeAll(async () => {
  server = await newTestApiServer()
  const access = { server: server.url, insecureSkipTLSVerify: false, namespace: 'default' }
  client = new RestClient({ access, userAgent: 'test', clock: systemClock({ keepAlive: false }) })
})
beforeEach(async () => {
  await client.delete(DEPLOYMENTS, AT).catch(() => undefined)
  await client.create(DEPLOYMENTS, WEB)
})
afterAll(async () => {
  client.dispose()
  await server.dispose()
})

function put(change: (scale: Scale) => void): Promise<Scale> {
  return client.get<Scale>(DEPLOYMENTS, SCALE_OF_WEB).then((scale) => {
    change(scale)
    return client.update(DEPLOYMENTS, scale, 'scale')
  })
}

function refusal(request: Promise<unknown>): Promise<string> {
  return request.then(
    () => 'not refused',
    (error: StatusError) => `${error.status.code} ${error.status.reason}: ${error.message}`,
  )
}

describe('the scale of a Deployment', () => {
  it('given two replicas, when it is read, then it says how many there are and should be, and how they are found', async () => {
    const { metadata } = await client.get<Deployment>(DEPLOYMENTS, AT)
    const { name, namespace, uid, resourceVersion, creationTimestamp } = metadata
    expect(await client.get<Scale>(DEPLOYMENTS, SCALE_OF_WEB)).toEqual({
      apiVersion: 'autoscaling/v1',
      kind: 'Scale',
      metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
      spec: { replicas: 2 },
      status: { replicas: 0, selector: 'app=web,tier in (a,b)' },
    })
  })

  it('given a patch and a put, then only the number changes, and the generation counts', async () => {
    await client.patch(DEPLOYMENTS, SCALE_OF_WEB, MERGE, { spec: { replicas: 5 } })
    expect(await client.get<Deployment>(DEPLOYMENTS, AT)).toMatchObject({
      metadata: { generation: 2 },
      spec: { ...WEB.spec, replicas: 5 },
    })
    const scale = await put(({ spec }) => Object.assign(spec ?? {}, { replicas: 0 }))
    expect(scale.spec).toEqual({})
    expect((await client.get<Deployment>(DEPLOYMENTS, AT)).spec.replicas).toBe(0)
  })

  it.each<[string, (scale: Scale) => void, string]>([
    [
      'a negative number',
      (scale) => (scale.spec = { replicas: -1 }),
      '422 Invalid: Scale.autoscaling "web" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0',
    ],
    [
      'a state that has passed',
      ({ metadata }) => (metadata.resourceVersion = '1'),
      '409 Conflict: Operation cannot be fulfilled on deployments.apps "web": the object has been modified; please apply your changes to the latest version and try again',
    ],
  ])('given %s, then it is refused', async (_what, change, expected) => {
    expect(await refusal(put(change))).toBe(expected)
  })

  it('given no such Deployment, and a kind without a scale, then neither is found', async () => {
    expect(await refusal(client.get(DEPLOYMENTS, { ...SCALE_OF_WEB, name: 'other' }))).toBe(
      '404 NotFound: deployments.apps "other" not found',
    )
    expect(await refusal(client.patch(DAEMON_SETS, SCALE_OF_WEB, MERGE, { spec: { replicas: 1 } }))).toBe(
      '404 NotFound: the server could not find the requested resource',
    )
  })

  it('given discovery, then it is there for what has one', async () => {
    const { resources } = await client.getPath<{ resources: (ApiObject & { name: string })[] }>('/apis/apps/v1')
    expect(resources.filter(({ name }) => name.endsWith('/scale'))).toEqual([
      expect.objectContaining({ name: 'deployments/scale', kind: 'Scale', group: 'autoscaling', version: 'v1' }),
      expect.objectContaining({ name: 'replicasets/scale', verbs: ['get', 'patch', 'update'] }),
    ])
  })
})
