import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CompletionContext } from './compute-completions.ts'
import { computeCompletions } from './compute-completions.ts'
import { findCursorPlace } from './cursor-place.ts'
import { formatFieldPath } from './field-path.ts'

const context: CompletionContext = { images: ['busybox', 'nginx'], nodePaths: ['/var/lib/etcd'] }

const POD = `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  restartPolicy: Always
  volumes:
    - name: data
      hostPath:
        path: /data
  containers:
    - name: app
      image: nginx
      ports:
        - containerPort: 80
          protocol: TCP
      livenessProbe:
        httpGet: {path: /, port: 80}
      volumeMounts:
        - name: data
          mountPath: /data
`

/** A text with `|` where the cursor is. */
function at(marked: string): { text: string; position: number } {
  const position = marked.indexOf('|')
  return { text: marked.replace('|', ''), position }
}

function labels(marked: string): string[] {
  const { text, position } = at(marked)
  return (computeCompletions(text, position, context)?.options ?? []).map(({ label }) => label)
}

describe('given a manifest that is being written, when completion is asked for', () => {
  it.each([
    ['a key of a container', 'spec:\n  containers:\n    - name: app\n      liv|', 'livenessProbe'],
    ['a key beside the dash', 'spec:\n  containers:\n    - |', 'name'],
    ['a key on an empty line amid others', 'spec:\n  |\n  containers:\n    - name: a\n', 'restartPolicy'],
    ['a key at the top', 'apiV|', 'apiVersion'],
    ['a key in flow style', 'spec: {hostN|', 'hostNetwork'],
    ['a key of JSON', '{"spec": {"containers": [{"name": "a", "im|', 'image'],
    ['a key of JSON in a new item', '{"spec": {"containers": [{"name": "a"}, {"|', 'image'],
    ['a value of an enumeration', 'spec:\n  restartPolicy: |', 'OnFailure'],
    ['a value of JSON', '{"spec": {"restartPolicy": "On|', 'OnFailure'],
    ['a truth', 'spec:\n  hostNetwork: t|', 'true'],
    ['an image', 'spec:\n  containers:\n    - image: ng|', 'nginx'],
    [
      'a path that is in use',
      'spec:\n  volumes:\n    - name: x\n      hostPath:\n        path: /var|',
      '/var/lib/etcd',
    ],
    ['a volume’s name', `${POD}        - name: |`, 'data'],
    ['an item of a list of words', 'spec:\n  securityContext:\n    supplementalGroupsPolicy: |', 'Strict'],
    ['a capability-like scalar list', 'spec:\n  tolerations:\n    - effect: No|', 'NoExecute'],
    ['a snippet', 'spec:\n  containers:\n    - |', 'container'],
  ])('for %s, then it is offered', (_what, marked, label) => {
    expect(labels(marked)).toContain(label)
  })

  it.each([
    ['in a comment', 'spec: # rest|'],
    [
      'in a block of text',
      'spec:\n  containers:\n    - command:\n        - |\n          na|me'.replace('- |\n', '- >\n'),
    ],
    ['in free labels', 'metadata:\n  labels:\n    a|'],
    ['below a field that no Pod has', 'spec:\n  nonsense:\n    a|'],
  ])('%s, then nothing is', (_what, marked) => {
    expect(labels(marked)).toEqual([])
  })

  it('for a key, then those that are there already are left out, also those that follow', () => {
    const offered = labels('spec:\n  hostNetwork: true\n  |\n  containers:\n    - name: a\n')
    expect(offered).not.toContain('hostNetwork')
    expect(offered).not.toContain('containers')
  })

  it('for a volume, then kinds that refer to the API server say that a static pod may not have them', () => {
    const { text, position } = at('spec:\n  volumes:\n    - name: x\n      |')
    const options = computeCompletions(text, position, context)?.options ?? []
    const standings = options.map((option) => [option.label, option.kind === 'field' ? option.standing.kind : ''])
    expect(Object.fromEntries(standings)).toMatchObject({
      configMap: 'reference',
      secret: 'reference',
      hostPath: 'honoured',
      emptyDir: 'honoured',
      nfs: 'notHonoured',
    })
  })

  it('for a key with a list, then what is inserted leads to its first item', () => {
    const { text, position } = at('spec:\n  cont|')
    const option = computeCompletions(text, position, context)?.options.find(({ label }) => label === 'containers')
    expect(option).toMatchObject({ insert: 'containers:\n    - ' })
  })
})

describe('given any beginning of a manifest', () => {
  it('when its end is the cursor, then the place is found or not, and never fails', () => {
    fc.assert(
      fc.property(fc.nat(POD.length), fc.string(), (length, typed) => {
        const text = POD.slice(0, length) + typed
        computeCompletions(text, text.length, context)
      }),
    )
  })

  it('when a key is cut anywhere, then its map is that of the whole document', () => {
    const keys = [...POD.matchAll(/^( *(?:- )?)([A-Za-z]+):/gm)]
    fc.assert(
      fc.property(fc.constantFrom(...keys), fc.nat(20), fc.boolean(), (key, cut, isTruncated) => {
        const [, lead = '', word = ''] = key
        const start = key.index + lead.length
        const end = start + word.length
        const whole = findCursorPlace(POD, end)
        const position = start + Math.min(cut, word.length)
        const text = isTruncated ? POD.slice(0, position) : POD.slice(0, position) + POD.slice(end)
        const place = findCursorPlace(text, position)
        expect(place?.kind).toBe('key')
        expect(formatFieldPath(place?.path ?? ['none'])).toBe(formatFieldPath(whole?.path ?? []))
      }),
    )
  })

  it('when a document in JSON is cut in a key, then its map is that of the whole', () => {
    const json = JSON.stringify({
      spec: { volumes: [{ name: 'a' }], containers: [{ name: 'b', ports: [{ hostPort: 1 }] }] },
    })
    const keys = [...json.matchAll(/"([A-Za-z]+)":/g)]
    const paths = keys.map((key) => {
      const place = findCursorPlace(json.slice(0, key.index + 2), key.index + 2)
      return `${formatFieldPath(place?.path ?? ['none'])} ${key[1]}`
    })
    expect(paths).toEqual([
      ' spec',
      'spec volumes',
      'spec.volumes[0] name',
      'spec containers',
      'spec.containers[0] name',
      'spec.containers[0] ports',
      'spec.containers[0].ports[0] hostPort',
    ])
  })
})
