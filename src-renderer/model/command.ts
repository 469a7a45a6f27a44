/** A thing that can be done from the palette or by a shortcut. */
import type { Component } from 'vue'
import type { ShortcutId } from './shortcuts.ts'

/** In the order in which the palette shows them. */
export const COMMAND_GROUPS = ['places', 'lab', 'nodes', 'pods', 'files', 'samples', 'view', 'window'] as const
export type CommandGroup = (typeof COMMAND_GROUPS)[number]

export interface Command {
  /** Stays the same from one session to the next: what was used before is found by it. */
  id: string
  group: CommandGroup
  /** In the user's language, as is all text here. */
  title: string
  /** Said beside the title, such as the node of a pod. */
  detail?: string
  /** Further words by which it can be found. */
  keywords?: string
  icon?: Component
  shortcut?: ShortcutId
  /** For a shortcut alone: not in the palette. */
  isHidden?: true
  /** `false` when there was nothing to do, so that the key keeps its other meanings. */
  run(): unknown
}
