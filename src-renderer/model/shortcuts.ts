/** The table of all keyboard shortcuts, and how a pressed key is told from it. What each does is a command of that `shortcut`. */

/** `mod` is Ctrl, on a Mac Cmd. A blank stands between keys that are pressed one after the other. */
export const SHORTCUTS = [
  { id: 'palette', keys: ['mod+k', 'f1'], group: 'window', inFields: true },
  { id: 'shortcuts', keys: ['?'], group: 'window', inFields: false },
  { id: 'back', keys: ['alt+arrowleft'], macKeys: ['mod+['], group: 'window', inFields: false },
  { id: 'forward', keys: ['alt+arrowright'], macKeys: ['mod+]'], group: 'window', inFields: false },
  { id: 'close', keys: ['escape'], group: 'window', inFields: true },
  { id: 'search', keys: ['/'], group: 'window', inFields: false },
  { id: 'tasks', keys: ['o t'], group: 'window', inFields: false },
  { id: 'messages', keys: ['o m'], group: 'window', inFields: false },
  { id: 'go-board', keys: ['g b'], group: 'places', inFields: false },
  { id: 'go-timeline', keys: ['g t'], group: 'places', inFields: false },
  { id: 'go-compare', keys: ['g c'], group: 'places', inFields: false },
  { id: 'go-terminal', keys: ['g s'], group: 'places', inFields: false },
  { id: 'go-labs', keys: ['g l'], group: 'places', inFields: false },
  { id: 'go-diagnostics', keys: ['g d'], group: 'places', inFields: false },
  { id: 'go-welcome', keys: ['g w'], group: 'places', inFields: false },
  { id: 'go-settings', keys: ['mod+,'], group: 'places', inFields: true },
  { id: 'zoom-in', keys: ['mod++', 'mod+='], group: 'view', inFields: true },
  { id: 'zoom-out', keys: ['mod+-'], group: 'view', inFields: true },
  { id: 'zoom-reset', keys: ['mod+0'], group: 'view', inFields: true },
  { id: 'presenter', keys: ['f9'], group: 'view', inFields: true },
] as const satisfies readonly ShortcutDefinition[]

/**
 * Keys that a part of the window reads by itself while the focus is in it: listed for people, and no commands. Keys with a slash
 * between them do one thing in both directions.
 */
export const PART_KEYS = [
  { id: 'board-walk', keys: ['↑/↓/←/→'], group: 'board' },
  { id: 'board-pick', keys: ['space'], group: 'board' },
  { id: 'board-cut', keys: ['mod+x'], group: 'board' },
  { id: 'board-copy', keys: ['mod+c'], group: 'board' },
  { id: 'board-paste', keys: ['mod+v'], group: 'board' },
  { id: 'board-remove', keys: ['delete'], group: 'board' },
  { id: 'board-undo', keys: ['mod+z'], group: 'board' },
  { id: 'editor-complete', keys: ['ctrl+space'], group: 'editor' },
  { id: 'editor-problem', keys: ['f8'], group: 'editor' },
  { id: 'editor-find', keys: ['mod+f'], group: 'editor' },
  { id: 'editor-undo', keys: ['mod+z'], group: 'editor' },
  { id: 'editor-save', keys: ['mod+s'], group: 'editor' },
  { id: 'editor-leave', keys: ['escape'], group: 'editor' },
  { id: 'timeline-lane', keys: ['↑/↓'], group: 'timeline' },
  { id: 'timeline-entry', keys: ['shift+←/→'], group: 'timeline' },
  { id: 'timeline-pan', keys: ['←/→'], group: 'timeline' },
  { id: 'timeline-zoom', keys: ['plus/-'], group: 'timeline' },
  { id: 'timeline-ends', keys: ['home/end'], group: 'timeline' },
  { id: 'timeline-all', keys: ['0'], group: 'timeline' },
  { id: 'timeline-fold', keys: ['space'], group: 'timeline' },
  { id: 'timeline-open', keys: ['enter'], group: 'timeline' },
  { id: 'terminal-leave', keys: ['f6'], group: 'terminal' },
  { id: 'terminal-copy', keys: ['ctrl+shift+c'], macKeys: ['mod+c'], group: 'terminal' },
  { id: 'terminal-paste', keys: ['ctrl+shift+v'], macKeys: ['mod+v'], group: 'terminal' },
  { id: 'terminal-find', keys: ['ctrl+shift+f'], macKeys: ['mod+f'], group: 'terminal' },
] as const satisfies readonly PartKeyDefinition[]

interface PartKeyDefinition {
  id: string
  keys: readonly string[]
  /** Where a Mac has others. */
  macKeys?: readonly string[]
  group: 'board' | 'editor' | 'timeline' | 'terminal'
}

