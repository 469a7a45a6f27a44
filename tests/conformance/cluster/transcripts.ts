/** What commands printed, there and here, in words that are the same for every cluster. */
import { readFileSync } from 'node:fs'
import type { Findings } from '../recorded/recorded-case.ts'
import { compareTranscripts } from '../kubectl/compare-transcripts.ts'
import { transcriptOf, type Outcome } from '../kubectl/normalize.ts'

interface RecordedCommand {
  command: string
  exit: number
  stdout: string
  stderr: string
}

/** By the files that the recorder wrote, as `p2-daemonset/05-rolling-update-env.txt`. */
const RECORDINGS = JSON.parse(readFileSync(new URL('recordings.json', import.meta.url), 'utf8')) as Record<
  string,
  RecordedCommand[]
>

/** Of a name that a controller made: letters that make no words (facts 6.5.7). */
const HASH = '[bcdfghjklmnpqrstvwxz2456789]{8,10}'
const SUFFIX = '[bcdfghjklmnpqrstvwxz2456789]{5}'
const REPLACEMENTS: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  [new RegExp(`\\b(agent\\d?|nd-ds|nd-dep)-${HASH}-${SUFFIX}\\b`, 'g'), '$1-HASH-POD'],
  [new RegExp(`\\b(agent\\d?|nd-ds|nd-dep)-${HASH}\\b`, 'g'), '$1-HASH'],
  [new RegExp(`\\b(agent\\d?|nd-ds|nd-dep)-${SUFFIX}\\b`, 'g'), '$1-POD'],
  [/\bnd\//g, 'default/'],
  [/^( *(?:Container|Image) ID: +)\S+$/, '$1ID'],
  [new RegExp(`(hash"?[=:] ?"?)${HASH}\\b`, 'g'), '$1HASH'],
]
const POD_NAME = /^Name: +\S+-POD$/
const POD_ROW = /^(pod\/)?(agent|nd-)\S*-POD\b/

/** Names that are made up become words; rows and descriptions of pods that only differ by such a name come in one order. */
export function comparable(lines: readonly string[], namespace = 'default'): string[] {
  const named = lines.map((line) =>
    REPLACEMENTS.reduce(
      (text, [pattern, replacement]) => text.replace(pattern, replacement),
      line.replaceAll(namespace, 'default'),
    ),
  )
  const ordered: string[] = []
  let rows: string[] = []
  for (const line of [...named, '']) {
    if (POD_ROW.test(line)) rows.push(line)
    else {
      ordered.push(...rows.toSorted(), line)
      rows = []
    }
  }
  return inOneOrder(ordered.slice(0, -1))
}

/** Several pods that are described one after the other. */
function inOneOrder(lines: readonly string[]): string[] {
  const starts = lines.flatMap((line, index) => (POD_NAME.test(line) ? [index] : []))
  const before = lines.slice(0, starts[0] ?? lines.length)
  const blocks = starts.map((start, index) => lines.slice(start, starts[index + 1]).join('\n'))
  return [...before, ...blocks.toSorted().flatMap((block) => block.split('\n'))]
}

export function observedLines(outcome: Outcome, namespace: string): string[] {
  return comparable(transcriptOf(outcome), namespace)
}

/** The `nth` time that a command was recorded in a file. @throws Error when it was not */
export function recordedLines(file: string, command: string, nth = 1): string[] {
  const recorded = (RECORDINGS[file] ?? []).filter((one) => one.command === command)[nth - 1]
  if (recorded === undefined) throw new Error(`${file} has no ${nth}th ${command}`)
  return comparable(transcriptOf({ exitCode: recorded.exit, stdout: recorded.stdout, stderr: recorded.stderr }))
}

/** What was printed at these commands, for the findings of a case. */
export function printed(file: string, ...commands: string[]): Findings {
  return Object.fromEntries(commands.map((command) => [command, recordedLines(file, command)]))
}

/** What the findings call that of which only the differences count. */
export function otherThan(command: string): string {
  return `${command}: other than in the recording`
}

/** Lines that are not in both, each once: `- recorded`, `+ ours`. Brackets by themselves say nothing. */
export function otherThanRecorded(recorded: readonly string[], ours: readonly string[]): string[] {
  const difference = compareTranscripts(recorded, ours)
  const marked = (mark: string, lines: readonly string[]): string[] =>
    [...new Set(lines)].filter((line) => !/^[\s[\]{},]*$/.test(line)).map((line) => `${mark} ${line.trim()}`)
  return [...marked('-', difference.recorded), ...marked('+', difference.ours)]
}
