import { describe, expect, it } from 'vitest'
import { array, map, object, required, STRING } from '../../../common/api/field-schema.ts'
import { POD_SCHEMA } from '../../../common/api/pod-schema.ts'
import { StatusError } from '../../../kube/status-error.ts'
import { decodeBody, type BodyKind, type FieldValidation } from './decode-body.ts'

const POD: BodyKind = { group: '', version: 'v1', kind: 'Pod', schema: POD_SCHEMA }
const healthy = () => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web' },
  spec: { containers: [{ name: 'c', image: 'busybox', resources: { limits: { cpu: 0.5, memory: '1024Mi' } } }] },
})

function decode(text: string, fieldValidation: FieldValidation = 'Strict', yaml = false) {
  return decodeBody(Buffer.from(text), yaml ? 'application/yaml' : 'application/json', POD, fieldValidation)
}

function refusal(text: string, fieldValidation: FieldValidation = 'Strict', yaml = false): string {
  try {
    decode(text, fieldValidation, yaml)
  } catch (error) {
    if (error instanceof StatusError && error.status.code === 400) return error.message
    throw error
  }
  throw new Error('it was not refused')
}

describe('request bodies', () => {
  it('given a pod, when it is decoded, then quantities are canonical and zero values are gone', () => {
    const pod = { ...healthy(), spec: { ...healthy().spec, hostNetwork: false, nodeName: '', dnsPolicy: 'Default' } }
    const { object: decoded, warnings } = decode(JSON.stringify(pod))
    expect(warnings).toEqual([])
    expect(decoded).toEqual({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'web' },
      spec: {
        containers: [{ name: 'c', image: 'busybox', resources: { limits: { cpu: '500m', memory: '1Gi' } } }],
        dnsPolicy: 'Default',
      },
    })
  })

  it('given no kind and no version, then the endpoint knows them', () => {
    expect(decode('{"metadata":{"name":"x"}}').object).toEqual({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'x' },
      spec: { containers: [] },
    })
  })

  it('given YAML with a time in another zone, then it is the same moment in UTC', () => {
    const { object: decoded } = decode(
      'metadata: {name: x, creationTimestamp: "2026-01-01T02:00:00+02:00"}',
      'Strict',
      true,
    )
    expect(decoded.metadata).toEqual({ name: 'x', creationTimestamp: '2026-01-01T00:00:00Z' })
  })

  it('given unknown and duplicate fields, when strict, then all are named in one refusal', () => {
    const text =
      '{"spec":{"foo":1,"containers":[{"name":"a","bar":2,"name":"c"}],"hostname":"x","hostname":"y"},"extra":true}'
    expect(refusal(text)).toBe(
      'Pod in version "v1" cannot be handled as a Pod: strict decoding error: ' +
        'duplicate field "spec.containers[0].name", duplicate field "spec.hostname", ' +
        'unknown field "spec.containers[0].bar", unknown field "spec.foo", unknown field "extra"',
    )
  })

  it('given the same, when they are warned of, then the object is there without them and the last duplicate counts', () => {
    const { object: decoded, warnings } = decode(
      '{"spec":{"foo":1,"hostname":"x","hostname":"y","containers":[]}}',
      'Warn',
    )
    expect(warnings).toEqual(['duplicate field "spec.hostname"', 'unknown field "spec.foo"'])
    expect(decoded['spec']).toEqual({ hostname: 'y', containers: [] })
    expect(decode('{"spec":{"foo":1,"containers":[]}}', 'Ignore').warnings).toEqual([])
  })

  it('given a duplicate in YAML, when strict, then the refusal names the line', () => {
    expect(refusal('metadata:\n  name: a\n  name: b\n', 'Strict', true)).toBe(
      'Pod in version "v1" cannot be handled as a Pod: strict decoding error: yaml: unmarshal errors:\n' +
        '  line 3: key "name" already set in map',
    )
  })

  it.each([
    [
      'a number as an image',
      '{"spec":{"containers":[{"image":7}]}}',
      'Pod in version "v1" cannot be handled as a Pod: json: cannot unmarshal number into Go struct field Container.spec.containers.image of type string',
    ],
    [
      'a text as a list',
      '{"spec":{"containers":"c"}}',
      'Pod in version "v1" cannot be handled as a Pod: json: cannot unmarshal string into Go struct field PodSpec.spec.containers of type []v1.Container',
    ],
    [
      'a label that is a number',
      '{"metadata":{"labels":{"a":1}}}',
      'Pod in version "v1" cannot be handled as a Pod: json: cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string',
    ],
    [
      'a quantity that is none',
      '{"spec":{"containers":[{"resources":{"limits":{"cpu":"lots"}}}]}}',
      'Pod in version "v1" cannot be handled as a Pod: quantities must match the regular expression \'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$\'',
    ],
    [
      'another kind',
      '{"apiVersion":"v1","kind":"ConfigMap"}',
      'ConfigMap in version "v1" cannot be handled as a Pod: converting (v1.ConfigMap) to (core.Pod): unknown conversion',
    ],
    [
      'a kind that nobody knows',
      '{"apiVersion":"v1","kind":"Pot"}',
      'Pot in version "v1" cannot be handled as a Pod: no kind "Pot" is registered for version "v1" in scheme "k8s.io/kubernetes/pkg/api/legacyscheme/scheme.go:30"',
    ],
    [
      'text that is no JSON',
      '{"a":',
      'the object provided is unrecognized (must be of type Pod): couldn\'t get version/kind; json parse error: unexpected end of JSON input ({"a":)',
    ],
    [
      'nothing',
      '',
      "the object provided is unrecognized (must be of type Pod): couldn't get version/kind; json parse error: unexpected end of JSON input (<empty>)",
    ],
    [
      'a list',
      '[]',
      "the object provided is unrecognized (must be of type Pod): couldn't get version/kind; json parse error: json: cannot unmarshal array into Go value of type struct (5b5d)",
    ],
  ])('given %s, then it is refused in upstream words', (_what, text, message) => {
    expect(refusal(text)).toBe(message)
  })

  it('given the version of another group, then the two versions are named', () => {
    const event: BodyKind = { ...POD, kind: 'Event' }
    const text = JSON.stringify({ apiVersion: 'events.k8s.io/v1', kind: 'Event' })
    expect(() => decodeBody(Buffer.from(text), 'application/json', event, 'Strict')).toThrow(
      'the API version in the data (events.k8s.io/v1) does not match the expected API version (v1)',
    )
  })

  it('given a body that is nested without end, then it is refused and nothing overflows', () => {
    const deep = `{"status":${'['.repeat(100_000)}${']'.repeat(100_000)}}`
    expect(refusal(deep)).toContain('exceeded max depth')
  })

  it('given names that mean something in JavaScript, then they are members like others and nothing is polluted', () => {
    const schema = object('Thing', { metadata: required(object('Meta', { labels: map(STRING) })), list: array(STRING) })
    const thing: BodyKind = { group: '', version: 'v1', kind: 'Thing', schema }
    const text = '{"metadata":{"labels":{"__proto__":"x","constructor":"y"}},"__proto__":{"polluted":true}}'
    const { object: decoded, warnings } = decodeBody(Buffer.from(text), 'application/json', thing, 'Warn')
    expect(JSON.stringify(decoded.metadata)).toBe('{"labels":{"__proto__":"x","constructor":"y"}}')
    expect(warnings).toEqual(['unknown field "__proto__"'])
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })
})