interface ShortcutDefinition {
  id: string
  keys: readonly string[]
  /** Where a Mac has others. */
  macKeys?: readonly string[]
  group: 'window' | 'places' | 'view'
  /** Whether it also works while somebody types in a field. */
  inFields: boolean
}

export type ShortcutId = (typeof SHORTCUTS)[number]['id']
export type PartKeyId = (typeof PART_KEYS)[number]['id']
export type KeyGroup = ShortcutDefinition['group'] | PartKeyDefinition['group']

/** What of a `KeyboardEvent` counts. */
export interface KeyPress {
  key: string
  code: string
  ctrlKey: boolean
  metaKey: boolean
  altKey: boolean
  shiftKey: boolean
}

/** What somebody has pressed so far, and what came of it. */
export type KeyReading =
  | { state: 'done'; id: ShortcutId }
  /** The first key of a sequence. */
  | { state: 'begun'; pressed: string }
  | { state: 'none' }

export function keysOf(id: ShortcutId | PartKeyId, isMac: boolean): readonly string[] {
  const all: readonly Pick<ShortcutDefinition, 'id' | 'keys' | 'macKeys'>[] = [...SHORTCUTS, ...PART_KEYS]
  const shortcut = all.find((candidate) => candidate.id === id)
  if (shortcut === undefined) return []
  return isMac ? (shortcut.macKeys ?? shortcut.keys) : shortcut.keys
}

/** @param begun the first key of a sequence that was pressed just before */
export function readKey(press: KeyPress, options: { begun?: string; isInField: boolean; isMac: boolean }): KeyReading {
  const chord = chordOf(press, options.isMac)
  if (chord === undefined) return { state: 'none' }
  const usable = SHORTCUTS.filter(({ inFields }) => inFields || !options.isInField)
  const isMeant = (wanted: string) => (shortcut: { id: ShortcutId }) =>
    keysOf(shortcut.id, options.isMac).includes(wanted)
  const found =
    (options.begun === undefined ? undefined : usable.find(isMeant(`${options.begun} ${chord}`))) ??
    usable.find(isMeant(chord))
  if (found !== undefined) return { state: 'done', id: found.id }
  const begins = usable.some(({ id }) => keysOf(id, options.isMac).some((keys) => keys.startsWith(`${chord} `)))
  return begins ? { state: 'begun', pressed: chord } : { state: 'none' }
}

/** `undefined` for a modifier alone, and for the modifier that this system has for other things. */
function chordOf({ key, code, ctrlKey, metaKey, altKey, shiftKey }: KeyPress, isMac: boolean): string | undefined {
  if (['Control', 'Meta', 'Alt', 'Shift', 'AltGraph', 'Dead'].includes(key)) return undefined
  const [isMod, isOther] = isMac ? [metaKey, ctrlKey] : [ctrlKey, metaKey]
  if (isOther) return undefined
  const name = latinKey(key, code).toLowerCase()
  // A sign that needs Shift, such as `?`, is named by itself.
  const isNamedKey = name.length > 1
  return [isMod ? 'mod' : '', altKey ? 'alt' : '', shiftKey && isNamedKey ? 'shift' : '', name]
    .filter(Boolean)
    .join('+')
}

/** With a Korean input method the letter on the keycap counts. */
function latinKey(key: string, code: string): string {
  if (/^[\u0020-\u007e]$/.test(key) || (key.length > 1 && key !== 'Process')) return key
  const letter = /^(?:Key|Digit)(.)$/.exec(code)?.[1]
  return letter ?? key
}

const NAMES: Readonly<Record<string, string>> = {
  alt: 'Alt',
  shift: 'Shift',
  arrowleft: '←',
  arrowright: '→',
  escape: 'Esc',
  ctrl: 'Ctrl',
  space: 'Space',
  delete: 'Delete',
  enter: 'Enter',
  'home/end': 'Home/End',
  'plus/-': '+/-',
}
const MAC_NAMES: Readonly<Record<string, string>> = { mod: '⌘', alt: '⌥', shift: '⇧' }

/** Keycaps of a shortcut, as they are shown: `mod+k` → `Ctrl`, `K`. */
export function keycaps(keys: string, isMac: boolean): string[] {
  return keys.split(' ').flatMap((chord) => {
    // The key itself may be a plus.
    const parts = chord.endsWith('++') ? [...chord.slice(0, -2).split('+'), '+'] : chord.split('+')
    return parts.map((part) => {
      const special = (isMac ? MAC_NAMES[part] : undefined) ?? NAMES[part]
      if (special !== undefined) return special
      return part === 'mod' ? 'Ctrl' : part.toUpperCase()
    })
  })
}
