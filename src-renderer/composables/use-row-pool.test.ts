import { afterEach, describe, expect, it, vi } from 'vitest'
import { RowPool, type RowPlace } from './use-row-pool.ts'

function aPlace(node: string): RowPlace {
  const element = document.createElement('ul')
  element.append(document.createElement('button'))
  document.body.append(element)
  const rows = { rows: [], lab: 'default', node, entries: [], isNodeRunning: true, isLazy: true }
  return {
    element,
    rows: { ...rows, selectedKey: undefined, tabStopKey: undefined },
    onFocus: vi.fn<(key: string) => void>(),
    onTaken: vi.fn<() => void>(),
  }
}

/** Whose rows are drawn. */
function shownBy({ slots }: RowPool): string[] {
  return slots.map(({ place }) => place.rows.node)
}

afterEach(() => document.body.replaceChildren())

describe('RowPool', () => {
  it('given a place that nobody sees any more, its rows go to the next one, and it is told', () => {
    const pool = new RowPool()
    const [first, second] = [aPlace('node01'), aPlace('node02')]
    pool.show(first)
    pool.hide(first)
    pool.show(second)
    expect(shownBy(pool)).toEqual(['node02'])
    expect(first.onTaken).toHaveBeenCalledOnce()
  })

  it('given a place that comes back before anybody needed its rows, it still has them', () => {
    const pool = new RowPool()
    const [first, second] = [aPlace('node01'), aPlace('node02')]
    pool.show(first)
    pool.hide(first)
    pool.show(first)
    pool.show(second)
    expect(shownBy(pool)).toEqual(['node01', 'node02'])
    expect(first.onTaken).not.toHaveBeenCalled()
  })

  it('given rows with the focus, they stay what they are though nobody sees them', () => {
    const pool = new RowPool()
    const [first, second] = [aPlace('node01'), aPlace('node02')]
    pool.show(first)
    first.element.querySelector('button')?.focus()
    pool.hide(first)
    pool.show(second)
    expect(shownBy(pool)).toEqual(['node01', 'node02'])
  })

  it('given a place that is gone, its rows are gone too', () => {
    const pool = new RowPool()
    const [first, second] = [aPlace('node01'), aPlace('node02')]
    pool.show(first)
    pool.show(second)
    pool.remove(first)
    expect(shownBy(pool)).toEqual(['node02'])
  })
})
