/** Where the terminals of each lab lie in this window; kept over a reload. */
import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { TerminalStatus } from '@common/lab/terminal.ts'
import { parseLayout, reconcileLayout, type TerminalLayout } from '../model/terminal-layout.ts'
import { readSetting, writeSetting } from './stored-setting.ts'

const keyOf = (lab: string): string => `node-lab.terminals.${lab}`

export const useTerminalLayoutStore = defineStore('terminal-layout', () => {
  const layouts = shallowRef<ReadonlyMap<string, TerminalLayout>>(new Map())

  function layoutOf(lab: string): TerminalLayout {
    return layouts.value.get(lab) ?? parseLayout(readSetting(keyOf(lab)))
  }

  function set(lab: string, layout: TerminalLayout): void {
    layouts.value = new Map([...layouts.value, [lab, layout]])
    writeSetting(keyOf(lab), JSON.stringify(layout))
  }

  /** Whatever was opened or closed elsewhere in between. */
  function reconcile(lab: string, terminals: readonly TerminalStatus[]): void {
    set(lab, reconcileLayout(layoutOf(lab), terminals))
  }

  return { layoutOf, set, reconcile }
})
