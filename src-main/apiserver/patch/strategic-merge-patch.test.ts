import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { object, required } from '../../common/api/field-schema.ts'
import { OBJECT_META, POD_SCHEMA } from '../../common/api/pod-schema.ts'
import { strategicMergePatch } from './strategic-merge-patch.ts'

const POD_SPEC = required(object('PodSpec', (POD_SCHEMA.fields['spec'] as typeof POD_SCHEMA).fields))
const TEMPLATE = object('PodTemplateSpec', { metadata: OBJECT_META, spec: POD_SPEC })
const DAEMON_SET = object('DaemonSet', {
  metadata: required(OBJECT_META),
  spec: required(object('DaemonSetSpec', { template: required(TEMPLATE) })),
})

const pod = (spec: object, metadata: object = { name: 'web' }) => ({ metadata, spec })
const patched = (target: object, patch: object) =>
  strategicMergePatch(target as Record<string, unknown>, patch as Record<string, unknown>, POD_SCHEMA)

describe('strategic merge patch, as recorded with kubectl 1.32', () => {
  const recorded = (spec: object) => ({
    metadata: { name: 'd1' },
    spec: { template: { metadata: { labels: { app: 'd1' } }, spec } },
  })
  const before = recorded({
    containers: [
      { name: 'c', image: 'bb:v1', command: ['sh', '-c', 'echo hello; sleep 3600'], imagePullPolicy: 'IfNotPresent' },
    ],
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 2,
  })

  it('given kubectl edit of a command, when it is applied, then the rest of the container stays', () => {
    const patch = {
      spec: {
        template: {
          spec: {
            '$setElementOrder/containers': [{ name: 'c' }],
            containers: [{ command: ['sh', '-c', 'echo edited; sleep 3600'], name: 'c' }],
          },
        },
      },
    }
    expect(strategicMergePatch(before, patch, DAEMON_SET)).toEqual(
      recorded({
        containers: [
          {
            name: 'c',
            image: 'bb:v1',
            command: ['sh', '-c', 'echo edited; sleep 3600'],
            imagePullPolicy: 'IfNotPresent',
          },
        ],
        restartPolicy: 'Always',
        terminationGracePeriodSeconds: 2,
      }),
    )
  })

  it('given kubectl rollout undo, when it replaces the template, then nothing of the old one stays', () => {
    const template = { metadata: { labels: { app: 'd1' } }, spec: { containers: [{ name: 'c', image: 'bb:v0' }] } }
    const patch = { spec: { template: { $patch: 'replace', ...template } } }
    expect(strategicMergePatch(before, patch, DAEMON_SET)['spec']).toEqual({ template })
  })

  it('given kubectl taint and its undoing, when they are applied, then the list of taints is replaced and removed', () => {
    const node = { metadata: { name: 'n' }, spec: { taints: [{ key: 'a', effect: 'NoSchedule' }] } }
    const taints = [{ effect: 'PreferNoSchedule', key: 'zz', value: '1' }]
    expect(patched(node, { spec: { taints } })).toEqual({ metadata: { name: 'n' }, spec: { taints } })
    expect(patched(node, { spec: { taints: null } })).toEqual({ metadata: { name: 'n' }, spec: {} })
  })
})

