/** Listens to the keyboard of the window and runs the commands whose shortcuts are pressed. Once, by the window itself. */
import { useEventListener } from '@vueuse/core'
import { isMac } from '../model/is-mac.ts'
import { isOwned, isWrittenInto } from '../model/key-target.ts'
import { keycaps, readKey } from '../model/shortcuts.ts'
import { useKeyEchoStore } from '../stores/key-echo-store.ts'
import { allCommands } from './use-commands.ts'

/** Between the keys of a sequence. */
const SEQUENCE_MS = 1_200
/** While one of these is open, keys are its own: Escape closes it and nothing else. */
const OPEN_ABOVE = '[role=dialog], [role=alertdialog], [role=menu], [role=listbox]'

export function useShortcuts(): void {
  const echo = useKeyEchoStore()
  let begun: { pressed: string; atMs: number } | undefined

  function onKey(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.isComposing || event.repeat) return
    const pressed = begun !== undefined && event.timeStamp - begun.atMs < SEQUENCE_MS ? begun.pressed : undefined
    const reading = readKey(event, {
      ...(pressed !== undefined && { begun: pressed }),
      isInField: isWrittenInto(event),
      isMac: isMac(),
    })
    if (reading.state !== 'none' || event.key !== 'Shift') begun = undefined
    if (reading.state === 'begun') begun = { pressed: reading.pressed, atMs: event.timeStamp }
    if (reading.state !== 'done') return
    if (reading.id === 'close' && isOwned(event)) return
    const isCovered = document.querySelector(OPEN_ABOVE) !== null
    // The window's size can be changed at any time; the palette's own key also closes it.
    if (isCovered && !reading.id.startsWith('zoom') && reading.id !== 'presenter' && reading.id !== 'palette') return
    if (reading.id === 'close' && emptySearch(event.target)) return event.preventDefault()
    // The part that came last is above the others, and the first that has something to do does it alone.
    const isDone = allCommands()
      .filter(({ shortcut }) => shortcut === reading.id)
      .reverse()
      .some(({ run }) => run() !== false)
    if (!isDone) return
    event.preventDefault()
    echo.show(keycaps(pressed === undefined ? chordText(event) : `${pressed} ${event.key}`, isMac()))
  }
  useEventListener(window, 'keydown', onKey)
}

/** A search field with words in it is what Escape is about, also where the browser would not empty it. */
function emptySearch(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLInputElement) || target.type !== 'search' || target.value === '') return false
  target.value = ''
  target.dispatchEvent(new Event('input', { bubbles: true }))
  return true
}

/** What was pressed, as the table spells it. */
function chordText({ key, ctrlKey, metaKey, altKey }: KeyboardEvent): string {
  return [ctrlKey || metaKey ? 'mod' : '', altKey ? 'alt' : '', key.toLowerCase()].filter(Boolean).join('+')
}
