import protobufjs from 'protobufjs'
import { describe, expect, it } from 'vitest'
import { decode, encode, enumeration, message, repeated, stringMap } from './protobuf.ts'
import { ProtobufError } from './protobuf-reader.ts'

const Inner = message('Inner', { text: [1, 'string'], numbers: [2, repeated('int64')] })
const Outer = message('Outer', {
  name: [1, 'string'],
  flag: [2, 'bool'],
  small: [3, 'int32'],
  big: [4, 'int64'],
  mode: [5, enumeration('A', 'B', 'C')],
  inner: [6, Inner],
  inners: [7, repeated(Inner)],
  labels: [8, stringMap],
  words: [20, repeated('string')],
  raw: [21, 'bytes'],
  huge: [22, 'uint64'],
})
const reference = protobufjs
  .parse(`
  syntax = "proto3";
  enum Mode { A = 0; B = 1; C = 2; }
  message Inner { string text = 1; repeated int64 numbers = 2; }
  message Outer { string name = 1; bool flag = 2; int32 small = 3; int64 big = 4; Mode mode = 5; Inner inner = 6;
    repeated Inner inners = 7; map<string, string> labels = 8; repeated string words = 20; bytes raw = 21; uint64 huge = 22; }
`)
  .root.lookupType('Outer')

const sample = {
  name: 'Größe',
  flag: true,
  small: -5,
  big: 1_764_000_000_123_456_789n,
  mode: 'C',
  inner: { text: '', numbers: [0n, -1n, 9_223_372_036_854_775_807n] },
  inners: [{ text: 'x', numbers: [] }, {}],
  labels: { 'io.kubernetes.pod.name': 'web', empty: '' },
  words: ['', 'b'],
  raw: new Uint8Array([0, 255]),
  huge: 18_446_744_073_709_551_615n,
} as const

describe('protobuf codec', () => {
  it('when a message is encoded and decoded, then nothing of it is lost, nanoseconds included', () => {
    expect(decode(Outer, encode(Outer, sample))).toEqual({
      ...sample,
      inners: [
        { text: 'x', numbers: [] },
        { text: '', numbers: [] },
      ],
    })
  })

  it('when another implementation reads our bytes, then it sees the same values', () => {
    const plain = reference.toObject(reference.decode(encode(Outer, sample)), { longs: String, enums: String })
    expect(plain).toMatchObject({ name: 'Größe', small: -5, big: '1764000000123456789', mode: 'C', words: ['', 'b'] })
    expect(plain['inner']).toMatchObject({ numbers: ['0', '-1', '9223372036854775807'] })
    expect(plain['labels']).toEqual({ 'io.kubernetes.pod.name': 'web', empty: '' })
  })

  it('when we read the bytes of another implementation, then we see the same values', () => {
    const bytes = reference
      .encode(reference.fromObject({ name: 'n', big: '42', mode: 'B', labels: { a: 'b' }, inner: { numbers: ['7'] } }))
      .finish()
    expect(decode(Outer, bytes)).toMatchObject({
      name: 'n',
      big: 42n,
      mode: 'B',
      labels: { a: 'b' },
      inner: { numbers: [7n] },
      inners: [],
      flag: false,
    })
  })

  it('given a field that the description lacks, when decoded, then it is skipped', () => {
    const Wider = message('Wider', { name: [1, 'string'], extra: [99, 'int64'], more: [100, 'string'] })
    expect(decode(Inner, encode(Wider, { name: 'kept', extra: 5n, more: 'x' })).text).toBe('kept')
  })

  it.each([
    ['a truncated message', Buffer.from([0x32, 0x05, 0x0a]), 'a field is longer'],
    ['a string that is not UTF-8', Buffer.from([0x0a, 0x01, 0xff]), 'name: the text is not UTF-8'],
    ['a wrong wire type', Buffer.from([0x08, 0x01]), 'name: wire type 0'],
    ['an unknown enum number', Buffer.from([0x28, 0x07]), 'mode: 7 is not one of A, B, C'],
    [
      'a fault in a nested message',
      Buffer.from([0x3a, 0x03, 0x0a, 0x01, 0xff]),
      'inners[0].text: the text is not UTF-8',
    ],
  ])('given %s, when decoded, then the error names the field', (_name, bytes, text) => {
    expect(() => decode(Outer, bytes)).toThrow(ProtobufError)
    expect(() => decode(Outer, bytes)).toThrow(text)
  })

  it('given a map with the key __proto__, when decoded, then no prototype is changed', () => {
    const labels = decode(
      Outer,
      encode(Outer, { labels: JSON.parse('{"__proto__":"x"}') as Record<string, string> }),
    ).labels
    expect(Object.keys(labels)).toEqual(['__proto__'])
    expect(Object.getPrototypeOf(labels)).toBe(Object.prototype)
  })
})
