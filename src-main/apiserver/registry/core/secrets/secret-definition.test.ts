import { describe, expect, it } from 'vitest'
import { create, update } from '../../testing/exercise-kind.ts'
import { CONFIG_MAPS } from '../configmaps/config-map-definition.ts'
import { SECRETS } from './secret-definition.ts'

describe('secrets', () => {
  it('given plain texts, then they become data and win over it', () => {
    const { object, errors } = create(SECRETS, { data: { a: 'eA==', b: 'eA==' }, stringData: { a: 'y' } })
    expect(errors).toEqual([])
    expect(object).toMatchObject({ type: 'Opaque', data: { a: 'eQ==', b: 'eA==' } })
    expect(object).not.toHaveProperty('stringData')
    expect(SECRETS.printer.cells(object, 0).slice(1, 3)).toEqual(['Opaque', 2])
  })

  it.each([
    ['data that is no base64', { data: { a: '?' } }, 'data[a]: Invalid value: "?": illegal base64 data'],
    [
      'a key that is no file name',
      { stringData: { 'a b': '' } },
      'data[a b]: Invalid value: "a b": a valid config key',
    ],
    ['a key that leads out', { stringData: { '..': '' } }, 'data[..]: Invalid value: "..": must not be \'..\''],
    [
      'a certificate without a key',
      { type: 'kubernetes.io/tls', data: { 'tls.crt': '' } },
      'data[tls.key]: Required value',
    ],
    [
      'a token of nobody',
      { type: 'kubernetes.io/service-account-token' },
      'metadata.annotations[kubernetes.io/service-account.name]: Required value',
    ],
    ['more than a megabyte', { stringData: { a: 'x'.repeat(2 ** 20 + 1) } }, 'data: Too long'],
  ])('given %s, then it is refused', (_name, body, message) => {
    const { errors } = create(SECRETS, body)
    expect(errors).toHaveLength(1)
    expect(errors[0]).toContain(message)
  })

  it('given another type, then it is refused', () => {
    expect(update(SECRETS, { type: 'x' }, { type: 'y' }).errors).toEqual([
      'type: Invalid value: "y": field is immutable',
    ])
  })

  it('given an immutable one, then neither data nor that can change', () => {
    const before = { data: { a: 'eA==' }, immutable: true }
    expect(update(SECRETS, before, before).errors).toEqual([])
    expect(update(SECRETS, before, { data: { a: 'eQ==' } }).errors).toEqual([
      'immutable: Forbidden: field is immutable when `immutable` is set',
      'data: Forbidden: field is immutable when `immutable` is set',
    ])
  })
})

describe('configmaps', () => {
  it('given a key in both kinds of data, then it is refused', () => {
    const { object, errors } = create(CONFIG_MAPS, { data: { a: 'x' }, binaryData: { a: 'eA==' } })
    expect(errors).toEqual(['data[a]: Invalid value: "a": duplicate of key present in binaryData'])
    expect(CONFIG_MAPS.printer.cells(object, 0)[1]).toBe(2)
  })

  it('given an immutable one, then its data stays', () => {
    const before = { data: { a: 'x' }, immutable: true }
    expect(update(CONFIG_MAPS, before, { ...before, data: { a: 'y' } }).errors).toEqual([
      'data: Forbidden: field is immutable when `immutable` is set',
    ])
  })
})
