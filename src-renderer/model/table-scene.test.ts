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
})
