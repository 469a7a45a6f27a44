import { describe, expect, it } from 'vitest'
import { computeConsequence } from './compute-consequence.ts'

const context = { path: '/etc/kubernetes/manifests/web.yaml', node: 'node01' }
const POD =
  'apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  containers:\n    - name: app\n      image: nginx\n'

describe('given a file with a Pod', () => {
  it.each([
    ['it is saved as it is', POD, 'identical'],
    ['a comment is added', `# mine\n${POD}`, 'same'],
    ['a default is spelled out', POD.replace('spec:\n', 'spec:\n  restartPolicy: Always\n'), 'same'],
    ['the image changes', POD.replace('nginx', 'busybox'), 'replaced'],
    ['the name changes', POD.replace('web', 'shop'), 'renamed'],
    ['it becomes unreadable', 'kind: [', 'broken'],
  ])('when %s, then the consequence is known', (_what, after, kind) => {
    expect(computeConsequence(POD, after, context).kind).toBe(kind)
  })

  it('when it is replaced, then the new UID is that which the kubelet will give', () => {
    const changed = POD.replace('nginx', 'busybox')
    const started = computeConsequence(undefined, changed, context)
    expect(computeConsequence(POD, changed, context)).toEqual({ ...started, kind: 'replaced' })
    expect(started).toMatchObject({ kind: 'started', pod: 'web-node01', uid: expect.stringMatching(/^[0-9a-f]{32}$/) })
  })
})

it('given no Pod before, when none is after, then nothing starts', () => {
  expect(computeConsequence('kind: Service', 'kind: Secret', context)).toEqual({ kind: 'none' })
})
