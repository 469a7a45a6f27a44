/** What happened to the pods of one case, in the normal form in which recordings and observations are compared. */
import { CaseTrace } from '../recorded/case-trace.ts'

/**
 * `states`: what the kubelet's list of pods said, one line for each change; `runtime`: sandboxes, containers and signals;
 * `events`: Kubernetes events.
 */
export const TRACE_KINDS = ['states', 'runtime', 'events'] as const
export type TraceKind = (typeof TRACE_KINDS)[number]

export class Trace extends CaseTrace<TraceKind> {
  /** Those of the pod with this suffix, without it. */
  linesOf(kind: TraceKind, suffix: string): string[] {
    return linesWith(suffix, this.since(kind))
  }

  /** What the list said last of the pod with this suffix, whenever that was. */
  latestState(suffix: string): string | undefined {
    return linesWith(suffix, this.ever('states')).at(-1)
  }

  /** Whole seconds from each exit of the container to its next start. */
  restartWaits(container: string): number[] {
    const waits: number[] = []
    let exitedMs: number | undefined
    for (const { atMs, text } of this.since('runtime')) {
      if (!text.startsWith(`${container} `)) continue
      if (/ exited \d+$/.test(text)) exitedMs = atMs
      else if (text.endsWith(' started') && exitedMs !== undefined) waits.push(Math.round((atMs - exitedMs) / 1000))
    }
    return waits
  }
}

function linesWith(suffix: string, entries: readonly { text: string }[]): string[] {
  const mark = `${suffix}: `
  return entries
    .map(({ text }) => text)
    .filter((line) => line.startsWith(mark) || line.includes(` ${mark}`))
    .map((line) => line.replace(mark, ''))
}
