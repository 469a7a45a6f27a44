/** The tabs of one lab's terminals: the layout of this window, and the acts that change it. */
import { computed, type ComputedRef } from 'vue'
import type { TerminalTarget } from '@common/lab/terminal.ts'
import { call } from '../../bridge/client.ts'
import {
  activateTab,
  addTab,
  moveTab,
  panesOf,
  removePanes,
  renameTab,
  setTerminal,
  splitPane,
  type TerminalLayout,
  type TerminalPaneState,
} from '../../model/terminal-layout.ts'
import { terminalTargetKey } from '../../model/terminal-target.ts'
import { useTerminalLayoutStore } from '../../stores/terminal-layout-store.ts'

export interface TerminalTabs {
  layout: ComputedRef<TerminalLayout>
  open(target: TerminalTarget): void
  /** Shows the tab that has such a terminal, or opens one. */
  show(target: TerminalTarget): void
  activate(tab: string): void
  rename(tab: string, name: string): void
  move(tab: string, place: number): void
  closeTab(tab: string): void
  closePane(pane: TerminalPaneState): void
  split(pane: TerminalPaneState, direction: 'right' | 'down'): void
  setTerminal(pane: TerminalPaneState, terminal: string): void
}

export function useTerminalTabs(lab: () => string): TerminalTabs {
  const store = useTerminalLayoutStore()
  const layout = computed(() => store.layoutOf(lab()))
  const change = (next: TerminalLayout): void => store.set(lab(), next)

  /** Their shells are hung up; one that cannot be reached any more goes by itself. */
  function closeAll(panes: readonly TerminalPaneState[]): void {
    for (const { terminal } of panes) {
      if (terminal !== undefined) void call('terminal/close', { terminal }).catch(() => undefined)
    }
    const keys = new Set(panes.map(({ key }) => key))
    change(removePanes(layout.value, ({ key }) => keys.has(key)))
  }

  function open(target: TerminalTarget): void {
    change(addTab(layout.value, target))
  }

  return {
    layout,
    open,
    show(target) {
      const key = terminalTargetKey(target)
      const tab = layout.value.tabs.find((one) => panesOf(one).some((pane) => terminalTargetKey(pane.target) === key))
      if (tab === undefined) open(target)
      else change(activateTab(layout.value, tab.key))
    },
    activate: (tab) => change(activateTab(layout.value, tab)),
    rename: (tab, name) => change(renameTab(layout.value, tab, name)),
    move: (tab, place) => change(moveTab(layout.value, tab, place)),
    closeTab(key) {
      const tab = layout.value.tabs.find((one) => one.key === key)
      if (tab !== undefined) closeAll(panesOf(tab))
    },
    closePane: (pane) => closeAll([pane]),
    split: (pane, direction) => change(splitPane(layout.value, pane.key, direction)),
    setTerminal: (pane, terminal) => change(setTerminal(layout.value, pane.key, terminal)),
  }
}
