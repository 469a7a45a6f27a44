/** Bodies that kubectl 1.32 sends, recorded from it, and bodies that nobody should send. */
import { describe, expect, it } from 'vitest'
import { encode, message } from '../../../base/protobuf.ts'
import { StatusError } from '../../../kube/status-error.ts'
import { decodeProtobufBody } from './decode-protobuf-body.ts'

const RECORDED: [command: string, base64: string, object: object][] = [
  [
    'create ns',
    'azhzAAoPCgJ2MRIJTmFtZXNwYWNlEh0KFQoFYXBpbnMSABoAIgAqADIAOABCABIAGgIKABoAIgA=',
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'apins' }, spec: {}, status: {} },
  ],
  [
    'create secret generic --from-literal',
    'azhzAAoMCgJ2MRIGU2VjcmV0Eh8KEwoDc2VjEgAaACIAKgAyADgAQgASBgoBYRIBMRoAGgAiAA==',
    { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'sec' }, data: { a: 'MQ==' } },
  ],
  [
    'create deployment --replicas=0 --port',
    'azhzAAoVCgdhcHBzL3YxEgpEZXBsb3ltZW50ErgBCh8KA3dlYhIAGgAiACoAMgA4AEIAWgoKA2FwcBIDd2ViEoYBCAASDAoKCgNhcHASA3dlYhpsChwKABIAGgAiACoAMgA4AEIAWgoKA2FwcBIDd2ViEkwSLgoFbmdpbngSBW5naW54KgAyCgoAEAAYUCIAKgBCAGoAcgCAAQCIAQCQAQCiAQAaADIAQgBKAFIAWABgAGgAggEAigEAmgEAwgEAIgIKACgAOAAaDAgAEAAYACAAKAA4ABoAIgA=',
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', labels: { app: 'web' } },
      spec: {
        replicas: 0,
        selector: { matchLabels: { app: 'web' } },
        template: {
          metadata: { labels: { app: 'web' } },
          spec: { containers: [{ name: 'nginx', image: 'nginx', ports: [{ containerPort: 80 }], resources: {} }] },
        },
        strategy: {},
      },
      status: {},
    },
  ],
  [
    'create service clusterip',
    'azhzAAoNCgJ2MRIHU2VydmljZRJpCh8KA3N2YxIAGgAiACoAMgA4AEIAWgoKA2FwcBIDc3ZjEkIKGwoHODAtODA4MBIDVENQGFAiBwgAEJA/GgAoABIKCgNhcHASA3N2YxoAIglDbHVzdGVySVA6AEIAUgBaAGAAaAAaAgoAGgAiAA==',
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'svc', labels: { app: 'svc' } },
      spec: {
        ports: [{ name: '80-8080', protocol: 'TCP', port: 80, targetPort: 8080 }],
        selector: { app: 'svc' },
        type: 'ClusterIP',
      },
      status: { loadBalancer: {} },
    },
  ],
  [
    'create token',
    'azhzAAooChhhdXRoZW50aWNhdGlvbi5rOHMuaW8vdjESDFRva2VuUmVxdWVzdBIaChAKABIAGgAiACoAMgA4AEIAEgAaBAoAEgAaACIA',
    { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', metadata: {}, spec: {}, status: { token: '' } },
  ],
  [
    'auth can-i',
    'azhzAAoyChdhdXRob3JpemF0aW9uLms4cy5pby92MRIXU2VsZlN1YmplY3RBY2Nlc3NSZXZpZXcSPAoQCgASABoAIgAqADIAOABCABIeChwKB2RlZmF1bHQSA2dldBoAIgAqBHBvZHMyADoAGggIABIAGgAgABoAIgA=',
    {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      metadata: {},
      spec: { resourceAttributes: { namespace: 'default', verb: 'get', resource: 'pods' } },
      status: { allowed: false },
    },
  ],
]

const ENVELOPE = message('Unknown', {
  typeMeta: [1, message('TypeMeta', { apiVersion: [1, 'string'], kind: [2, 'string'] })],
  raw: [2, 'bytes'],
  contentType: [4, 'string'],
})

function body(apiVersion: string, kind: string, raw: Uint8Array, contentType = ''): Buffer {
  return Buffer.concat([Buffer.from('k8s\0'), encode(ENVELOPE, { typeMeta: { apiVersion, kind }, raw, contentType })])
}

