import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeManifest } from './decode-manifest.ts'

const PATH = '/etc/kubernetes/manifests/web.yaml'
const HEAD = 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n'

function decode(source: string | Uint8Array) {
  const bytes = typeof source === 'string' ? new TextEncoder().encode(source) : source
  return decodeManifest(bytes, { path: PATH, nodeName: 'node01' })
}

function pod(source: string) {
  const result = decode(source)
  if (!result.ok) throw new Error(result.message)
  return result.pod
}

function problem(source: string | Uint8Array): string {
  const result = decode(source)
  if (result.ok) throw new Error('decoded')
  return /couldn't parse as pod\((.*)\), please check config file$/s.exec(result.message)?.[1] ?? result.message
}

describe('values of YAML 1.1', () => {
  const command = (value: string) =>
    pod(`${HEAD}spec: {containers: [{name: c, command: [${value}]}]}`).spec.containers[0]?.command

  it.each(['2001-12-14', '22:22', '"yes"', "'0777'", '!!str 1', '1.2.3', '0x', 'nope'])(
    'given %s for a string, then it is a string',
    (value) => {
      expect(command(value)).toHaveLength(1)
    },
  )

  it.each(['yes', 'on', 'y', 'No', 'true', '0777', '1.5', '0x1f', '1e3', '1_000', '08'])(
    'given %s for a string, then the type is wrong',
    (value) => {
      expect(() => command(value)).toThrow('cannot unmarshal')
    },
  )

  it.each([
    ['0777', 511],
    ['0x1F', 31],
    ['0b11', 3],
    ['0o17', 15],
    ['1_000', 1000],
    ['+5', 5],
    ['30.0', 30],
    ['3e1', 30],
  ])('given %s for a number, then it is %d', (value, expected) => {
    expect(pod(`${HEAD}spec: {terminationGracePeriodSeconds: ${value}}`).spec.terminationGracePeriodSeconds).toBe(
      expected,
    )
  })

  it('given yes and on for booleans, then they are true', () => {
    expect(pod(`${HEAD}spec: {hostNetwork: yes, hostPID: on, hostIPC: off}`).spec).toEqual({
      containers: [],
      hostNetwork: true,
      hostPID: true,
    })
  })

  it('given numbers as keys of labels, then they are text', () => {
    expect(pod('apiVersion: v1\nkind: Pod\nmetadata: {labels: {1: "x", true: "y"}}').metadata.labels).toEqual({
      1: 'x',
      true: 'y',
    })
  })

  it('given anchors and merges, then they are followed, and what is written itself wins', () => {
    const text = `${HEAD}spec:\n  containers:\n  - &base {name: a, image: x, tty: true}\n  - {<<: *base, name: b}\n  - *base\n`
    expect(pod(text).spec.containers.map(({ name, image, tty }) => [name, image, tty])).toEqual([
      ['a', 'x', true],
      ['b', 'x', true],
      ['a', 'x', true],
    ])
  })
})

