import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { computeProblems, type ManifestProblem, type QuickFix } from './compute-problems.ts'

const context = { path: '/etc/kubernetes/manifests/web.yaml', node: 'node01' }

const POD = `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: app
      image: nginx
`

/** `severity line: marked text`, and what mends it. */
function shown(text: string): string[] {
  return computeProblems(text, context).map(({ severity, line, from, to, fixes }) => {
    const names = fixes.map((fix) => (fix.kind === 'remove' ? 'remove' : `${fix.kind} ${fix.to.trim()}`))
    return `${severity} ${line}: ${text.slice(from, to)}${names.length === 0 ? '' : ` (${names.join(', ')})`}`
  })
}

function fixed(text: string, kind: QuickFix['kind']): string {
  const fix = computeProblems(text, context)
    .flatMap(({ fixes }) => fixes)
    .find((one) => one.kind === kind)
  if (fix === undefined) throw new Error('there is no such fix')
  return text.slice(0, fix.from) + (fix.kind === 'remove' ? '' : fix.to) + text.slice(fix.end)
}

describe('given a healthy Pod', () => {
  it('then there is no problem', () => {
    expect(shown(POD)).toEqual([])
  })

  it.each([
    [
      'a field is misspelt',
      '      image: nginx\n      imagePulPolicy: Always\n',
      ['warning 9: imagePulPolicy (rename imagePullPolicy, remove)'],
    ],
    [
      'a value has the wrong type',
      '      image: nginx\n      ports:\n        - containerPort: eighty\n',
      ['error 10: eighty'],
    ],
    [
      'a value is none of those allowed',
      '      image: nginx\n      imagePullPolicy: always\n',
      ['error 9: always (replace Always)'],
    ],
    ['a required field is missing', '', ['error 7: name']],
    [
      'a field is not carried out',
      '      image: nginx\n      securityContext:\n        procMount: Unmasked\n',
      ['info 10: procMount (remove)'],
    ],
    [
      'the policy refuses a field',
      '      image: nginx\n      securityContext:\n        privileged: true\n',
      ['warning 10: privileged (remove)'],
    ],
    ['two documents follow one another', '      image: nginx\n---\nkind: Pod\n', ['warning 1: apiVersion']],
  ])('when %s, then the place is marked', (_what, lines, expected) => {
    expect(shown(POD.replace('      image: nginx\n', lines))).toEqual(expected)
  })

  it('when several fields are wrong, then each is marked at its line', () => {
    const text = `${POD}      ports:\n        - containerPort: 99999\n        - containerPort: 80\n          protocol: FTP\n`
    expect(shown(text)).toEqual(['error 10: 99999', 'error 12: FTP'])
  })

  it('when it refers to the API server, then each field that does is marked and can be removed', () => {
    const text = `${POD}      envFrom:\n        - secretRef:\n            name: a\n  serviceAccountName: me\n`
    expect(shown(text)).toEqual(['error 10: secretRef', 'error 12: serviceAccountName (remove)'])
    expect(fixed(text, 'remove')).not.toContain('serviceAccountName')
  })

  it('when its kind is misspelt or missing, then that is mended by a fix', () => {
    expect(fixed(POD.replace('kind: Pod', 'kind: pod'), 'replace')).toBe(POD)
    expect(computeProblems(fixed(POD.replace('kind: Pod\n', ''), 'replace'), context)).toEqual([])
  })

  it('when it is a Deployment, then its kind is marked and nothing pretends to mend it', () => {
    expect(shown(POD.replace('v1', 'apps/v1').replace('kind: Pod', 'kind: Deployment'))).toEqual([
      'error 2: Deployment',
    ])
  })

  it('when a misspelt field is renamed, then the problem is gone', () => {
    expect(shown(fixed(POD.replace('image:', 'imagee:'), 'rename'))).toEqual([])
  })

  it('when what was probably meant is there already, then renaming is not offered', () => {
    expect(shown(`${POD}      imagee: busybox\n`)).toEqual(['warning 9: imagee (remove)'])
  })

  it('when a field with a block below it is removed, then all of it goes and nothing else', () => {
    const text = POD.replace('spec:\n', 'spec:\n  nonsense:\n    a: 1\n    b: [1, 2]\n')
    expect(fixed(text, 'remove')).toBe(POD)
  })
})

describe('given whatever is typed', () => {
  const isInside = (text: string, { from, to, line }: ManifestProblem): boolean =>
    from >= 0 && to <= text.length && from <= to && line >= 1 && line <= text.split('\n').length

  it('when a manifest is cut or garbled anywhere, then every problem and fix lies in the text', () => {
    fc.assert(
      fc.property(fc.nat(POD.length), fc.nat(POD.length), fc.string({ unit: 'binary' }), (from, to, typed) => {
        const text = POD.slice(0, from) + typed + POD.slice(to)
        const problems = computeProblems(text, context)
        expect(problems.filter((problem) => !isInside(text, problem))).toEqual([])
        const fixes = problems.flatMap(({ fixes: ofOne }) => ofOne)
        expect(fixes.filter((fix) => fix.from > fix.end || fix.end > text.length)).toEqual([])
      }),
    )
  })
})
