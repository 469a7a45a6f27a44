/**
 * What can be done from the keyboard: every part of the app offers its commands here. The palette lists them, and a shortcut of
 * the table (`model/shortcuts.ts`) runs the command that has it.
 */
import { getCurrentScope, onScopeDispose, shallowReactive } from 'vue'
import type { Command } from '../model/command.ts'

/** Read anew whenever the list is shown or a shortcut is pressed, so that it follows the lab and the language. */
export type CommandSource = () => readonly Command[]

const sources = shallowReactive(new Set<CommandSource>())

/** Offers commands until the returned function is called, or the calling component goes. */
export function useCommands(source: CommandSource): () => void {
  sources.add(source)
  const end = (): void => void sources.delete(source)
  if (getCurrentScope() !== undefined) onScopeDispose(end)
  return end
}

export function allCommands(): Command[] {
  return [...sources].flatMap((source) => [...source()])
}
