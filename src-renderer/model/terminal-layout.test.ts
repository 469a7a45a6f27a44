import { describe, expect, it } from 'vitest'
import type { TerminalStatus, TerminalTarget } from '@common/lab/terminal.ts'
import {
  activateTab,
  addTab,
  EMPTY_LAYOUT,
  MAXIMUM_PANES,
  moveTab,
  panesOf,
  parseLayout,
  reconcileLayout,
  removePanes,
  renameTab,
  setTerminal,
  splitPane,
  type TerminalLayout,
} from './terminal-layout.ts'

const NODE: TerminalTarget = { kind: 'node', node: 'node01' }
const OTHER: TerminalTarget = { kind: 'node', node: 'node02' }
const three = (): TerminalLayout => ['a', 'b', 'c'].reduce((layout, id) => addTab(layout, NODE, id), EMPTY_LAYOUT)
const keysOf = (layout: TerminalLayout): string[] => layout.tabs.map(({ key }) => key)

/** Targets' terminals, column by column. */
const picture = (layout: TerminalLayout, tab = 0): (string | undefined)[][] =>
  (layout.tabs[tab]?.columns ?? []).map((column) => column.map(({ terminal }) => terminal))

function aStatus(id: string, target = NODE): TerminalStatus {
  return { id, lab: 'default', target, openedAt: '2026-11-24T12:00:00Z', state: 'running' }
}

describe('tabs', () => {
  it('given tabs, when one is added, then it is shown', () => {
    const layout = three()
    expect(layout.active).toBe(layout.tabs[2]?.key)
  })

  it('given the shown tab, when it is closed, then its neighbour is shown; with the last, nothing', () => {
    let layout = activateTab(three(), 'tab-2')
    layout = removePanes(layout, ({ terminal }) => terminal === 'b')
    expect(layout.active).toBe('tab-3')
    layout = removePanes(layout, () => true)
    expect(layout).toEqual({ tabs: [], next: 4 })
  })

  it('given a tab, when it is moved beyond the ends, then it is at the end', () => {
    expect(keysOf(moveTab(three(), 'tab-1', 9))).toEqual(['tab-2', 'tab-3', 'tab-1'])
    expect(keysOf(moveTab(three(), 'tab-3', -5))).toEqual(['tab-3', 'tab-1', 'tab-2'])
    expect(keysOf(moveTab(three(), 'tab-9', 0))).toEqual(['tab-1', 'tab-2', 'tab-3'])
  })

  it('given a tab, when it is renamed to nothing, then it has the name of its place again', () => {
    const named = renameTab(three(), 'tab-1', '  build  ')
    expect(named.tabs[0]?.name).toBe('build')
    expect(renameTab(named, 'tab-1', ' ').tabs[0]).not.toHaveProperty('name')
  })
})

describe('panes', () => {
  it('given one pane, when it is split right and the new one down, then there are two columns', () => {
    let layout = splitPane(addTab(EMPTY_LAYOUT, NODE, 'a'), 'pane-1', 'right')
    layout = setTerminal(layout, 'pane-2', 'b')
    layout = setTerminal(splitPane(layout, 'pane-2', 'down'), 'pane-3', 'c')
    expect(picture(layout)).toEqual([['a'], ['b', 'c']])
    expect(picture(removePanes(layout, ({ terminal }) => terminal === 'a'))).toEqual([['b', 'c']])
  })

  it('given as many panes as there may be, when one is split, then nothing happens', () => {
    let layout = addTab(EMPTY_LAYOUT, NODE)
    for (let count = 0; count < 10; count += 1) layout = splitPane(layout, 'pane-1', 'right')
    expect(layout.tabs.flatMap(panesOf)).toHaveLength(MAXIMUM_PANES)
  })
})

describe('after a reload', () => {
  it('given terminals that have gone and new ones, then panes keep their places, and new ones get tabs', () => {
    const before = renameTab(activateTab(three(), 'tab-2'), 'tab-2', 'mine')
    const after = reconcileLayout(before, [aStatus('b'), aStatus('c'), aStatus('d', OTHER)])
    expect(after.tabs.map((tab) => [tab.name, ...panesOf(tab).map(({ terminal }) => terminal)])).toEqual([
      ['mine', 'b'],
      [undefined, 'c'],
      [undefined, 'd'],
    ])
    expect(after.active).toBe('tab-2')
  })

  it('given a pane that never got its terminal, then it goes: nothing is opened that nobody asked for now', () => {
    expect(reconcileLayout(addTab(EMPTY_LAYOUT, NODE), []).tabs).toEqual([])
  })

  it('given what was written, then it is read again; given anything else, then there is an empty layout', () => {
    expect(parseLayout(JSON.stringify(three()))).toEqual(three())
    const odd = [
      null,
      '',
      '5',
      'null',
      '{}',
      '{"tabs":[{}],"next":1}',
      '{"tabs":[{"key":"a","columns":[[]]}],"next":1}',
    ]
    for (const text of odd) expect(parseLayout(text)).toEqual(EMPTY_LAYOUT)
  })
})
