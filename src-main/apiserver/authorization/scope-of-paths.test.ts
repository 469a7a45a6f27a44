/** Paths and methods by which somebody could do more than his roles say, against a real server over TLS. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newSecureApiServer, type Answer, type SecureApiServer } from '../../../tests/support/secure-api-server.ts'
import { waitUntil } from '../../../tests/support/wait-until.ts'
import type { KeyPair } from '../../lab/pki/certificate.ts'

const RBAC = 'rbac.authorization.k8s.io'
const APPLY = 'application/apply-patch+yaml'

describe('given somebody who may do everything in one namespace', () => {
  let server: SecureApiServer
  let owner: KeyPair

  beforeAll(async () => {
    server = await newSecureApiServer()
    owner = await server.issueClient('owner')
    await bind('owner', { kind: 'ClusterRole', name: 'cluster-admin' })
    await waitUntil(
      { what: 'the binding counts' },
      async () => (await server.ask(owner, '/api/v1/namespaces/default/secrets')).status === 200 || undefined,
    )
  })
  afterAll(() => server[Symbol.asyncDispose]())

  async function bind(user: string, role: { kind: string; name: string }): Promise<void> {
    await server.put({
      apiVersion: `${RBAC}/v1`,
      kind: 'RoleBinding',
      metadata: { name: user, namespace: 'default' },
      subjects: [{ kind: 'User', apiGroup: RBAC, name: user }],
      roleRef: { apiGroup: RBAC, ...role },
    })
  }

  const statusOf = async (path: string, method = 'GET', body?: object): Promise<number> =>
    (await server.ask(owner, path, { method, ...(body === undefined ? {} : { body }) })).status

  test('when the path names another namespace below his own, then there is no such thing', async () => {
    expect(await statusOf('/api/v1/namespaces/default/namespaces/kube-node-lease')).toBe(404)
    expect(await statusOf('/api/v1/namespaces/default/namespaces')).toBe(404)
    expect(await statusOf('/api/v1/namespaces/default/namespaces/kube-node-lease', 'DELETE')).toBe(404)
    expect(await statusOf('/api/v1/watch/namespaces/default/namespaces/kube-system')).toBe(404)
    expect(await statusOf('/api/v1/namespaces/default')).toBe(200)
  })

  test('when the path puts a resource of the cluster into his namespace, then there is no such thing', async () => {
    expect(await statusOf('/api/v1/namespaces/default/nodes')).toBe(404)
    expect(await statusOf('/apis/metrics.k8s.io/v1beta1/namespaces/default/nodes')).toBe(404)
    const body = {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SubjectAccessReview',
      spec: { user: 'ada', resourceAttributes: { verb: 'get', resource: 'secrets', namespace: 'kube-system' } },
    }
    expect(await statusOf('/apis/authorization.k8s.io/v1/namespaces/default/subjectaccessreviews', 'POST', body)).toBe(
      404,
    )
  })

  test('when another may patch and not create, then applying what is not there is refused', async () => {
    const patcher = await server.issueClient('patcher')
    await server.put({
      apiVersion: `${RBAC}/v1`,
      kind: 'Role',
      metadata: { name: 'patch', namespace: 'default' },
      rules: [{ verbs: ['get', 'list', 'patch'], apiGroups: [''], resources: ['configmaps'] }],
    })
    await bind('patcher', { kind: 'Role', name: 'patch' })
    await waitUntil(
      { what: 'the role counts' },
      async () => (await server.ask(patcher, '/api/v1/namespaces/default/configmaps')).status === 200 || undefined,
    )
    const apply = (identity: KeyPair): Promise<Answer> =>
      server.ask(identity, '/api/v1/namespaces/default/configmaps/m?fieldManager=me&force=true', {
        method: 'PATCH',
        contentType: APPLY,
        body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'm' } },
      })
    const refused = await apply(patcher)
    expect(refused.json?.message).toBe(
      'configmaps "m" is forbidden: User "patcher" cannot create resource "configmaps" in API group "" in the namespace "default"',
    )
    expect((await apply(owner)).status).toBe(201)
    expect((await apply(patcher)).status).toBe(200)
  })

  test('when a stranger sends a path of many slashes, then he is answered at once', async () => {
    // The square of that many steps takes a minute and more: the test fails by its time limit.
    expect((await server.ask(undefined, `/a${'/'.repeat(100_000)}a`)).status).toBe(403)
  })
})