describe('types', () => {
  it.each([
    ['spec: []', 'json: cannot unmarshal array into Go struct field Pod.spec of type v1.PodSpec'],
    [
      'spec: {containers: {}}',
      'json: cannot unmarshal object into Go struct field PodSpec.spec.containers of type []v1.Container',
    ],
    [
      'spec: {containers: [{ports: [{containerPort: "80"}]}]}',
      'json: cannot unmarshal string into Go struct field ContainerPort.spec.containers.ports.containerPort of type int32',
    ],
    [
      'spec: {containers: [{ports: [{hostPort: 3000000000}]}]}',
      'json: cannot unmarshal number 3000000000 into Go struct field ContainerPort.spec.containers.ports.hostPort of type int32',
    ],
    [
      'spec: {activeDeadlineSeconds: 1.5}',
      'json: cannot unmarshal number 1.5 into Go struct field PodSpec.spec.activeDeadlineSeconds of type int64',
    ],
    [
      'spec: {containers: [{env: [{name: A, value: 80}]}]}',
      'json: cannot unmarshal number into Go struct field EnvVar.spec.containers.env.value of type string',
    ],
    [
      'spec: {hostNetwork: "true"}',
      'json: cannot unmarshal string into Go struct field PodSpec.spec.hostNetwork of type bool',
    ],
    [
      'spec: {nodeSelector: {a: 1}}',
      'json: cannot unmarshal number into Go struct field PodSpec.spec.nodeSelector of type string',
    ],
    [
      'spec: {containers: [{resources: {limits: {cpu: lots}}}]}',
      "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    ],
  ])('given %s, then the message is upstream’s', (spec, message) => {
    expect(problem(`apiVersion: v1\nkind: Pod\n${spec}`)).toBe(message)
  })

  it('given a wrong type, then its path, line and column are told', () => {
    const result = decode(`${HEAD}spec:\n  containers:\n  - name: c\n    ports:\n    - containerPort: http\n`)
    expect(result).toMatchObject({ ok: false, reason: 'WrongType', line: 9, column: 22, kind: 'Pod', apiVersion: 'v1' })
    expect(result.ok ? '' : result.explanation).toContain('spec.containers[0].ports[0].containerPort')
  })

  it('given nulls and zero values, then they count as absent where the API counts them so', () => {
    const text = `${HEAD}  labels: {}\n  annotations:\nspec:\n  hostNetwork: false\n  priority: 0\n  securityContext: {runAsUser: 0}\n  containers:\n  - {name: c, command: [], env: [{name: A, value: ""}], ports: [{containerPort: 80, hostPort: 0}], stdin: false}\n`
    expect(pod(text)).toEqual({
      metadata: { name: 'web' },
      spec: {
        priority: 0,
        securityContext: { runAsUser: 0 },
        containers: [{ name: 'c', env: [{ name: 'A' }], ports: [{ containerPort: 80 }] }],
      },
    })
  })

  it('given a key such as __proto__, then it is an unknown field and nothing else', () => {
    const result = decode(`${HEAD}spec: {containers: []}\n__proto__: {polluted: 1}\nconstructor: 2\n`)
    expect(result.warnings.map(({ field }) => field)).toEqual(['__proto__', 'constructor'])
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })
})

describe('warnings', () => {
  it('given a misspelt field, then path, place and the likely word are told', () => {
    const result = decode(`${HEAD}spec:\n  containers:\n  - name: c\n    imagee: nginx\n`)
    expect(result.warnings).toEqual([
      {
        reason: 'UnknownField',
        field: 'spec.containers[0].imagee',
        line: 8,
        column: 5,
        message: expect.stringContaining('did you mean image?'),
      },
    ])
  })

  it('given a pod that counts as deleted, then it is said that it is never started, and where', () => {
    const { warnings } = decode(`${HEAD}  deletionTimestamp: 2026-01-01T00:00:00Z\nspec: {}\n`)
    expect(warnings).toMatchObject([{ reason: 'NotStarted', field: 'metadata.deletionTimestamp', line: 5, column: 3 }])
  })

  it('given a field in wrong capitals, then it is unknown, as the API is strict about them', () => {
    const result = decode(`${HEAD}spec: {Containers: []}`)
    expect(result.warnings[0]?.message).toContain('did you mean containers?')
  })

  it('given thousands of unknown fields, then the warnings are bounded', () => {
    const fields = Array.from({ length: 5000 }, (_, index) => `x${index}: 1`).join('\n')
    expect(decode(`${HEAD}${fields}`).warnings).toHaveLength(100)
  })

  it('given rubbish after the first document, then it is only said that it is ignored', () => {
    expect(decode(`${HEAD}---\n[}}: {\n`).warnings.map(({ reason }) => reason)).toEqual(['FurtherDocumentsIgnored'])
  })

  it('given a status, then it is told that it is ignored, unless it is empty', () => {
    expect(decode(`${HEAD}status: {phase: Running}`).warnings).toMatchObject([{ reason: 'StatusIgnored', line: 5 }])
    expect(decode(`${HEAD}status: {}`).warnings).toEqual([])
  })

  it('given the node’s own name as nodeName, then there is no warning', () => {
    expect(decode(`${HEAD}spec: {nodeName: node01}`).warnings).toEqual([])
    expect(decode(`${HEAD}spec: {nodeName: node02}`).warnings).toMatchObject([
      { reason: 'NodeNameOverwritten', line: 5 },
    ])
  })
})

describe('syntax', () => {
  it.each([
    ['kind: Pod\nmetadata: x: y\n', 'yaml: line 2: mapping values are not allowed in this context'],
    ['a: b\n  c: d\n', 'yaml: line 2: mapping values are not allowed in this context'],
    ['kind: Pod\nmetadata\nspec: {}\n', "yaml: line 3: could not find expected ':'"],
    ['a: "b', 'yaml: line 1: found unexpected end of stream'],
    ['a: *b', "yaml: unknown anchor 'b' referenced"],
    ['a: &a [*a]', "yaml: anchor 'a' value contains itself"],
    ['a: `b`', 'yaml: line 1: found character that cannot start any token'],
    ['[1]: 2', 'yaml: invalid map key'],
    [
      '{"a": 1,}',
      "couldn't get version/kind; json parse error: invalid character '}' looking for beginning of object key string",
    ],
    [
      '{"a": tru}',
      "couldn't get version/kind; json parse error: invalid character '}' in literal true (expecting 'e')",
    ],
    ['{"a": 1} x', "couldn't get version/kind; json parse error: invalid character 'x' after top-level value"],
    ['{"a"', "couldn't get version/kind; json parse error: unexpected end of JSON input"],
    ['{"a": "\\q"}', "couldn't get version/kind; json parse error: invalid character 'q' in string escape code"],
    [
      '{a: b}',
      "couldn't get version/kind; json parse error: invalid character 'a' looking for beginning of object key string",
    ],
    ['- a', "couldn't get version/kind; json parse error: json: cannot unmarshal array into Go value of type struct"],
    [
      'kind: [Pod]',
      "couldn't get version/kind; json parse error: json: cannot unmarshal array into Go struct field .kind of type string",
    ],
    ['kind: Pod\napiVersion: a/b/c', 'unexpected GroupVersion string: a/b/c'],
    ['kind: Pod\nb: 1\na: x', 'Object \'apiVersion\' is missing in \'{"a":"x","b":1,"kind":"Pod"}\''],
  ])('given %j, then the kubelet says so in its words', (text, message) => {
    expect(problem(text)).toBe(message)
  })

  it.each([
    [[0x61, 0xff], 'yaml: invalid leading UTF-8 octet'],
    [[0x61, 0xc3], 'yaml: incomplete UTF-8 octet sequence'],
    [[0xc3, 0x28], 'yaml: invalid trailing UTF-8 octet'],
    [[0xc0, 0x80], 'yaml: invalid length of a UTF-8 sequence'],
    [[0xed, 0xa0, 0x80], 'yaml: invalid Unicode character'],
    [[0x61, 0x07], 'yaml: control characters are not allowed'],
    [[0xff, 0xfe, 0x61], 'yaml: incomplete UTF-16 character'],
  ])('given bytes %j, then the kubelet says so in its words', (bytes, message) => {
    expect(problem(new Uint8Array(bytes))).toBe(message)
  })

  it('given UTF-16 with a byte order mark, then it is read', () => {
    const text = `\ufeff${HEAD}`
    const units = Array.from({ length: text.length }, (_, index) => text.charCodeAt(index))
    expect(decode(new Uint8Array(units.flatMap((unit) => [unit & 0xff, unit >> 8])))).toMatchObject({ ok: true })
    expect(decode(new Uint8Array(units.flatMap((unit) => [unit >> 8, unit & 0xff])))).toMatchObject({ ok: true })
  })
})

describe('hostile files', () => {
  const MiB = 1024 * 1024
  const bomb = ['a0: &a0 [x,x,x,x,x,x,x,x,x,x]']
  for (let level = 1; level < 12; level += 1) {
    bomb.push(`a${level}: &a${level} [${Array.from({ length: 10 }, () => `*a${level - 1}`).join(',')}]`)
  }
  it.each([
    ['billion laughs', bomb.join('\n')],
    ['deep flow lists', '['.repeat(10 * MiB)],
    ['deep flow maps', '{a: '.repeat(2 * MiB)],
    ['deep JSON', '{"a":'.repeat(2 * MiB)],
    ['deep block lists', '- '.repeat(5 * MiB)],
    ['many keys', 'a:\n'.repeat(3 * MiB)],
    ['many JSON items', `{"a":[${'1,'.repeat(5 * MiB)}1]}`],
    ['many documents', '---\n'.repeat(2 * MiB)],
    ['zero bytes', '\0'.repeat(10 * MiB)],
    ['unclosed quote', `a: "${'x\n'.repeat(5 * MiB)}`],
    ['commas', `[${','.repeat(10 * MiB)}`],
    ['ampersands', '&a '.repeat(3 * MiB)],
  ])('given %s, then it is refused soon', (_title, text) => {
    const result = decode(text)
    expect(result.ok).toBe(false)
    expect(result.ok ? 0 : result.message.length).toBeLessThan(5000)
  })

  it('given 10 MB of comments beside a pod, then the pod is read', () => {
    expect(decode(`${'# filler\n'.repeat(MiB)}${HEAD}`).ok).toBe(true)
    expect(decode(`${HEAD}${'# filler\n'.repeat(MiB)}`).ok).toBe(true)
  })

  it.each([
    ['YAML', `${HEAD}  annotations: {a: "${'y'.repeat(2 * MiB)}"}\n`, '1048576 characters in its parts'],
    [
      'JSON',
      `{"apiVersion": "v1", "kind": "Pod", "metadata": {"annotations": {"a": "${'y'.repeat(2 * MiB)}"}}}`,
      '1048576 characters',
    ],
    ['many lines', `${HEAD}x:\n${'- a\n'.repeat(120_000)}`, '100000 parts'],
    [
      'comments between few keys',
      `${HEAD}x:\n${'#\n#\n#\n#\n#\n  a:\n'.repeat(40_000)}`,
      '400000 parts, blanks and comments',
    ],
  ])('given %s with far more in it than a pod has, then it is refused as too large', (_name, text, limit) => {
    const result = decode(text)
    expect(result).toMatchObject({ ok: false, reason: 'InvalidYAML' })
    expect(!result.ok && result.problem).toMatch(new RegExp(`document has more than ${limit}$`))
    expect(!result.ok && result.explanation).toContain('far larger')
  })

  it('given any bytes, then decoding never throws and says yes or why not', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const result = decode(bytes)
        expect(result.ok || result.message.startsWith(PATH)).toBe(true)
      }),
      { numRuns: 1000 },
    )
  })

  it('given a manifest with random damage, then decoding never throws', () => {
    const healthy = `${HEAD}spec:\n  containers:\n  - name: c\n    image: "nginx"\n    env: [{name: A, value: "1"}]\n`
    const pieces = fc.constantFrom(
      ': ',
      '\n',
      '- ',
      '"',
      "'",
      '[',
      '}',
      '&a ',
      '*a',
      '!!int ',
      '<<: ',
      '|\n',
      '? ',
      '\t',
      '%',
      '---\n',
      '# ',
    )
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(healthy.length), pieces), { maxLength: 6 }), (damages) => {
        const text = damages.reduce((sum, [at, piece]) => sum.slice(0, at) + piece + sum.slice(at), healthy)
        expect(typeof decode(text).ok).toBe('boolean')
      }),
      { numRuns: 2000 },
    )
  })

  it('given any JSON data, then what JSON.parse takes is no syntax error here', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const result = decode(JSON.stringify(value))
        expect(result.ok || result.reason !== 'InvalidYAML').toBe(true)
      }),
    )
  })
})
