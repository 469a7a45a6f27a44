/** The keyboard shortcuts as docs/window.md shows them, from the table that the window itself uses. */
import { palette } from '../../src-renderer/locales/en/palette.ts'
import {
  keycaps,
  keysOf,
  PART_KEYS,
  SHORTCUTS,
  type PartKeyId,
  type ShortcutId,
} from '../../src-renderer/model/shortcuts.ts'

export function renderShortcutTable(): string {
  const header = ['Keys', 'On a Mac', 'What they do']
  const rows = SHORTCUTS.map(({ id, group }) => {
    const { [id]: name } = palette.shortcuts.item
    const action = group === 'places' ? `${palette.shortcuts.group.places}: ${name}` : name
    return [keysFor(id, false), keysFor(id, true), action]
  })
  const rowsOfParts = PART_KEYS.map(({ id, group }) => [
    keysFor(id, false),
    keysFor(id, true),
    `${palette.shortcuts.group[group]}: ${palette.shortcuts.item[id]}`,
  ])
  return (
    [header, header.map(() => '---'), ...rows, ...rowsOfParts].map((cells) => `| ${cells.join(' | ')} |`).join('\n') +
    '\n'
  )
}

/** Keys of a chord are joined by a plus; those that come one after the other stand beside each other. */
function keysFor(id: ShortcutId | PartKeyId, isMac: boolean): string {
  return keysOf(id, isMac)
    .map((keys) => keys.split(' ').map((chord) => `\`${keycaps(chord, isMac).join(' + ')}\``))
    .map((chords) => chords.join(' '))
    .join(', ')
}