describe('strategic merge patch', () => {
  it('given a container that is new, when it is patched in without an order, then it comes first, where the patch has it', () => {
    const result = patched(pod({ containers: [{ name: 'a' }, { name: 'b' }] }), {
      spec: { containers: [{ name: 'x', env: [{ name: 'A', $patch: 'delete' }], image: null }] },
    })
    expect(result['spec']).toEqual({ containers: [{ name: 'x', env: [] }, { name: 'a' }, { name: 'b' }] })
  })

  it('given an order, when an item that it does not name is there, then that keeps its place before those it preceded', () => {
    const target = pod({ containers: [{ name: 'sidecar' }, { name: 'a' }, { name: 'b' }] })
    const result = patched(target, {
      spec: {
        '$setElementOrder/containers': [{ name: 'b' }, { name: 'new' }, { name: 'a' }],
        containers: [{ name: 'new' }],
      },
    })
    const names = (result['spec'] as { containers: { name: string }[] }).containers.map(({ name }) => name)
    expect(names).toEqual(['sidecar', 'b', 'new', 'a'])
  })

  it('given a finalizer to delete, when the order names those that stay, then it is gone', () => {
    const result = patched(pod({}, { finalizers: ['a', 'b', 'c'] }), {
      metadata: {
        '$deleteFromPrimitiveList/finalizers': ['b'],
        '$setElementOrder/finalizers': ['c', 'a', 'd'],
        finalizers: ['d'],
      },
    })
    expect(result['metadata']).toEqual({ finalizers: ['c', 'a', 'd'] })
  })

  it('given $patch: delete for an item, when it is applied, then that item is gone and others are merged', () => {
    const target = pod({
      volumes: [
        { name: 'a', emptyDir: {} },
        { name: 'b', emptyDir: {} },
      ],
    })
    const result = patched(target, {
      spec: {
        volumes: [
          { name: 'a', $patch: 'delete' },
          { name: 'b', $retainKeys: ['name', 'hostPath'], hostPath: { path: '/b' } },
        ],
      },
    })
    expect(result['spec']).toEqual({ volumes: [{ name: 'b', hostPath: { path: '/b' } }] })
  })

  it('given $patch: replace in a list, when it is applied, then the list is the patch alone', () => {
    const result = patched(pod({ containers: [{ name: 'a' }] }), {
      spec: { containers: [{ $patch: 'replace' }, { name: 'b' }] },
    })
    expect(result['spec']).toEqual({ containers: [{ name: 'b' }] })
  })

  it('given tolerations, which have no merge key, when they are patched, then they are replaced', () => {
    const result = patched(pod({ tolerations: [{ key: 'a' }] }), { spec: { tolerations: [{ key: 'b' }] } })
    expect(result['spec']).toEqual({ tolerations: [{ key: 'b' }] })
  })

  it.each([
    [{ spec: { containers: [{ image: 'x' }] } }, 'map: map[image:x] does not contain declared merge key: name'],
    [
      { spec: { containers: [{ name: 'a', $patch: 'swap' }] } },
      'unknown patch type: swap in map: map[$patch:swap name:a]',
    ],
    [{ spec: { $patch: 'merge' } }, 'unknown patch type: merge in map: map[$patch:merge]'],
    [{ spec: { containers: [{ name: 'a', $patch: 'merge' }] } }, 'merging lists cannot yet be specified in the patch'],
    [{ metadata: { '$deleteFromPrimitiveList/finalizers': 'b' } }, 'Invalid patch format of primitive list'],
    [{ spec: { '$setElementOrder/containers': 'b' } }, 'Invalid patch format of setElementOrder list'],
    [{ spec: { $retainKeys: ['hostname'], subdomain: 'x' } }, 'Invalid patch format of retainKeys'],
    [
      { spec: { '$setElementOrder/containers': [{ name: 'a' }], containers: [{ name: 'b' }] } },
      "The order in patch list:\n[map[name:b]]\n doesn't match $setElementOrder list:\n[map[name:a]]\n",
    ],
  ])('given the patch %j, then it is refused in upstream words', (patch, message) => {
    expect(() => patched(pod({ containers: [{ name: 'a' }], subdomain: 'y' }), patch)).toThrow(
      expect.objectContaining({ message }),
    )
  })

  it('given a list as long as a body may be, when it is patched, then not each is compared with each, which would take minutes', () => {
    const items = (prefix: string) => Array.from({ length: 60_000 }, (_, index) => ({ name: `${prefix}${index}` }))
    const result = patched(pod({ containers: items('a') }), { spec: { containers: [...items('b'), ...items('a')] } })
    expect((result['spec'] as { containers: object[] }).containers).toHaveLength(120_000)
  })

  it('given any containers, when any of them are patched in any order, then each is there once with the image of the patch', () => {
    const names = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { maxLength: 5 })
    fc.assert(
      fc.property(names, names, (server, ordered) => {
        const target = pod({ containers: server.map((name) => ({ name, image: 'old' })) })
        const containers = ordered.map((name) => ({ name, image: 'new' }))
        const order = ordered.map((name) => ({ name }))
        const result = patched(target, { spec: { '$setElementOrder/containers': order, containers } })
        const found = (result['spec'] as { containers: { name: string; image: string }[] }).containers
        const expected = new Set([...server, ...ordered])
        expect(found.length).toBe(expected.size)
        expect(new Set(found.map(({ name }) => name))).toEqual(expected)
        expect(found.filter(({ image }) => image === 'new').map(({ name }) => name)).toEqual(ordered)
        expect(found.filter(({ image }) => image === 'old').map(({ name }) => name)).toEqual(
          server.filter((name) => !ordered.includes(name)),
        )
      }),
    )
  })
})
