/** How terminals lie in the window: tabs in a row, and in each tab columns of panes one above the other. Never changed in place. */
import type { TerminalStatus, TerminalTarget } from '@common/lab/terminal.ts'

export interface TerminalPaneState {
  /** Of this window; stays when the pane gets another terminal. */
  key: string
  target: TerminalTarget
  /** Id of its terminal; absent until that is open. */
  terminal?: string
}

export interface TerminalTab {
  key: string
  /** Given by the user. */
  name?: string
  /** From left to right, each from top to bottom; never empty. */
  columns: TerminalPaneState[][]
}

export interface TerminalLayout {
  tabs: TerminalTab[]
  /** Key of the tab that is shown; absent without tabs. */
  active?: string
  /** Next number for a key. */
  next: number
}

export const EMPTY_LAYOUT: TerminalLayout = { tabs: [], next: 1 }
/** More would be too small to read. */
export const MAXIMUM_PANES = 6

export function panesOf({ columns }: TerminalTab): TerminalPaneState[] {
  return columns.flat()
}

export function addTab(layout: TerminalLayout, target: TerminalTarget, terminal?: string): TerminalLayout {
  const pane = aPane(layout.next, target, terminal)
  const key = `tab-${layout.next}`
  return { tabs: [...layout.tabs, { key, columns: [[pane]] }], active: key, next: layout.next + 1 }
}

/** A second pane for the same target, beside or below the first. */
export function splitPane(layout: TerminalLayout, paneKey: string, direction: 'right' | 'down'): TerminalLayout {
  const tabs = layout.tabs.map((tab) => {
    const pane = panesOf(tab).find(({ key }) => key === paneKey)
    if (pane === undefined || panesOf(tab).length >= MAXIMUM_PANES) return tab
    const added = aPane(layout.next, pane.target)
    const columns = tab.columns.flatMap((column) => {
      const row = column.indexOf(pane)
      if (row < 0) return [column]
      return direction === 'right' ? [column, [added]] : [column.toSpliced(row + 1, 0, added)]
    })
    return { ...tab, columns }
  })
  return { ...layout, tabs, next: layout.next + 1 }
}

/** A tab without panes goes too, and its neighbour is shown. */
export function removePanes(layout: TerminalLayout, isRemoved: (pane: TerminalPaneState) => boolean): TerminalLayout {
  const kept = layout.tabs.map((tab) => ({
    ...tab,
    columns: tab.columns
      .map((column) => column.filter((pane) => !isRemoved(pane)))
      .filter((column) => column.length > 0),
  }))
  const tabs = kept.filter(({ columns }) => columns.length > 0)
  return withActive({ tabs, next: layout.next }, layout)
}

export function setTerminal(layout: TerminalLayout, paneKey: string, terminal: string | undefined): TerminalLayout {
  const change = ({ terminal: _old, ...pane }: TerminalPaneState): TerminalPaneState =>
    terminal === undefined ? pane : { ...pane, terminal }
  const tabs = layout.tabs.map((tab) => ({
    ...tab,
    columns: tab.columns.map((column) => column.map((pane) => (pane.key === paneKey ? change(pane) : pane))),
  }))
  return { ...layout, tabs }
}

/** An empty name gives the tab the name of its target again. */
export function renameTab(layout: TerminalLayout, tabKey: string, name: string): TerminalLayout {
  const tabs = layout.tabs.map(({ name: old, ...tab }) => {
    const next = tab.key === tabKey ? name.trim() : old
    return next === undefined || next === '' ? tab : { ...tab, name: next }
  })
  return { ...layout, tabs }
}

/** Puts the tab at a place among the others; places beyond the ends are the ends. */
export function moveTab(layout: TerminalLayout, tabKey: string, place: number): TerminalLayout {
  const tab = layout.tabs.find(({ key }) => key === tabKey)
  if (tab === undefined) return layout
  const others = layout.tabs.filter((other) => other !== tab)
  return { ...layout, tabs: others.toSpliced(Math.max(0, Math.min(place, others.length)), 0, tab) }
}

export function activateTab(layout: TerminalLayout, tabKey: string): TerminalLayout {
  return layout.tabs.some(({ key }) => key === tabKey) ? { ...layout, active: tabKey } : layout
}

/** What is open, in the places where it was: panes of terminals that have gone are taken away, unknown terminals get a tab. */
export function reconcileLayout(layout: TerminalLayout, terminals: readonly TerminalStatus[]): TerminalLayout {
  const open = new Set(terminals.map(({ id }) => id))
  const kept = removePanes(layout, ({ terminal }) => terminal === undefined || !open.has(terminal))
  const placed = new Set(kept.tabs.flatMap((tab) => panesOf(tab)).map(({ terminal }) => terminal))
  const added = terminals.filter(({ id }) => !placed.has(id))
  const all = added.reduce((result, { id, target }) => addTab(result, target, id), kept)
  return withActive(all, layout)
}

/** A layout as this window wrote it once; anything else that lies in its place is an empty one. */
export function parseLayout(text: string | null): TerminalLayout {
  try {
    const value = JSON.parse(text ?? '') as TerminalLayout
    const isWhole = value.tabs.every(
      ({ key, columns }) =>
        typeof key === 'string' &&
        columns.length > 0 &&
        columns.every((column) => column.length > 0 && column.every((pane) => typeof pane.target.kind === 'string')),
    )
    return isWhole && Number.isSafeInteger(value.next) ? value : EMPTY_LAYOUT
  } catch {
    // Nothing was written yet, or by something else: the terminals themselves are listed by the app.
    return EMPTY_LAYOUT
  }
}

function aPane(number: number, target: TerminalTarget, terminal?: string): TerminalPaneState {
  return { key: `pane-${number}`, target, ...(terminal !== undefined && { terminal }) }
}

/** Shows what was shown before, or else what lies where it lay. */
function withActive({ tabs, next }: Omit<TerminalLayout, 'active'>, before: TerminalLayout): TerminalLayout {
  const place = before.tabs.findIndex(({ key }) => key === before.active)
  const tab = tabs.find(({ key }) => key === before.active) ?? tabs[Math.min(Math.max(place, 0), tabs.length - 1)]
  return { tabs, next, ...(tab !== undefined && { active: tab.key }) }
}
