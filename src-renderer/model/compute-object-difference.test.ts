import { parse } from 'yaml'
import { describe, expect, it } from 'vitest'
import { computeObjectDifference, renderYaml } from './compute-object-difference.ts'

const onNode = {
  metadata: {
    name: 'web-node01',
    uid: 'hash-1',
    annotations: { 'kubernetes.io/config.hash': 'hash-1', 'kubernetes.io/config.source': 'file' },
  },
  spec: { containers: [{ name: 'main', image: 'nginx' }], tolerations: [{ operator: 'Exists', effect: 'NoExecute' }] },
  status: { phase: 'Running' },
}
const mirror = {
  ...onNode,
  metadata: {
    ...onNode.metadata,
    uid: '0000-1',
    resourceVersion: '17',
    managedFields: [{ manager: 'kubelet' }],
    annotations: { ...onNode.metadata.annotations, 'kubernetes.io/config.mirror': 'hash-1' },
  },
  spec: { ...onNode.spec, priority: 0 },
}

describe('the difference of two objects', () => {
  it('given a pod and its mirror, then what differs is told with why, and managedFields are left out', () => {
    const { lines, count } = computeObjectDifference(onNode, mirror)
    const different = lines.filter(({ isBranch, state }) => !isBranch && state !== 'same')
    expect(different.map(({ path, state, note }) => [path, state, note])).toEqual([
      ['metadata.uid', 'changed', 'uid'],
      ['metadata.annotations.kubernetes.io/config.mirror', 'right-only', 'configMirror'],
      ['metadata.resourceVersion', 'right-only', 'resourceVersion'],
      ['spec.priority', 'right-only', 'admission'],
    ])
    expect(count).toBe(4)
    expect(lines.some(({ path }) => path.includes('managedFields'))).toBe(false)
  })

  it('given the same object twice, then nothing differs; given one side only, then every line is its own', () => {
    expect(computeObjectDifference(onNode, structuredClone(onNode)).count).toBe(0)
    const { lines } = computeObjectDifference(undefined, mirror)
    expect(lines.every(({ state, left }) => state === 'right-only' && left === undefined)).toBe(true)
  })

  it('given lists in another order, then items with a name of their own are compared with their like', () => {
    const [one, other] = [
      { name: 'a', image: 'x' },
      { name: 'b', image: 'y' },
    ]
    const { count } = computeObjectDifference({ containers: [one, other] }, { containers: [other, one] })
    expect(count).toBe(0)
  })

  it('given odd texts, then what is rendered is YAML that means the same', () => {
    const odd = {
      a: 'true',
      b: 'x: y',
      c: 'two\nlines',
      d: '- no list',
      e: '',
      f: '1.5',
      g: null,
      'h i': [],
      j: {},
      k: [[1], [{ name: 'n' }]],
      l: '#no',
      m: '<b>&amp;',
      n: '\u202Eback',
    }
    expect(parse(renderYaml(odd))).toEqual(odd)
  })

  it('given something endless, deep or huge, then it is cut and says so', () => {
    let deep: unknown = 'end'
    for (let depth = 0; depth < 5_000; depth += 1) deep = { deep }
    expect(computeObjectDifference(deep, deep).lines.length).toBeLessThan(100)
    const wide = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`k${index}`, index]))
    expect(computeObjectDifference(wide, wide)).toMatchObject({ isCut: true })
    expect(computeObjectDifference({ text: 'x'.repeat(1e6) }, {}).lines[0]?.left?.length).toBeLessThan(2_000)
    expect(computeObjectDifference('no object', 7).lines).toEqual([])
  })
})
