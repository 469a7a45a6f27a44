import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { POD_SCHEMA } from '../../common/api/pod-schema.ts'
import type { UnknownObject } from '../../common/api/api-object.ts'
import { StatusError } from '../../kube/status-error.ts'
import type { BodyKind, FieldValidation } from '../serialization/json/decode-body.ts'
import { mergePatch } from './merge-patch.ts'
import { preparePatch, type PatchType } from './prepare-patch.ts'

const POD: BodyKind = { group: '', version: 'v1', kind: 'Pod', schema: POD_SCHEMA }
const web = (): UnknownObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', labels: { app: 'web', z: '2' } },
  spec: { containers: [{ name: 'c', image: 'busybox' }] },
})

function patch(type: PatchType, body: unknown, fieldValidation: FieldValidation = 'Strict') {
  return preparePatch(type, Buffer.from(JSON.stringify(body)), POD, fieldValidation)(web())
}

function failure(type: PatchType, body: unknown): { code: number | undefined; message: string } {
  try {
    patch(type, body)
  } catch (error) {
    if (error instanceof StatusError) return { code: error.status.code, message: error.message }
    throw error
  }
  throw new Error('it was not refused')
}

const CANNOT = { code: 422, message: 'the server rejected our request due to an error in our request' }

describe('patches', () => {
  it('given the recorded JSON patch of a label, when it is applied, then the label has the new value', () => {
    const { object: result } = patch('json', [{ op: 'replace', path: '/metadata/labels/z', value: '3' }])
    expect(result.metadata.labels).toEqual({ app: 'web', z: '3' })
  })

  it('given merge patches of labels, when they are applied, then null removes and others stay', () => {
    expect(patch('merge', { metadata: { labels: { z: null, q: '1' } } }).object.metadata.labels).toEqual({
      app: 'web',
      q: '1',
    })
  })

  it('given a merge patch of a list, when it is applied, then the list is replaced', () => {
    const { object: result } = patch('merge', { spec: { containers: [{ name: 'd' }] } })
    expect(result['spec']).toEqual({ containers: [{ name: 'd' }] })
  })

  it('given a patch, when it is applied twice, then what stood there is never changed', () => {
    const before = web()
    for (const type of ['merge', 'strategic'] as const) {
      const apply = preparePatch(type, Buffer.from('{"metadata":{"labels":{"a":"b"}}}'), POD, 'Strict')
      apply(before)
      expect(apply(before).object.metadata.labels).toEqual({ app: 'web', z: '2', a: 'b' })
    }
    expect(before).toEqual(web())
  })

  it.each(['merge', 'strategic'] as const)(
    'given an unknown field in a %s patch, when strict, then it is refused',
    (type) => {
      const { code, message } = failure(type, { spec: { foo: 1 } })
      expect(code).toBe(422)
      expect(message).toMatch(
        /^ "" is invalid: patch: Invalid value: ".*": strict decoding error: unknown field "spec.foo"$/,
      )
      expect(patch(type, { spec: { foo: 1 } }, 'Warn').warnings).toEqual(['unknown field "spec.foo"'])
    },
  )

  it.each([
    ['a test that fails', [{ op: 'test', path: '/metadata/name', value: 'other' }]],
    ['a path that is not there', [{ op: 'remove', path: '/metadata/annotations/a' }]],
    ['an operation that nobody knows', [{ op: 'swap', path: '/metadata/name' }]],
    ['an operation without a path', [{ op: 'remove' }]],
    ['a path without a slash', [{ op: 'add', path: 'metadata', value: {} }]],
    ['an index that is none', [{ op: 'replace', path: '/spec/containers/length', value: 4294967295 }]],
    ['a way to all functions', [{ op: 'add', path: '/hasOwnProperty/call', value: 1 }]],
    ['a way to all objects', [{ op: 'add', path: '/metadata/__proto__/polluted', value: 1 }]],
    [
      'copies without end',
      [
        { op: 'add', path: '/metadata/labels/x', value: 'x'.repeat(5000) },
        ...Array.from({ length: 40 }, (_, index) => ({ op: 'copy', from: '/metadata', path: `/spec/${index}` })),
        ...Array.from({ length: 40 }, (_, index) => ({ op: 'copy', from: '/spec', path: `/metadata/${index}` })),
      ],
    ],
  ])('given a JSON patch with %s, then it is refused and nothing outside the object changes', (_what, body) => {
    expect(failure('json', body)).toEqual(CANNOT)
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
    expect(Object.prototype.hasOwnProperty.call({ a: 1 }, 'a')).toBe(true)
  })

  it('given a JSON patch that is too long or no list, then it is refused in upstream words', () => {
    const operations = Array.from({ length: 10_001 }, () => ({ op: 'test', path: '/kind', value: 'Pod' }))
    expect(failure('json', operations)).toEqual({
      code: 413,
      message: 'The allowed maximum operations in a JSON patch is 10000, got 10001',
    })
    expect(failure('json', {})).toEqual({
      code: 400,
      message: 'json: cannot unmarshal object into Go value of type jsonpatch.Patch',
    })
  })

  it('given any two JSON values, when one is patched by the other twice, then the second time changes nothing', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (target, change) => {
        const once = mergePatch(target, change)
        expect(JSON.stringify(mergePatch(once, change))).toBe(JSON.stringify(once))
      }),
    )
  })
})
