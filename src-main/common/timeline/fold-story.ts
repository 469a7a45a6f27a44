/** Crash loops: what repeats itself for one container is told three times, then counted, and then its last time. Pure. */
import type { StoryLine } from './compute-story.ts'
import type { StorySentence } from './story-texts.ts'

/** Rounds that are told before the rest is counted. */
const TOLD_ROUNDS = 3
/** Fewer are not worth folding. */
const FEWEST_FOLDED = 2

const ENDS: ReadonlySet<StorySentence> = new Set(['ended', 'endedAtOnce', 'endedWaiting'])
/** What a round is made of, besides its end. */
const STEPS: ReadonlySet<StorySentence> = new Set([
  ...(['startedAgain', 'waiting', 'probeFailed', 'probeFailedOften', 'stopping'] as const),
])

/** What begins with the end of a container, and all up to its next end. */
interface Round {
  end: StoryLine
  lines: StoryLine[]
}

export function foldStory(lines: readonly StoryLine[]): StoryLine[] {
  const replaced = new Map<StoryLine, StoryLine | undefined>()
  for (const run of findRuns(lines)) foldRun(run, replaced)
  return lines.flatMap((line) => (replaced.has(line) ? (replaced.get(line) ?? []) : [line]))
}

/** Rounds of one container that end alike, one after the other; whatever else happens to it or to its pod ends a run. */
function findRuns(lines: readonly StoryLine[]): Round[][] {
  const open = new Map<string, Round[]>()
  const runs: Round[][] = []
  for (const line of lines) {
    const run = open.get(line.subject)
    const round = run?.at(-1)
    if (ENDS.has(line.sentence)) {
      if (run !== undefined && round !== undefined && isAlike(round.end, line)) run.push({ end: line, lines: [line] })
      else {
        const begun = [{ end: line, lines: [line] }]
        runs.push(begun)
        open.set(line.subject, begun)
      }
    } else if (STEPS.has(line.sentence)) round?.lines.push(line)
    else for (const subject of open.keys()) if (concerns(line, subject)) open.delete(subject)
  }
  return runs
}

function isAlike(one: StoryLine, other: StoryLine): boolean {
  return (
    one.values.exitCode === other.values.exitCode && one.values.terminationReason === other.values.terminationReason
  )
}

/** News of a node or a pod are news of its containers; an action has no subject, and is news of all. */
function concerns({ subject }: StoryLine, container: string): boolean {
  const place = subject.replace(/\/+$/, '')
  return container === subject || place === '' || container.startsWith(`${place}/`)
}

function foldRun(run: readonly Round[], replaced: Map<StoryLine, StoryLine | undefined>): void {
  const hidden = run.slice(TOLD_ROUNDS, -1)
  const [first, last] = [hidden[0]?.end, hidden.at(-1)?.end]
  if (hidden.length < FEWEST_FOLDED || first === undefined || last === undefined) return
  for (const line of hidden.flatMap((round) => round.lines)) replaced.set(line, undefined)
  const betweenMs = Date.parse(last.time) - Date.parse(first.time)
  replaced.set(first, {
    ...first,
    sentence: 'folded',
    values: { ...first.values, count: hidden.length },
    fold: {
      untilTime: last.time,
      firstRestart: first.values.restart ?? 0,
      lastRestart: last.values.restart ?? 0,
      everyMs: Math.max(0, betweenMs / (hidden.length - 1)),
    },
  })
}
