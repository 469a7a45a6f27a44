/** One recorded case: what a real cluster or a part of one was seen doing, and the same steps for ours. */

/**
 * One line that was recorded; several in whatever order; one that may be too short to be seen; or one that a fake clock shows
 * and a real node, which tells of changes ten times a second, may pass over.
 */
export type Step = string | readonly string[] | { brief: string } | { passing: string }

/** The lines that were recorded, by what kind of thing they tell of. */
export type RecordedSteps<Kind extends string> = Partial<Record<Kind, readonly Step[]>>

/**
 * How long something took from the action on: recorded seconds, the median where it was recorded several times; the period
 * of the listing where that is all that decides.
 */
export interface Timing<Kind extends string> {
  kind: Kind
  /** The line that ends it. */
  to: string
  seconds: number
}

/** Names and values of what sequences do not say: waits, identities, numbers, what a command printed. */
export type Findings = Record<string, unknown>

/** In full where it is given: every line from the action on, and no other. */
export type RecordedExpectation<Kind extends string> = RecordedSteps<Kind> & {
  findings?: Findings
  timings?: readonly Timing<Kind>[]
}

/** Where it is written down: section of the recording's report and files beside it, or a test of upstream's node e2e suites. */
export type Source = { section: string; recordings: readonly string[] } | { suite: string; test: string }

/** @template WorldName where it can be shown, as the document says it */
export interface RecordedCase<Kind extends string, World, WorldName extends string> {
  /** Without the words themselves, as the conformance cases of container runtimes. */
  given: string
  when?: string
  then: string
  source: Source
  /** A sentence: what of the objects or the steps is another one than recorded, and why. */
  adapted?: string
  worlds: readonly WorldName[]
  /** What it does would be seen by others: nothing else may run meanwhile. */
  alone?: boolean
  /** Ends when everything that is expected has happened, or cannot happen any more. */
  steps: (world: World) => Promise<Findings | void>
  recorded: RecordedExpectation<Kind>
  /** Where ours does something else, on purpose. */
  differs?: readonly RecordedDifference<Kind>[]
}

export interface RecordedDifference<Kind extends string> {
  reason: string
  because: Citation
  /** Ours for a line that was recorded; an empty one is left out. */
  lines?: Readonly<Record<string, string>>
  /** Ours for findings, by their names; others are as recorded. */
  finds?: Findings
  /** Whole parts; what is not in it is as recorded. */
  instead?: RecordedExpectation<Kind>
  /** Parts of which nothing is expected. */
  uncompared?: readonly Kind[]
}

/** Why another behaviour than the recorded one is right. */
export type Citation =
  /** An item of the facts sheet: what current versions do. */
  | { facts: string }
  /** A version of Kubernetes since which it is so, where the sheet has nothing of it. */
  | { since: string }
  /** REPORT.md calls it a race or an anomaly of 1.20.2 or of the way it was recorded. */
  | { anomaly: string }
  /** Ours on purpose: the name of one of the decisions. */
  | { decision: string }

export function brief(text: string): Step {
  return { brief: text }
}

export function passing(text: string): Step {
  return { passing: text }
}

/** What ours has to do: the recording, with the differences applied one after another. */
export function expectationOf<Kind extends string>(
  { recorded, differs = [] }: Pick<RecordedCase<Kind, never, never>, 'recorded' | 'differs'>,
  kinds: readonly Kind[],
): RecordedExpectation<Kind> {
  return differs.reduce((expected, { lines = {}, finds, instead, uncompared = [] }) => {
    const steps: RecordedSteps<Kind> = {}
    for (const kind of kinds) {
      const before = expected[kind]
      if (before === undefined || uncompared.includes(kind)) continue
      steps[kind] = before.flatMap((step) => replaceLines(step, lines))
    }
    const findings = finds === undefined ? expected.findings : { ...expected.findings, ...finds }
    const { timings } = expected
    return { ...steps, ...(findings && { findings }), ...(timings && { timings }), ...instead }
  }, recorded)
}

function replaceLines(step: Step, lines: Readonly<Record<string, string>>): readonly Step[] {
  if (typeof step === 'string') return replaceLine(step, lines)
  if ('brief' in step) return replaceLine(step.brief, lines).map(brief)
  if ('passing' in step) return replaceLine(step.passing, lines).map(passing)
  return [step.flatMap((line) => replaceLine(line, lines))]
}

function replaceLine(line: string, lines: Readonly<Record<string, string>>): string[] {
  return [lines[line] ?? line].filter((text) => text !== '')
}
