import { describe, expect, it } from 'vitest'
import type { ObjectMeta } from '../api/meta.ts'
import { formatFieldError } from './field-error.ts'
import { validateObjectMeta, validateObjectMetaUpdate } from './validate-object-meta.ts'

const HEALTHY: ObjectMeta = { name: 'web', namespace: 'default', uid: 'u', creationTimestamp: '2026-11-23T16:18:48Z' }
const OWNER = { apiVersion: 'v1', kind: 'Node', name: 'node01', uid: 'n', controller: true }

function create(metadata: ObjectMeta, namespaced = true): string[] {
  return validateObjectMeta(metadata, { namespaced }).map(formatFieldError)
}

function update(change: ObjectMeta, old: ObjectMeta = HEALTHY): string[] {
  return validateObjectMetaUpdate({ ...old, ...change }, old).map(formatFieldError)
}

describe('metadata of a new object', () => {
  it('given a healthy one, then nothing is said', () => {
    expect(create({ ...HEALTHY, ownerReferences: [OWNER] })).toEqual([])
    expect(create({ name: 'node01' }, false)).toEqual([])
  })

  it.each<[string, ObjectMeta, boolean, string]>([
    ['no name', { namespace: 'a' }, true, 'metadata.name: Required value: name or generateName is required'],
    ['no namespace', { name: 'a' }, true, 'metadata.namespace: Required value'],
    [
      'a namespace where there is none',
      { name: 'a', namespace: 'b' },
      false,
      'metadata.namespace: Forbidden: not allowed on this type',
    ],
    ['a label that is none', { ...HEALTHY, labels: { a: 'b c' } }, true, 'metadata.labels: Invalid value: "b c": '],
    [
      'an owner without a version',
      { ...HEALTHY, ownerReferences: [{ ...OWNER, apiVersion: '' }] },
      true,
      'metadata.ownerReferences.apiVersion: Invalid value: "": version must not be empty',
    ],
    [
      'an owner without a UID',
      { ...HEALTHY, ownerReferences: [{ ...OWNER, uid: '' }] },
      true,
      'metadata.ownerReferences.uid: Invalid value: "": must not be empty',
    ],
    [
      'an event as owner',
      { ...HEALTHY, ownerReferences: [{ ...OWNER, kind: 'Event', controller: false }] },
      true,
      '/v1, Kind=Event is disallowed from being an owner',
    ],
    [
      'two controllers',
      { ...HEALTHY, ownerReferences: [OWNER, { ...OWNER, name: 'node02' }] },
      true,
      'Only one reference can have Controller set to true. Found "true" in references for Node/node01 and Node/node02',
    ],
  ])('given %s, then it is refused', (_name, metadata, namespaced, message) => {
    const errors = create(metadata, namespaced)
    expect(errors).toHaveLength(1)
    expect(errors[0]).toContain(message)
  })

  it('given a rule for names of its own, then that one counts', () => {
    const checkName = (name: string): string[] => (name === 'web' ? ['not this one'] : [])
    expect(validateObjectMeta(HEALTHY, { namespaced: true, checkName }).map(formatFieldError)).toEqual([
      'metadata.name: Invalid value: "web": not this one',
    ])
  })
})

describe('metadata of an update', () => {
  it('given labels and owners that change, then nothing is said', () => {
    expect(update({ labels: { a: 'b' }, ownerReferences: [OWNER] })).toEqual([])
  })

  it.each<[string, ObjectMeta, string]>([
    ['another name', { name: 'other' }, 'metadata.name: Invalid value: "other": field is immutable'],
    ['another UID', { uid: 'v' }, 'metadata.uid: Invalid value: "v": field is immutable'],
    [
      'a grace period',
      { deletionGracePeriodSeconds: 1 },
      'metadata.deletionGracePeriodSeconds: Invalid value: 1: field is immutable; may only be changed via deletion',
    ],
    [
      'a generation that goes back',
      { generation: 1 },
      'metadata.generation: Invalid value: 1: must not be decremented',
    ],
  ])('given %s, then it is refused', (_name, change, message) => {
    expect(update(change, { ...HEALTHY, generation: change.generation === undefined ? 0 : 2 })).toEqual([message])
  })

  it('given an object that is being deleted, then finalizers may only go', () => {
    const old = { ...HEALTHY, deletionTimestamp: '2026-11-23T16:18:48Z', finalizers: ['example.com/a'] }
    expect(update({ finalizers: [] }, old)).toEqual([])
    expect(update({ finalizers: ['example.com/a', 'example.com/b'] }, old)).toEqual([
      'metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"example.com/b"}',
    ])
  })
})
