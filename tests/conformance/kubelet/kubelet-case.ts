/** One recorded case: what a real kubelet was seen doing, and the same steps for ours. */
import type { KubeletWorld } from './kubelet-world.ts'
import { TRACE_KINDS } from './trace.ts'
import type { TraceKind } from './trace.ts'

/**
 * One line that was recorded; several in whatever order; one that may be too short to be seen; or one that a fake clock shows
 * and a real node, which tells of changes ten times a second, may pass over.
 */
export type Step = string | readonly string[] | { brief: string } | { passing: string }

/**
 * How long something took from the action on: recorded seconds, the median where it was recorded several times; the period
 * of the listing where that is all that decides.
 */
export interface Timing {
  kind: TraceKind
  /** The line that ends it. */
  to: string
  seconds: number
}

/** Names and values of what sequences do not say: waits, identities, numbers. */
export type Findings = Record<string, unknown>

/** In full where it is given: every line from the action on, and no other. */
export type Expectation = Partial<Record<TraceKind, readonly Step[]>> & {
  findings?: Findings
  timings?: readonly Timing[]
}

/**
 * `clock`: the simulated runtime on a fake clock; `engine`: a node on the real engine; `full`: the same, but too long for
 * every run of the tests.
 */
export type WorldName = 'clock' | 'engine' | 'full'

/** Where it is written down: section of the recording's report and files beside it, or a test of upstream's node e2e suites. */
export type Source = { section: string; recordings: readonly string[] } | { suite: string; test: string }

export interface KubeletCase {
  /** Without the words themselves, as the conformance cases of container runtimes. */
  given: string
  when?: string
  then: string
  source: Source
  /** A sentence: what of the manifest or the steps is another one than recorded, and why. */
  adapted?: string
  worlds: readonly WorldName[]
  /** It stops the kubelet, or tells how long something takes: nothing else may run on the node meanwhile. */
  alone?: boolean
  /** Ends when everything that is expected has happened, or cannot happen any more. */
  steps: (world: KubeletWorld) => Promise<Findings | void>
  recorded: Expectation
  /** Where our kubelet does something else, on purpose. */
  differs?: readonly Difference[]
}

export interface Difference {
  reason: string
  because: Citation
  /** Ours for a line that was recorded; an empty one is left out. */
  lines?: Readonly<Record<string, string>>
  /** Whole parts; what is not in it is as recorded. */
  instead?: Expectation
  /** Parts of which nothing is expected. */
  uncompared?: readonly TraceKind[]
}

/** Why another behaviour than the recorded one is right. */
export type Citation =
  /** An item of the facts sheet: what current versions do. */
  | { facts: string }
  /** REPORT.md calls it a race or an anomaly of 1.20.2 or of the way it was recorded. */
  | { anomaly: string }
  /** Ours on purpose: the name of one of the decisions. */
  | { decision: string }

export type KubeletCases<Id extends string = string> = Record<Id, KubeletCase>

export function defineKubeletCases<Id extends string>(cases: KubeletCases<Id>): KubeletCases<Id> {
  return cases
}

export function brief(text: string): Step {
  return { brief: text }
}

export function passing(text: string): Step {
  return { passing: text }
}

/** What our kubelet has to do: the recording, with the differences applied one after another. */
export function expectationOf({ recorded, differs }: KubeletCase): Expectation {
  return (differs ?? []).reduce((expected, { lines = {}, instead, uncompared = [] }) => {
    const own = (step: Step): readonly Step[] => replaceLines(step, lines)
    const replaced: Expectation = { ...expected }
    for (const kind of TRACE_KINDS) {
      const steps = expected[kind]
      if (steps !== undefined) replaced[kind] = steps.flatMap(own)
    }
    for (const kind of uncompared) delete replaced[kind]
    return { ...replaced, ...instead }
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
