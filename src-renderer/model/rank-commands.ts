/** What the palette shows for what was typed: groups of commands, the best first. */
import { COMMAND_GROUPS, type Command, type CommandGroup } from './command.ts'
import { fuzzyMatch } from './fuzzy-match.ts'

export interface RankedCommand {
  command: Command
  /** Places in the title of the letters that were typed. */
  places: readonly number[]
}

export interface CommandSection {
  group: CommandGroup | 'recent'
  commands: RankedCommand[]
}

/** Of each group, while nothing is typed. */
const SHOWN_UNASKED = 6
const SHOWN_FOUND = 50
/** What was used lately is likely meant again. */
const RECENT_BONUS = 6

export function rankCommands(commands: readonly Command[], query: string, recent: readonly string[]): CommandSection[] {
  const offered = commands.filter(({ isHidden }) => isHidden !== true)
  return query.trim() === '' ? unaskedSections(offered, recent) : foundSections(offered, query, recent)
}

function unaskedSections(commands: readonly Command[], recent: readonly string[]): CommandSection[] {
  const used = recent.flatMap((id) => commands.find((command) => command.id === id) ?? [])
  const sections: CommandSection[] = [{ group: 'recent', commands: used.map(plain) }]
  for (const group of COMMAND_GROUPS) {
    const ofGroup = commands.filter((command) => command.group === group && !used.includes(command))
    sections.push({ group, commands: ofGroup.slice(0, SHOWN_UNASKED).map(plain) })
  }
  return sections.filter((section) => section.commands.length > 0)
}

/** Groups in the order of their best command, so that the first line is what Enter should run. */
function foundSections(commands: readonly Command[], query: string, recent: readonly string[]): CommandSection[] {
  const found = commands
    .flatMap((command) => {
      const inTitle = fuzzyMatch(query, command.title)
      const anywhere = inTitle ?? fuzzyMatch(query, [command.title, command.detail, command.keywords].join(' '))
      if (anywhere === undefined) return []
      const bonus = recent.includes(command.id) ? RECENT_BONUS : 0
      // What is found only by its other words comes after what is called so.
      const score = anywhere.score + bonus - (inTitle === undefined ? RECENT_BONUS * 2 : 0)
      return [{ command, places: inTitle?.places ?? [], score }]
    })
    .toSorted((left, right) => right.score - left.score)
    .slice(0, SHOWN_FOUND)
  const groups = new Set(found.map(({ command }) => command.group))
  return [...groups].map((group) => ({ group, commands: found.filter(({ command }) => command.group === group) }))
}

function plain(command: Command): RankedCommand {
  return { command, places: [] }
}