function refusal(bytes: Uint8Array): string {
  try {
    return JSON.stringify(decodeProtobufBody(bytes))
  } catch (error) {
    if (error instanceof StatusError && error.status.code === 400) return error.message
    throw error
  }
}

describe('protobuf bodies', () => {
  it.each(RECORDED)(
    'given the body of `kubectl %s`, when it is decoded, then it is the object',
    (_, base64, object) => {
      expect(decodeProtobufBody(Buffer.from(base64, 'base64'))).toEqual(object)
    },
  )

  it('given options of a deletion in whatever group, then a grace of zero and preconditions are there', () => {
    const raw = Buffer.from([0x08, 0x00, 0x12, 0x03, 0x0a, 0x01, 0x75, 0x2a, 0x03, 0x41, 0x6c, 0x6c])
    const options = { kind: 'DeleteOptions', gracePeriodSeconds: 0, preconditions: { uid: 'u' }, dryRun: ['All'] }
    expect(decodeProtobufBody(body('apps/v1', 'DeleteOptions', raw))).toEqual({ apiVersion: 'apps/v1', ...options })
  })

  it('given times, quantities and numbers or names, then they are as in JSON', () => {
    const time = message('Time', { seconds: [1, 'int64'], nanos: [2, 'int32'] })
    const lease = encode(message('Lease', { spec: [2, message('Spec', { renewTime: [4, time] })] }), {
      spec: { renewTime: { seconds: 1_767_225_600n, nanos: 1_500_000 } },
    })
    expect(decodeProtobufBody(body('coordination.k8s.io/v1', 'Lease', lease))).toMatchObject({
      spec: { renewTime: '2026-01-01T00:00:00.001500Z' },
    })
    const text = message('Text', { text: [1, 'string'] })
    const entry = message('Entry', { key: [1, 'string'], value: [2, text] })
    const node = encode(message('Node', { status: [3, message('Status', { capacity: [1, entry] })] }), {
      status: { capacity: { key: 'cpu', value: { text: '100m' } } },
    })
    expect(decodeProtobufBody(body('v1', 'Node', node))).toMatchObject({ status: { capacity: { cpu: '100m' } } })
    const port = message('Port', {
      targetPort: [4, message('IntOrString', { type: [1, 'int64'], text: [3, 'string'] })],
    })
    const service = encode(message('Service', { spec: [2, message('Spec', { ports: [1, port] })] }), {
      spec: { ports: { targetPort: { type: 1n, text: 'http' } } },
    })
    expect(decodeProtobufBody(body('v1', 'Service', service))).toMatchObject({
      spec: { ports: [{ targetPort: 'http' }] },
    })
  })

  it('given a label named __proto__, then it is a label', () => {
    const entry = message('Entry', { key: [1, 'string'], value: [2, 'string'] })
    const raw = encode(message('Pod', { metadata: [1, message('ObjectMeta', { labels: [11, entry] })] }), {
      metadata: { labels: { key: '__proto__', value: 'x' } },
    })
    expect(JSON.stringify(decodeProtobufBody(body('v1', 'Pod', raw)))).toContain('"labels":{"__proto__":"x"}')
  })

  it.each([
    ['JSON', Buffer.from('{}'), /does not appear to be a protobuf message/],
    ['nothing after the prefix', Buffer.from('k8s\0'), /no kind "" is registered for version ""/],
    [
      'a kind that is not served',
      body('batch/v1', 'Job', Buffer.alloc(0)),
      /no kind "Job" is registered for version "batch\/v1"/,
    ],
    ['a kind with the name of an inner message', body('v1', '__proto__', Buffer.alloc(0)), /no kind "__proto__"/],
    [
      'a body cut off',
      body('v1', 'Pod', Buffer.from([0x0a, 0x05, 0x0a])),
      /unable to decode .*metadata|longer than its message/,
    ],
    [
      'a text where a message belongs',
      body('v1', 'Pod', Buffer.from([0x08, 0x01])),
      /metadata: wire type 0 where 2 belongs/,
    ],
    [
      'a text that is not UTF-8',
      body('v1', 'Pod', Buffer.from([0x0a, 0x03, 0x0a, 0x01, 0xff])),
      /metadata\.name: the text is not UTF-8/,
    ],
    ['a message within the message', body('v1', 'Pod', Buffer.from('{}'), 'application/json'), /is not supported/],
  ])('given %s, then it is refused with 400', (_, bytes, expected) => {
    expect(refusal(bytes)).toMatch(expected)
  })
})
