/** The command `timeline`: entries of the kubelets and, between them, what people did. */
import type { TimelineEntry } from '../../common/lab/timeline-entry.ts'
import type { UserAction } from '../../common/lab/user-action.ts'
import type { LabManager } from '../../lab/lab-manager.ts'
import type { CommandContext } from './context.ts'
import { formatAction, formatTimelineEntry } from './format-timeline.ts'
import { mergeTimeline, selectActions, type TimelineLine } from './timeline-lines.ts'

export interface TimelineOptions {
  lab: string
  output?: 'json'
  /** With JSON, too: scripts that were written for entries alone go on as they are. */
  actions?: boolean
  follow?: boolean
}

export async function printTimeline(
  context: CommandContext,
  words: string | undefined,
  options: TimelineOptions,
): Promise<void> {
  const manager = await context.labManager()
  // The pod may be gone already, so its name is taken as it is.
  const pod = words?.split('/').at(-1)
  if (options.follow === true) return follow(context, manager, pod, options)
  const entries = await manager.timeline(options.lab, pod === undefined ? {} : { pod })
  const actions = wantsActions(options) ? selectActions(await manager.actions(options.lab), entries, pod) : []
  const lines = mergeTimeline(entries, actions)
  const { terminal } = context
  if (options.output === 'json') terminal.print(JSON.stringify(lines.map(contentOf), undefined, 2))
  else if (lines.length === 0)
    terminal.note(words === undefined ? 'Nothing has happened yet.' : `Nothing is known of a pod "${words}".`)
  else for (const line of lines) terminal.print(formatLine(line))
}

async function follow(
  { terminal, signal }: CommandContext,
  manager: LabManager,
  pod: string | undefined,
  options: TimelineOptions,
): Promise<void> {
  const known: TimelineEntry[] = []
  const told = new Set<string>()
  const print = (entries: TimelineEntry[], actions: UserAction[]): void => {
    for (const line of mergeTimeline(entries, actions))
      terminal.print(options.output === 'json' ? JSON.stringify(contentOf(line)) : formatLine(line))
  }
  const news = (actions: readonly UserAction[]): UserAction[] =>
    selectActions(actions, known, pod).filter(({ id }) => !told.has(id) && told.add(id))
  const earlier = wantsActions(options) ? await manager.actions(options.lab) : []
  const subscription = wantsActions(options)
    ? manager.subscribe({
        onActionsAdded: (lab, actions) => {
          if (lab === options.lab) print([], news(actions))
        },
      })
    : undefined
  try {
    await manager.followTimeline(options.lab, {
      ...(pod !== undefined && { pod }),
      signal,
      onEntries: (entries) => {
        known.push(...entries)
        print(entries, news(earlier))
      },
    })
  } finally {
    await subscription?.dispose()
  }
}

function wantsActions({ output, actions }: TimelineOptions): boolean {
  return output !== 'json' || actions === true
}

function contentOf(line: TimelineLine): TimelineEntry | UserAction {
  return line.kind === 'entry' ? line.entry : line.action
}

function formatLine(line: TimelineLine): string {
  return line.kind === 'entry' ? formatTimelineEntry(line.entry) : formatAction(line.action)
}
