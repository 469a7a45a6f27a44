/** Keys that are the app's while a terminal has the keyboard; all others are the shell's. */

export type TerminalAppKey = 'copy' | 'paste' | 'search' | 'leave' | 'reopen'

/** @param isOver there is no shell any more: Enter asks for another */
export function appKeyOf(
  {
    key,
    code,
    ctrlKey,
    metaKey,
    shiftKey,
    altKey,
  }: Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>,
  isOver: boolean,
): TerminalAppKey | undefined {
  if (key === 'F6' && !altKey && !metaKey) return 'leave'
  if (isOver && key === 'Enter') return 'reopen'
  if (metaKey && !ctrlKey && !altKey) {
    // Keys of macOS; a shell never sees the command key.
    if (code === 'KeyC') return 'copy'
    if (code === 'KeyV') return 'paste'
    if (code === 'KeyF') return 'search'
  }
  if (!ctrlKey || !shiftKey || altKey || metaKey) return undefined
  // The place on the keyboard counts: with a Korean layout the letter is another.
  if (code === 'KeyC') return 'copy'
  if (code === 'KeyV') return 'paste'
  if (code === 'KeyF') return 'search'
  return undefined
}
