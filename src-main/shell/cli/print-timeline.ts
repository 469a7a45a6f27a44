/** The command `timeline`: entries of the kubelets and, between them, what people did; as a story, a table or JSON. */
import { LabError } from '../../common/lab-error.ts'
import type { TimelineEntry } from '../../common/lab/timeline-entry.ts'
import type { UserAction } from '../../common/lab/user-action.ts'
import type { TimelineLine } from '../../common/timeline/compute-story.ts'
import type { LabManager } from '../../lab/lab-manager.ts'
import type { CommandContext } from './context.ts'
import { findNearNames, podWords } from './find-pod.ts'
import { formatAction, formatTimelineEntry } from './format-timeline.ts'
import { Settling, StoryPrinter } from './story-printer.ts'
import { isOfPod, mergeTimeline, selectActions, selectStory } from './timeline-lines.ts'

export interface TimelineOptions {
  lab: string
  output?: 'story' | 'table' | 'json'
  /** With JSON, too: scripts that were written for entries alone go on as they are. */
  actions?: boolean
  follow?: boolean
  node?: string
  /** Only what happened from then on: milliseconds since the epoch. */
  since?: number
}

/** One request, with its words understood. */
interface Request {
  context: CommandContext
  manager: LabManager
  /** The pod may be gone already, so its name is taken as it is. */
  pod: string | undefined
  since: string | undefined
  options: TimelineOptions
}

/** With JSON, a pod of which nothing is known has no elements. @throws LabError NotFound otherwise */
export async function printTimeline(
  context: CommandContext,
  words: string | undefined,
  options: TimelineOptions,
): Promise<void> {
  const manager = await context.labManager()
  const pod = words?.split('/').length === 2 ? words : words?.split('/').at(-1)
  const since = options.since === undefined ? undefined : new Date(options.since).toISOString()
  const request: Request = { context, manager, pod, since, options }
  if (options.follow === true) return follow(request)
  const all = await manager.timeline(options.lab, placeOf(options))
  const actions = wantsActions(options) ? await manager.actions(options.lab) : []
  const lines = selectLines(request, all, actions)
  const { terminal } = context
  if (options.output === 'json') terminal.print(JSON.stringify(lines.map(contentOf), undefined, 2))
  else if (pod !== undefined && !isKnown(pod, all, actions)) throw unknownPod(options, pod, all)
  else if (lines.length === 0)
    terminal.note(since === undefined ? 'Nothing has happened yet.' : 'Nothing has happened since then.')
  else if (options.output === 'table') for (const line of lines) terminal.print(formatLine(line))
  else storyPrinter(request).print(lines, since)
}

function isKnown(pod: string, entries: readonly TimelineEntry[], actions: readonly UserAction[]): boolean {
  return [...entries, ...actions].some((line) => isOfPod(line.pod, pod))
}

function unknownPod({ lab, node }: TimelineOptions, words: string, entries: readonly TimelineEntry[]): LabError {
  const names = [...new Set(entries.flatMap(({ pod }) => (pod === undefined ? [] : [podWords(pod)])))].toSorted()
  const near = findNearNames(names, words)
  const message = `Nothing is known of a pod "${words}" ${node === undefined ? `in the lab "${lab}"` : `on ${node}`}.`
  if (near.length > 0) return new LabError({ kind: 'NotFound', message, remedy: `Do you mean ${near.join(', ')}?` })
  const remedy = names.length === 0 ? 'No pod is known yet.' : `There are: ${names.join(', ')}.`
  return new LabError({ kind: 'NotFound', message, remedy })
}

/** Entries come in pieces; what is told of them depends on those before. */
async function follow(request: Request): Promise<void> {
  const { context, manager, options } = request
  const { terminal, signal, clock } = context
  const entries: TimelineEntry[] = []
  const actions = wantsActions(options) ? await manager.actions(options.lab) : []
  const told = new Set<string>()
  const printer = storyPrinter(request)
  const isStory = options.output === undefined || options.output === 'story'
  const tell = (): void => {
    const lines = selectLines(request, entries, actions)
    if (isStory) return printer.printNews(lines, request.since)
    for (const line of lines) {
      const id = line.kind === 'entry' ? `${line.entry.node}/${line.entry.boot}/${line.entry.sequence}` : line.action.id
      if (told.has(id)) continue
      told.add(id)
      terminal.print(options.output === 'json' ? JSON.stringify(contentOf(line)) : formatLine(line))
    }
  }
  const settling = new Settling(clock, signal, tell)
  const stir = (): void => (isStory ? settling.stir() : tell())
  const subscription = wantsActions(options)
    ? manager.subscribe({
        onActionsAdded: (lab, added) => {
          if (lab !== options.lab) return
          actions.push(...added.filter(({ id }) => !actions.some((known) => known.id === id)))
          stir()
        },
      })
    : undefined
  try {
    await manager.followTimeline(options.lab, {
      ...placeOf(options),
      signal,
      onEntries: (added) => {
        entries.push(...added)
        stir()
      },
    })
  } finally {
    await subscription?.dispose()
  }
}

function selectLines(
  { pod, since, options }: Request,
  entries: readonly TimelineEntry[],
  actions: readonly UserAction[],
): TimelineLine[] {
  const isStory = options.output === undefined || options.output === 'story'
  const own = pod === undefined ? [...entries] : entries.filter((entry) => isOfPod(entry.pod, pod))
  const { node } = options
  const ofPlace = actions.filter((action) => node === undefined || action.node === undefined || action.node === node)
  const chosen = pod !== undefined && isStory ? selectStory(entries, pod) : own
  const lines = mergeTimeline(chosen, selectActions(ofPlace, own, pod))
  // A story knows what was before, and leaves it out by itself.
  return isStory || since === undefined ? lines : lines.filter(({ at }) => at >= since)
}

function storyPrinter({ context, pod }: Request): StoryPrinter {
  return new StoryPrinter(context.terminal, { showsPlace: pod === undefined })
}

function placeOf({ node }: TimelineOptions): { node?: string } {
  return node === undefined ? {} : { node }
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
