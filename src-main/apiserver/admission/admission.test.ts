/** What admission makes of writes, against a real server (facts 4.10, 4.11, 7.8). */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newSecureApiServer, type Answer, type SecureApiServer } from '../../../tests/support/secure-api-server.ts'
import type { Pod } from '../../common/api/core.ts'
import type { KeyPair } from '../../lab/pki/certificate.ts'
import { chooseAdmissionPlugins } from './admission-chain.ts'
import type { AdmissionPlugin } from './admission-plugin.ts'

describe('admission', () => {
  let server: SecureApiServer
  let admin: KeyPair
  let count = 0

  beforeAll(async () => {
    server = await newSecureApiServer()
    admin = await server.issueClient('kubernetes-admin', 'system:masters')
    await server.put({
      apiVersion: 'scheduling.k8s.io/v1',
      kind: 'PriorityClass',
      metadata: { name: 'high' },
      value: 1000,
      preemptionPolicy: 'Never',
    })
    await server.put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'ending', finalizers: ['a/b'] } })
    await server.put({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: 'ending' } })
    await server.ask(admin, '/api/v1/namespaces/ending', { method: 'DELETE' })
  })
  afterAll(() => server[Symbol.asyncDispose]())

  function create(spec: object, namespace = 'default', annotations = {}): Promise<Answer> {
    return server.ask(admin, `/api/v1/namespaces/${namespace}/pods`, {
      method: 'POST',
      body: {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: `p${count++}`, annotations },
        spec: { containers: [{ name: 'c', image: 'bb' }], ...spec },
      },
    })
  }

  async function created(spec: object): Promise<Pod['spec']> {
    const { status, json } = await create(spec)
    expect(status).toBe(201)
    return (json as unknown as Pod).spec
  }

  test('given an ordinary pod, when it is created, then it gets account, token, tolerations and priority as upstream gives them', async () => {
    const spec = await created({})
    expect(spec).toMatchObject({ serviceAccountName: 'default', priority: 0, preemptionPolicy: 'PreemptLowerPriority' })
    const [volume] = spec.volumes ?? []
    expect(volume?.name).toMatch(/^kube-api-access-[bcdfghjklmnpqrstvwxz2456789]{5}$/)
    expect(volume?.projected).toEqual({
      defaultMode: 420,
      sources: [
        { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
        { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
        {
          downwardAPI: {
            items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }],
          },
        },
      ],
    })
    expect(spec.containers[0]?.volumeMounts).toEqual([
      { name: volume?.name, readOnly: true, mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' },
    ])
    expect(spec.tolerations).toEqual([
      { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 },
      { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 },
    ])
  })

  test('given pods that say it themselves, when they are created, then admission leaves what they say', async () => {
    const spec = await created({
      automountServiceAccountToken: false,
      tolerations: [{ operator: 'Exists', effect: 'NoExecute' }],
      priorityClassName: 'high',
    })
    expect(spec.volumes).toBeUndefined()
    expect(spec.tolerations).toHaveLength(1)
    expect(spec).toMatchObject({ priority: 1000, preemptionPolicy: 'Never' })
  })

  test('given what does not exist or must not be, when pods name it, then upstream’s words refuse them', async () => {
    const refusal = async (answer: Promise<Answer>): Promise<[number, string | undefined]> => {
      const { status, json } = await answer
      return [status, json?.message?.replace(/"p\d+"/, '"p"')]
    }
    expect(await refusal(create({ priorityClassName: 'nosuch' }))).toEqual([
      403,
      'pods "p" is forbidden: no PriorityClass with name nosuch was found',
    ])
    expect(await refusal(create({ serviceAccountName: 'nosuch' }))).toEqual([
      403,
      'pods "p" is forbidden: error looking up service account default/nosuch: serviceaccount "nosuch" not found',
    ])
    expect(await refusal(create({}, 'nosuchns'))).toEqual([404, 'namespaces "nosuchns" not found'])
    expect(await refusal(create({}, 'ending'))).toEqual([
      403,
      'pods "p" is forbidden: unable to create new content in namespace ending because it is being terminated',
    ])
    const token = { name: 't', projected: { sources: [{ serviceAccountToken: { path: 'token' } }] } }
    expect(
      await refusal(create({ nodeName: 'n', volumes: [token] }, 'default', { 'kubernetes.io/config.mirror': 'x' })),
    ).toEqual([403, 'pods "p" is forbidden: a mirror pod may not use ServiceAccountToken volume projections'])
  })

  test('given the namespaces that a cluster needs, when one is deleted, then it is refused', async () => {
    const { json } = await server.ask(admin, '/api/v1/namespaces/kube-system', { method: 'DELETE' })
    expect(json?.message).toBe('namespaces "kube-system" is forbidden: this namespace may not be deleted')
  })

  test('given a new Node, when it is created, then it is tainted until it is ready', async () => {
    const node = await server.put({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'fresh' } })
    expect(node['spec']).toEqual({ taints: [{ key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' }] })
  })

  test('given the flags of plugins, when they are read, then order and defaults are upstream’s, and unknown names are refused', () => {
    const plugins = ['Priority', 'NodeRestriction', 'NamespaceLifecycle'].map((name): AdmissionPlugin => ({ name }))
    const names = (enabled: string[], disabled: string[]): string[] =>
      chooseAdmissionPlugins(plugins, { enabled, disabled }).map(({ name }) => name)
    expect(names([], [])).toEqual(['NamespaceLifecycle', 'Priority'])
    expect(names(['NodeRestriction', 'LimitRanger'], ['Priority'])).toEqual(['NamespaceLifecycle', 'NodeRestriction'])
    expect(() => names(['Nonsense'], [])).toThrow('enable-admission-plugins plugin "Nonsense" is unknown')
  })
})
