import { describe, expect, it } from 'vitest'
import { computeTablePicture } from './table-scene.ts'
import { estimateTextWidth } from './scene.ts'

const LONG =
  'A DaemonSet’s pod is made for one node, and the scheduler binds it to exactly that one and to no other, whatever happens meanwhile'

describe('the table as a picture', () => {
  it('given long words in a cell, then they are wrapped within their column and the rows below move down', () => {
    const cell = [{ text: LONG, ink: 'ink-soft' }] as const
    const picture = (first: typeof cell | readonly []): ReturnType<typeof computeTablePicture> =>
      computeTablePicture({
        ...{ title: 'Differences', subtitle: 'lab default', columns: ['-', 'Static pods', 'DaemonSets'] },
        rows: [
          { title: '1', cells: [first, []] },
          { title: '2', cells: [[], []] },
        ],
      })
    const texts = picture(cell).shapes.flatMap((shape) => (shape.kind === 'text' ? [shape] : []))
    const lines = texts.filter(({ text }) => LONG.includes(text) && text !== '')
    expect(lines.length).toBeGreaterThan(1)
    expect(lines.map(({ text }) => text).join(' ')).toBe(LONG)
    for (const { text, x, size } of lines) expect(x + estimateTextWidth(text, size)).toBeLessThan(x + 1_280 / 3)
    expect(picture(cell).height).toBeGreaterThan(picture([]).height)
  })

  it('given a name that is longer than its column, then it is broken after a hyphen, and nothing of it is lost', () => {
    const name = 'kube-controller-manager-controlplane-of-a-lab-with-a-long-name,'
    const { shapes } = computeTablePicture({
      ...{ title: 'Differences', subtitle: 'lab default', columns: ['-', 'a', 'b', 'c'] },
      rows: [{ title: '1', cells: [[{ text: name, ink: 'ink', isStrong: true }], [], []] }],
    })
    const lines = shapes.flatMap((shape) => (shape.kind === 'text' && name.includes(shape.text) ? [shape.text] : []))
    const pieces = lines.filter((text) => text.length > 1)
    expect(pieces.join('')).toBe(name)
    expect(pieces.length).toBeGreaterThan(1)
    expect(pieces[0]).toMatch(/-$/)
  })
})
