import { describe, expect, it } from 'vitest'
import { readStaticPod } from '@common/manifest/read-static-pod.ts'
import { at, aVerdict } from '../testing/fixtures.ts'
import { checkFileName, computePlacement, freeFileName, needsConfirmation, suggestFileName } from './placement.ts'

const POD =
  'apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  containers:\n    - name: a\n      image: nginx\n'
const healthy = { name: 'web.yaml', content: POD, node: 'node01', folder: '/etc/kubernetes/manifests', files: [] }

describe('computePlacement', () => {
  it('given a Pod for an empty folder, tells the name that the pod will get and asks nothing', () => {
    const placement = computePlacement(healthy)
    expect(placement.outcome).toMatchObject({ kind: 'pod', podName: 'web-node01', namespace: 'default' })
    expect(needsConfirmation(placement)).toBe(false)
  })

  it('given a Deployment, tells that the kubelet will refuse it, and does not stand in the way', () => {
    const content = 'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n'
    const placement = computePlacement({ ...healthy, content })
    expect(placement.outcome).toMatchObject({ kind: 'refused', reason: 'NotAPod', manifestKind: 'Deployment', line: 2 })
    expect(needsConfirmation(placement)).toBe(false)
  })

  it('given broken YAML, tells the line', () => {
    const content = 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n spec:\n'
    expect(computePlacement({ ...healthy, content }).outcome).toMatchObject({ kind: 'refused', reason: 'InvalidYAML' })
  })

  it('given a Pod without a name, tells that it will be refused', () => {
    const content = 'apiVersion: v1\nkind: Pod\nmetadata: {}\nspec:\n  containers: []\n'
    expect(computePlacement({ ...healthy, content }).outcome).toMatchObject({ kind: 'refused', reason: 'InvalidPod' })
  })

  it('given a file of that name, asks before it replaces', () => {
    const placement = computePlacement({ ...healthy, files: [aVerdict()] })
    expect(placement.replaces).toBe(true)
    expect(needsConfirmation(placement)).toBe(true)
  })

  it('given another file with the same pod, asks before it pushes it aside', () => {
    const files = [aVerdict({ name: 'old.yaml' })]
    const placement = computePlacement({ ...healthy, node: 'node01', files })
    expect(placement.duplicateOf).toBe('old.yaml')
    expect(needsConfirmation(placement)).toBe(true)
  })
})

describe('whether the pod starts', () => {
  const of = (spec: string) =>
    computePlacement({ ...healthy, content: `apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: ${spec}\n` })
  const fine = '{name: a, image: nginx}'
  const privileged = '{name: b, image: nginx, securityContext: {privileged: true}}'

  it.each([
    ['nothing special', `{containers: [${fine}]}`, 'starts', []],
    [
      'fields without effect',
      `{runtimeClassName: kata, securityContext: {seLinuxOptions: {level: s0}}, containers: [${fine}]}`,
      'starts',
      ['spec.securityContext.seLinuxOptions', 'spec.runtimeClassName'],
    ],
    [
      'its only container privileged',
      `{containers: [${privileged}]}`,
      'never-starts',
      ['spec.containers[0].securityContext.privileged'],
    ],
    [
      'one of two containers privileged',
      `{containers: [${fine}, ${privileged}]}`,
      'starts-in-part',
      ['spec.containers[1].securityContext.privileged'],
    ],
    [
      'an init container that is refused',
      `{initContainers: [${privileged}], containers: [${fine}]}`,
      'never-starts',
      ['spec.initContainers[0].securityContext.privileged'],
    ],
    [
      'a profile for the whole pod that is refused',
      `{securityContext: {seccompProfile: {type: Unconfined}}, containers: [${fine}]}`,
      'never-starts',
      ['spec.securityContext.seccompProfile'],
    ],
    [
      'a volume that cannot be mounted',
      `{volumes: [{name: v, nfs: {server: s, path: /p}}], containers: [${fine}]}`,
      'never-starts',
      ['spec.volumes[0].nfs'],
    ],
  ])('given %s, then it is foretold, with the fields', (_what, spec, effect, fields) => {
    const { outcome, warnings } = of(spec)
    expect(outcome).toMatchObject({ kind: 'pod', effect })
    expect(warnings.map(({ field }) => field)).toEqual(fields)
  })
})

