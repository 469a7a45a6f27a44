import { describe, expect, it } from 'vitest'
import { aPod, aVerdict } from '../testing/fixtures.ts'
import { computeRows, findRow, referTo } from './board-rows.ts'

describe('computeRows', () => {
  it('given a file and the pod that came from it, puts both into one row', () => {
    const [row, ...rest] = computeRows({ files: [aVerdict()], pods: [aPod()] })
    expect(row?.file?.name).toBe('web.yaml')
    expect(row?.pod?.metadata.name).toBe('web-node01')
    expect(rest).toEqual([])
  })

  it('given a pod of the version before an edit, shows it in a row of its own', () => {
    const rows = computeRows({ files: [aVerdict()], pods: [aPod({ uid: 'uid-0' }), aPod()] })
    expect(rows.map(({ file, pod, isReplaced }) => [file?.name, pod?.metadata.uid, isReplaced])).toEqual([
      ['web.yaml', 'uid-1', undefined],
      [undefined, 'uid-0', true],
    ])
  })

  it('given a shadowed file, leaves the pod to the file that won', () => {
    const shadowed = aVerdict({ name: 'a.yaml', state: 'shadowed', reason: 'DuplicatePod' })
    const rows = computeRows({ files: [shadowed, aVerdict()], pods: [aPod()] })
    expect(rows.map(({ file, pod }) => [file?.name, pod?.metadata.uid])).toEqual([
      ['a.yaml', undefined],
      ['web.yaml', 'uid-1'],
    ])
  })

  it('given names that differ in case, orders them by bytes, as the kubelet does', () => {
    const files = ['b.yaml', 'a.yaml', 'B.yaml'].map((name) => aVerdict({ name, state: 'rejected' }))
    expect(computeRows({ files, pods: [] }).map(({ file }) => file?.name)).toEqual(['B.yaml', 'a.yaml', 'b.yaml'])
  })
})

describe('findRow', () => {
  it('given an edited manifest, still finds its row, though the pod has another UID', () => {
    const before = computeRows({ files: [aVerdict()], pods: [aPod()] })[0]
    const after = computeRows({
      files: [aVerdict({ pod: { namespace: 'default', name: 'web-node01', uid: 'uid-2' } })],
      pods: [aPod({ uid: 'uid-2' })],
    })
    expect(findRow(after, referTo('node01', before ?? { key: '' }))?.pod?.metadata.uid).toBe('uid-2')
  })

  it('given a removed file, finds the pod that is still there by its name', () => {
    const before = computeRows({ files: [aVerdict()], pods: [aPod()] })[0]
    const after = computeRows({ files: [], pods: [aPod()] })
    expect(findRow(after, referTo('node01', before ?? { key: '' }))?.key).toBe('pod:default/web-node01/uid-1')
  })

  it('given that both are gone, finds nothing', () => {
    expect(findRow([], { node: 'node01', file: 'web.yaml' })).toBeUndefined()
  })
})
