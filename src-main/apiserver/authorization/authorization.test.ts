/** Who may do what, against a real server over TLS (facts 4.9; REPORT P2.2). */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newSecureApiServer, type Answer, type SecureApiServer } from '../../../tests/support/secure-api-server.ts'
import type { UnknownObject } from '../../common/api/api-object.ts'
import type { KeyPair } from '../../lab/pki/certificate.ts'
import { waitUntil } from '../../../tests/support/wait-until.ts'

const PODS = '/api/v1/namespaces/default/pods'
const MIRROR = 'kubernetes.io/config.mirror'

describe('authorization', () => {
  let server: SecureApiServer
  let admin: KeyPair
  let node01: KeyPair
  let ada: KeyPair
  let nodeUID: string

  beforeAll(async () => {
    server = await newSecureApiServer()
    admin = await server.issueClient('kubernetes-admin', 'kubeadm:cluster-admins')
    node01 = await server.issueClient('system:node:node01', 'system:nodes')
    ada = await server.issueClient('ada', 'team')
    const node = await server.put({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'node01' } })
    nodeUID = node.metadata.uid ?? ''
    await server.put({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'node02' } })
  })
  afterAll(() => server[Symbol.asyncDispose]())

  const messageOf = ({ json }: Answer): string | undefined => json?.message

  function mirror(change: (pod: UnknownObject & { spec: Record<string, unknown> }) => void = () => undefined): object {
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: 'web-node01',
        namespace: 'default',
        annotations: { [MIRROR]: 'abc' } as Record<string, string>,
        ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name: 'node01', uid: nodeUID, controller: true }],
      },
      spec: { nodeName: 'node01', containers: [{ name: 'c', image: 'bb' }] } as Record<string, unknown>,
    }
    change(pod)
    return pod
  }

  const createAsNode = (body: object): Promise<Answer> => server.ask(node01, PODS, { method: 'POST', body })

  test('given kubeadm administrators, when they list anything, then the bootstrap bindings let them', async () => {
    expect((await server.ask(admin, '/api/v1/pods')).status).toBe(200)
    const { json } = await server.ask(admin, '/apis/rbac.authorization.k8s.io/v1/clusterroles/cluster-admin')
    expect(json?.metadata).toMatchObject({
      labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults' },
      annotations: { 'rbac.authorization.kubernetes.io/autoupdate': 'true' },
    })
  })

  test('given a user with no role, when he reads, then upstream’s words tell what is missing', async () => {
    expect(messageOf(await server.ask(ada, PODS))).toBe(
      'pods is forbidden: User "ada" cannot list resource "pods" in API group "" in the namespace "default"',
    )
    expect(messageOf(await server.ask(ada, `${PODS}/x/log`))).toBe(
      'pods "x" is forbidden: User "ada" cannot get resource "pods/log" in API group "" in the namespace "default"',
    )
  })

  test('given a role binding, when its user asks in that namespace, then he may what the role says and no more', async () => {
    await server.put({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { name: 'readers', namespace: 'default' },
      subjects: [{ kind: 'Group', apiGroup: 'rbac.authorization.k8s.io', name: 'team' }],
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
    })
    await waitUntil(
      { what: 'the binding counts' },
      async () => (await server.ask(ada, PODS)).status === 200 || undefined,
    )
    expect((await server.ask(ada, '/api/v1/pods')).status).toBe(403)
    expect((await server.ask(ada, '/api/v1/namespaces/default/secrets')).status).toBe(403)
    expect((await server.ask(ada, `${PODS}/x`, { method: 'DELETE' })).status).toBe(403)
  })

  test('given reviews, when somebody asks what he may, then the answers are those of the gates', async () => {
    const review = async (identity: KeyPair, resourceAttributes: object): Promise<unknown> => {
      const { json } = await server.ask(identity, '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
        method: 'POST',
        body: { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec: { resourceAttributes } },
      })
      return json?.['status']
    }
    expect(await review(admin, { verb: 'create', resource: 'pods' })).toEqual({
      allowed: true,
      reason:
        'RBAC: allowed by ClusterRoleBinding "kubeadm:cluster-admins" of ClusterRole "cluster-admin" to Group "kubeadm:cluster-admins"',
    })
    expect(await review(ada, { verb: 'delete', resource: 'nodes' })).toEqual({ allowed: false })
    const { json } = await server.ask(ada, '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews', {
      method: 'POST',
      body: {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SelfSubjectRulesReview',
        spec: { namespace: 'kube-system' },
      },
    })
    expect(json?.['status']).toMatchObject({ incomplete: true })
    const empty = await server.ask(ada, '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
      method: 'POST',
      body: { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec: {} },
    })
    expect(empty.status).toBe(422)
  })

  test('given a user who may write roles, when he gives away what he does not have, then he is refused', async () => {
    const RBAC = '/apis/rbac.authorization.k8s.io/v1/namespaces/default'
    const carl = await server.issueClient('carl')
    await server.put({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { name: 'carl', namespace: 'default' },
      subjects: [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'carl' }],
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'admin' },
    })
    await waitUntil(
      { what: 'the binding counts' },
      async () => (await server.ask(carl, PODS)).status === 200 || undefined,
    )
    const role = (name: string, rule: object): Promise<Answer> =>
      server.ask(carl, `${RBAC}/roles`, {
        method: 'POST',
        body: { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata: { name }, rules: [rule] },
      })
    expect((await role('fine', { verbs: ['get', 'list'], apiGroups: [''], resources: ['pods'] })).status).toBe(201)
    expect(
      messageOf(await role('more', { verbs: ['get', 'bind'], apiGroups: [''], resources: ['pods', 'nodes'] })),
    ).toBe(
      'roles.rbac.authorization.k8s.io "more" is forbidden: user "carl" (groups=["system:authenticated"]) is attempting to grant RBAC permissions not currently held:\n{APIGroups:[""], Resources:["pods"], Verbs:["bind"]}\n{APIGroups:[""], Resources:["nodes"], Verbs:["get" "bind"]}',
    )
    const bind = await server.ask(carl, `${RBAC}/rolebindings`, {
      method: 'POST',
      body: {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'RoleBinding',
        metadata: { name: 'root' },
        subjects: [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'carl' }],
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
      },
    })
    expect(bind.status).toBe(403)
  })

  describe('of nodes', () => {
    test('given a node, when it reads beyond what is its own, then each refusal says why', async () => {
      const cases: [string, string][] = [
        [
          '/api/v1/namespaces/default/secrets/sec1',
          `secrets "sec1" is forbidden: User "system:node:node01" cannot get resource "secrets" in API group "" in the namespace "default": no relationship found between node 'node01' and this object`,
        ],
        [
          '/api/v1/secrets',
          'secrets is forbidden: User "system:node:node01" cannot list resource "secrets" in API group "" at the cluster scope: can only read namespaced object of this type',
        ],
        [
          '/api/v1/pods',
          'pods is forbidden: User "system:node:node01" cannot list resource "pods" in API group "" at the cluster scope: can only list/watch pods with spec.nodeName field selector',
        ],
        [
          '/api/v1/nodes/node02',
          `nodes "node02" is forbidden: User "system:node:node01" cannot get resource "nodes" in API group "" at the cluster scope: node 'node01' cannot read 'node02', only its own Node object`,
        ],
        [
          '/apis/apps/v1/daemonsets',
          'daemonsets.apps is forbidden: User "system:node:node01" cannot list resource "daemonsets" in API group "apps" at the cluster scope',
        ],
      ]
      for (const [path, message] of cases) expect(messageOf(await server.ask(node01, path))).toBe(message)
      expect((await server.ask(node01, '/api/v1/pods?fieldSelector=spec.nodeName%3Dnode01')).status).toBe(200)
      expect((await server.ask(node01, '/api/v1/pods?fieldSelector=spec.nodeName%3Dnode02')).status).toBe(403)
      expect((await server.ask(node01, '/api/v1/nodes?fieldSelector=metadata.name%3Dnode01')).status).toBe(200)
    })

    test('given a pod of the node that uses a secret, when the node reads it, then it may, until the pod is gone', async () => {
      const secret = '/api/v1/namespaces/default/secrets/used'
      await server.put({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'used', namespace: 'default' } })
      await server.put({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'user', namespace: 'default' },
        spec: {
          nodeName: 'node01',
          containers: [{ name: 'c', image: 'bb', envFrom: [{ secretRef: { name: 'used' } }] }],
        },
      })
      await waitUntil(
        { what: 'the graph knows the pod' },
        async () => (await server.ask(node01, secret)).status === 200 || undefined,
      )
      const node02 = await server.issueClient('system:node:node02', 'system:nodes')
      expect((await server.ask(node02, secret)).status).toBe(403)
      await server.ask(admin, `${PODS}/user?gracePeriodSeconds=0`, { method: 'DELETE' })
      await waitUntil(
        { what: 'the graph has forgotten it' },
        async () => (await server.ask(node01, secret)).status === 403 || undefined,
      )
    })

    test('given pods that a node may not make, when it makes them, then each refusal is the recorded one', async () => {
      const refuse = async (body: object): Promise<string | undefined> => {
        const answer = await createAsNode(body)
        expect(answer.status).toBe(403)
        return messageOf(answer)?.replace('pods "web-node01" is forbidden: ', '')
      }
      const owner = (change: object) =>
        mirror(({ metadata }) => {
          metadata.ownerReferences = metadata.ownerReferences?.map((one) => ({ ...one, ...change })) ?? []
        })
      expect(await refuse(mirror(({ metadata }) => delete metadata.annotations))).toBe(
        'pod does not have "kubernetes.io/config.mirror" annotation, node "node01" can only create mirror pods',
      )
      expect(await refuse(mirror(({ metadata }) => delete metadata.ownerReferences))).toBe(
        'node "node01" can only create pods with an owner reference set to itself',
      )
      expect(await refuse(owner({ name: 'node02' }))).toBe(
        'node "node01" can only create pods with an owner reference set to itself',
      )
      expect(await refuse(owner({ uid: 'zzz' }))).toBe(`node node01 UID mismatch: expected zzz got ${nodeUID}`)
      expect(await refuse(owner({ blockOwnerDeletion: true }))).toBe(
        'node "node01" must not set blockOwnerDeletion on an owner reference',
      )
      expect(await refuse(mirror(({ spec }) => (spec['nodeName'] = 'node02')))).toBe(
        'node "node01" can only create pods with spec.nodeName set to itself',
      )
      const env = (valueFrom: object) => [{ name: 'c', image: 'bb', env: [{ name: 'A', valueFrom }] }]
      expect(
        await refuse(mirror(({ spec }) => (spec['containers'] = env({ configMapKeyRef: { name: 'x', key: 'y' } })))),
      ).toBe('node "node01" can not create pods that reference configmaps')
      expect(
        await refuse(mirror(({ spec }) => (spec['containers'] = env({ secretKeyRef: { name: 'x', key: 'y' } })))),
      ).toBe('a mirror pod may not reference secrets')
      expect(await refuse(mirror(({ spec }) => (spec['serviceAccountName'] = 'default')))).toBe(
        'a mirror pod may not reference service accounts',
      )
    })

    test('given its own mirror pod, when the node makes, reports and deletes it, then it may, and others’ it may not', async () => {
      const created = await createAsNode(mirror())
      expect(created.status).toBe(201)
      expect(created.json?.['spec']).not.toHaveProperty('serviceAccountName')
      const other = { ...mirror(), metadata: { name: 'foreign', namespace: 'default' } } as unknown as UnknownObject
      await server.put({ ...other, spec: { nodeName: 'node02', containers: [{ name: 'c', image: 'bb' }] } })
      const status = { status: { phase: 'Running' } }
      const patch = (name: string): Promise<Answer> =>
        server.ask(node01, `${PODS}/${name}/status`, {
          method: 'PATCH',
          body: status,
          contentType: 'application/merge-patch+json',
        })
      expect((await patch('web-node01')).status).toBe(200)
      expect(messageOf(await patch('foreign'))).toBe(
        'pods "foreign" is forbidden: node "node01" can only update pod status for pods with spec.nodeName set to itself',
      )
      const remove = (name: string): Promise<Answer> =>
        server.ask(node01, `${PODS}/${name}?gracePeriodSeconds=0`, { method: 'DELETE' })
      expect(messageOf(await remove('foreign'))).toBe(
        'pods "foreign" is forbidden: node "node01" can only delete pods with spec.nodeName set to itself',
      )
      expect((await remove('web-node01')).status).toBe(200)
    })

    test('given Nodes and leases, when a node writes its own and another’s, then only its own, without taints and foreign labels', async () => {
      const patch = (path: string, body: object): Promise<Answer> =>
        server.ask(node01, path, { method: 'PATCH', body, contentType: 'application/merge-patch+json' })
      const own = '/api/v1/nodes/node01'
      const label = (name: string): object => ({ metadata: { labels: { [name]: 'x' } } })
      expect(messageOf(await patch('/api/v1/nodes/node02', label('a')))).toBe(
        'nodes "node02" is forbidden: node "node01" is not allowed to modify node "node02"',
      )
      expect(messageOf(await patch(own, { spec: { taints: [{ key: 'a', effect: 'NoSchedule' }] } }))).toBe(
        'nodes "node01" is forbidden: node "node01" is not allowed to modify taints',
      )
      expect(messageOf(await patch(own, label('node-role.kubernetes.io/x')))).toBe(
        'nodes "node01" is forbidden: is not allowed to modify labels: node-role.kubernetes.io/x',
      )
      expect((await patch(own, label('kubernetes.io/hostname'))).status).toBe(200)
      const leases = '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases'
      const lease = (name: string): object => ({
        apiVersion: 'coordination.k8s.io/v1',
        kind: 'Lease',
        metadata: { name, namespace: 'kube-node-lease' },
        spec: { holderIdentity: name, leaseDurationSeconds: 40 },
      })
      const create = (name: string): Promise<Answer> =>
        server.ask(node01, leases, { method: 'POST', body: lease(name) })
      expect((await create('node01')).status).toBe(201)
      expect(messageOf(await create('node02'))).toBe(
        'leases.coordination.k8s.io "node02" is forbidden: can only access node lease with the same name as the requesting node',
      )
      expect((await server.ask(node01, `${leases}/node02`)).status).toBe(403)
    })

    test('given service accounts, when a node asks for tokens, then only for pods that run on it', async () => {
      const account = '/api/v1/namespaces/default/serviceaccounts/default/token'
      const pod = await server.put({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'own', namespace: 'default' },
        spec: { nodeName: 'node01', containers: [{ name: 'c', image: 'bb' }] },
      })
      const request = (boundObjectRef?: object): Promise<Answer> =>
        server.ask(node01, account, {
          method: 'POST',
          body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { boundObjectRef } },
        })
      await waitUntil(
        { what: 'the graph knows the pod' },
        async () => !(messageOf(await request()) ?? '').includes('no relationship') || undefined,
      )
      expect(messageOf(await request())).toContain('node requested token not bound to a pod')
      const own = { apiVersion: 'v1', kind: 'Pod', name: 'own', uid: pod.metadata.uid }
      expect((await request(own)).status).toBe(201)
      expect(messageOf(await request({ ...own, name: 'foreign', uid: 'x' }))).toContain('UID')
    })
  })
})
