/** Places that the rail and the palette lead to, in their order; one that the router does not have is left out. */
import {
  Activity,
  ChartNoAxesGantt,
  Columns2,
  FlaskRound,
  LayoutDashboard,
  Settings,
  SquareTerminal,
} from '@lucide/vue'
import type { Component } from 'vue'
import type { Router } from 'vue-router'
import type { ShortcutId } from './shortcuts.ts'

export interface RailPlace {
  name: 'board' | 'timeline' | 'compare' | 'terminal' | 'labs' | 'diagnostics' | 'settings'
  icon: Component
  shortcut: ShortcutId
}

const PLACES: readonly RailPlace[] = [
  { name: 'board', icon: LayoutDashboard, shortcut: 'go-board' },
  { name: 'timeline', icon: ChartNoAxesGantt, shortcut: 'go-timeline' },
  { name: 'compare', icon: Columns2, shortcut: 'go-compare' },
  { name: 'terminal', icon: SquareTerminal, shortcut: 'go-terminal' },
  { name: 'labs', icon: FlaskRound, shortcut: 'go-labs' },
  { name: 'diagnostics', icon: Activity, shortcut: 'go-diagnostics' },
  { name: 'settings', icon: Settings, shortcut: 'go-settings' },
]

export function railPlaces(router: Pick<Router, 'hasRoute'>): RailPlace[] {
  return PLACES.filter(({ name }) => router.hasRoute(name))
}