describe('two files for one pod', () => {
  it.each([
    ['a.yaml', 'starts'],
    ['z.yaml', 'pushed-aside'],
  ])('given %s beside it, then the effect is: %s', (name, effect) => {
    const { outcome, duplicateOf } = computePlacement({ ...healthy, files: [aVerdict({ name })] })
    expect([outcome, duplicateOf]).toMatchObject([{ effect }, name])
  })

  it('given several, then the last of them is the one to beat', () => {
    const files = ['z.yaml', 'a.yaml', 'zz.yaml'].map((name) => aVerdict({ name }))
    expect(computePlacement({ ...healthy, files }).duplicateOf).toBe('zz.yaml')
  })
})

describe('a file of that name', () => {
  const before = computeUid(POD)

  it('given the same pod in other words, then nothing changes', () => {
    const files = [aVerdict({ pod: { namespace: 'default', name: 'web-node01', uid: before } })]
    const content = `# the same\n${POD}`
    expect(computePlacement({ ...healthy, content, files }).outcome).toMatchObject({ effect: 'unchanged' })
    const edited = POD.replace('nginx', 'busybox')
    expect(computePlacement({ ...healthy, content: edited, files }).outcome).toMatchObject({ effect: 'starts' })
  })

  it('given that it is pushed aside now, then that it stays so is not called no change', () => {
    const pod = { namespace: 'default', name: 'web-node01', uid: before }
    const files = [aVerdict({ pod, state: 'shadowed' }), aVerdict({ name: 'z.yaml' })]
    expect(computePlacement({ ...healthy, files }).outcome).toMatchObject({ effect: 'pushed-aside' })
  })
})

function computeUid(content: string): string {
  const path = `${healthy.folder}/${healthy.name}`
  const read = readStaticPod(new TextEncoder().encode(content), { path, nodeName: 'node01', seen: at(0) })
  return read.ok ? (read.pod.metadata.uid ?? '') : ''
}

describe('file names', () => {
  it.each([
    ['', 'empty'],
    ['  ', 'empty'],
    ['a/b.yaml', 'slash'],
    ['a\\b.yaml', 'slash'],
    ['.hidden.yaml', 'dot'],
    ['a\nb.yaml', 'control'],
    ['가'.repeat(86), 'long'],
    ['web.yaml', undefined],
  ])('given %j, the problem is %s', (name, problem) => {
    expect(checkFileName(name)).toBe(problem)
  })

  it('given taken names, finds the next free one before the ending', () => {
    expect(freeFileName('web.yaml', [{ name: 'web.yaml' }, { name: 'web-2.yaml' }])).toBe('web-3.yaml')
    expect(freeFileName('web', [{ name: 'web' }])).toBe('web-2')
    expect(freeFileName('web.yaml', [])).toBe('web.yaml')
  })

  it('given pasted text, names the file after the object', () => {
    expect(suggestFileName(POD)).toBe('web.yaml')
    expect(suggestFileName('nothing')).toBe('manifest.yaml')
  })
})

describe('a manifest that decodes and yet is refused', () => {
  const place = (content: string) =>
    computePlacement({ name: 'a.yaml', content, node: 'node01', folder: '/m', files: [] })
  const pod = (name: string, container: string) =>
    `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}}\nspec: {containers: [${container}]}\n`

  it.each([
    ['a name with capitals', pod('Web_1', '{name: web, image: nginx}'), 'InvalidPod'],
    ['a container without a name', pod('web', '{image: nginx}'), 'InvalidPod'],
    [
      'a reference to a Secret',
      pod('web', '{name: web, image: nginx, envFrom: [{secretRef: {name: s}}]}'),
      'APIReference',
    ],
  ])('given %s, then the refusal is foretold', (_, content, reason) => {
    expect(place(content).outcome).toMatchObject({ kind: 'refused', reason })
  })

  it('given a sound manifest, then its pod is foretold', () => {
    expect(place(pod('web', '{name: web, image: nginx}')).outcome).toMatchObject({ kind: 'pod', podName: 'web-node01' })
  })
})
