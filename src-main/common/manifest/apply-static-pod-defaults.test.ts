import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import type { Pod } from '../api/core.ts'
import { fnv1a128Hex } from './fnv1a128.ts'
import { readStaticPod } from './read-static-pod.ts'

const CONTEXT = { path: '/etc/kubernetes/manifests/web.yaml', nodeName: 'node01', seen: '2026-01-01T00:00:00.5Z' }

function read(text: string, context: Partial<typeof CONTEXT> = {}): Pod {
  const result = readStaticPod(new TextEncoder().encode(text), { ...CONTEXT, ...context })
  if (!result.ok) throw new Error(result.message)
  return result.pod
}

const uid = (text: string, context: Partial<typeof CONTEXT> = {}) => read(text, context).metadata.uid

const WEB = 'apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: c, image: nginx}]}\n'

describe('fnv1a128Hex', () => {
  it.each([
    ['', '6c62272e07bb014262b821756295c58d'],
    ['a', 'd228cb696f1a8caf78912b704e4a8964'],
    ['foobar', '343e1662793c64bf6f0d3597ba446f18'],
  ])('given %j, then it is the published value', (text, expected) => {
    expect(fnv1a128Hex(text)).toBe(expected)
  })

  it('given text beyond ASCII, then its UTF-8 bytes are hashed, as by an independent reckoning', () => {
    const reference = (text: string): string => {
      let hash = 0x6c62272e07bb014262b821756295c58dn
      for (const byte of new TextEncoder().encode(text)) {
        hash = ((hash ^ BigInt(byte)) * (2n ** 88n + 0x13bn)) % 2n ** 128n
      }
      return hash.toString(16).padStart(32, '0')
    }
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(fnv1a128Hex(text)).toBe(reference(text))
      }),
    )
  })
})

describe('static pod', () => {
  it('given a manifest, then identity, node, annotations, toleration and phase are those of a kubelet', () => {
    const pod = read(WEB)
    const { metadata, spec, status } = pod
    expect(metadata).toEqual({
      name: 'web-node01',
      namespace: 'default',
      uid: metadata.uid,
      annotations: {
        'kubernetes.io/config.hash': metadata.uid,
        'kubernetes.io/config.seen': CONTEXT.seen,
        'kubernetes.io/config.source': 'file',
      },
    })
    expect(metadata.uid).toMatch(/^[0-9a-f]{32}$/)
    expect(spec.nodeName).toBe('node01')
    expect(spec.tolerations).toEqual([{ operator: 'Exists', effect: 'NoExecute' }])
    expect(status).toEqual({ phase: 'Pending' })
    expect(pod).not.toHaveProperty('kind')
  })

  it('given the toleration already, then it is not added again', () => {
    const pod = read(WEB.replace('spec: {', 'spec: {tolerations: [{operator: Exists, effect: NoExecute}], '))
    expect(pod.spec.tolerations).toHaveLength(1)
  })

  it('given metadata.uid, then it is the identity, whatever else changes', () => {
    const text = WEB.replace('{name: web}', '{name: web, uid: mine}')
    expect(read(text).metadata).toMatchObject({ uid: 'mine', annotations: { 'kubernetes.io/config.hash': 'mine' } })
    expect(uid(text.replace('nginx', 'busybox'))).toBe('mine')
  })
})

describe('uid', () => {
  const same: [string, string][] = [
    ['comments and blank lines', `# hello\n\n${WEB}\n# bye\n`],
    [
      'JSON',
      '{"kind":"Pod","spec":{"containers":[{"image":"nginx","name":"c"}]},"metadata":{"name":"web"},"apiVersion":"v1"}',
    ],
    ['quotes', WEB.replace('nginx', '"nginx"')],
    ['CRLF', WEB.replaceAll('\n', '\r\n')],
    ['restartPolicy Always', WEB.replace('spec: {', 'spec: {restartPolicy: Always, ')],
    ['imagePullPolicy Always', WEB.replace('image: nginx', 'image: nginx, imagePullPolicy: Always')],
    ['hostNetwork false', WEB.replace('spec: {', 'spec: {hostNetwork: false, ')],
    ['no labels', WEB.replace('{name: web}', '{name: web, labels: {}}')],
    ['an empty status', `${WEB}status: {}\n`],
    ['an unknown field', WEB.replace('spec: {', 'spec: {fooBar: 1, ')],
    [
      'every default',
      WEB.replace(
        'spec: {',
        'spec: {dnsPolicy: ClusterFirst, securityContext: {}, terminationGracePeriodSeconds: 30, schedulerName: default-scheduler, enableServiceLinks: true, ',
      ),
    ],
  ]
  it.each(same)('given %s, then it stays the same', (_what, text) => {
    expect(uid(text)).toBe(uid(WEB))
  })

  const other: [string, string][] = [
    ['another image', WEB.replace('nginx', 'nginx:1')],
    ['a label', WEB.replace('{name: web}', '{name: web, labels: {a: b}}')],
    ['an annotation', WEB.replace('{name: web}', '{name: web, annotations: {a: b}}')],
    ['a written namespace', WEB.replace('{name: web}', '{name: web, namespace: default}')],
    ['another name', WEB.replace('name: web', 'name: web2')],
    ['runAsUser 0', WEB.replace('spec: {', 'spec: {securityContext: {runAsUser: 0}, ')],
    ['another grace', WEB.replace('spec: {', 'spec: {terminationGracePeriodSeconds: 31, ')],
    [
      'another order of containers',
      WEB.replace('[{name: c, image: nginx}]', '[{name: d, image: nginx}, {name: c, image: nginx}]'),
    ],
  ]
  it.each(other)('given %s, then it is another', (_what, text) => {
    expect(uid(text)).not.toBe(uid(WEB))
  })

  it('given another node or path, then it is another; given another time of sight, the same', () => {
    expect(uid(WEB, { nodeName: 'node02' })).not.toBe(uid(WEB))
    expect(uid(WEB, { path: '/etc/kubernetes/manifests/other.yaml' })).not.toBe(uid(WEB))
    expect(uid(WEB, { seen: '2027-01-01T00:00:00Z' })).toBe(uid(WEB))
  })

  it('given any pod, when keys are shuffled and the form changes, then it stays; when a value changes, it does not', () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/)
    const pods = fc.record({
      image: name,
      labels: fc.dictionary(name, name, { maxKeys: 4 }),
      env: fc.dictionary(name, fc.string(), { maxKeys: 3 }),
    })
    fc.assert(
      fc.property(pods, name, ({ image, labels, env }, extra) => {
        const container = { name: 'c', image, env: Object.entries(env).map(([key, value]) => ({ name: key, value })) }
        const pod = {
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: { name: 'web', labels },
          spec: { containers: [container] },
        }
        const reversed = (value: unknown): unknown => {
          if (Array.isArray(value)) return value.map(reversed)
          if (typeof value !== 'object' || value === null) return value
          return Object.fromEntries(
            Object.entries(value)
              .toReversed()
              .map(([key, member]) => [key, reversed(member)]),
          )
        }
        const base = uid(JSON.stringify(pod))
        expect(uid(stringify(pod, { defaultStringType: 'QUOTE_DOUBLE' }))).toBe(base)
        expect(uid(JSON.stringify(reversed(pod), null, 2))).toBe(base)
        const changed = { ...pod, spec: { containers: [{ ...container, args: [extra] }] } }
        expect(uid(JSON.stringify(changed))).not.toBe(base)
      }),
    )
  })
})
