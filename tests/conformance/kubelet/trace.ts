/** What happened to the pods of one case, in the normal form in which recordings and observations are compared. */

/**
 * `states`: what the kubelet's list of pods said, one line for each change; `runtime`: sandboxes, containers and signals;
 * `events`: Kubernetes events.
 */
export const TRACE_KINDS = ['states', 'runtime', 'events'] as const
export type TraceKind = (typeof TRACE_KINDS)[number]

export interface TraceEntry {
  /** Milliseconds on the clock of the case's world. */
  atMs: number
  kind: TraceKind
  text: string
}

export class Trace {
  readonly #entries: TraceEntry[] = []
  readonly #nowMs: () => number
  #first = 0
  #beginMs: number

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs
    this.#beginMs = nowMs()
  }

  add(kind: TraceKind, text: string, atMs = this.#nowMs()): void {
    this.#entries.push({ atMs, kind, text })
  }

  /** What was before is not part of the case: the next action is what it is about. */
  begin(): void {
    this.#first = this.#entries.length
    this.#beginMs = this.#nowMs()
  }

  /** Since the beginning of the case. */
  lines(kind: TraceKind): string[] {
    return this.#since(kind).map(({ text }) => text)
  }

  /** Those of the pod with this suffix, without it. */
  linesOf(kind: TraceKind, suffix: string): string[] {
    return linesWith(suffix, this.#since(kind))
  }

  /** What the list said last of the pod with this suffix, whenever that was. */
  latestState(suffix: string): string | undefined {
    return linesWith(
      suffix,
      this.#entries.filter(({ kind }) => kind === 'states'),
    ).at(-1)
  }

  has(kind: TraceKind, text: string): boolean {
    return this.#since(kind).some((entry) => entry.text === text)
  }

  /** Seconds from the beginning to the first line of this text. */
  secondsTo(kind: TraceKind, text: string): number | undefined {
    const entry = this.#since(kind).find((candidate) => candidate.text === text)
    return entry === undefined ? undefined : (entry.atMs - this.#beginMs) / 1000
  }

  /** Whole seconds from each exit of the container to its next start. */
  restartWaits(container: string): number[] {
    const waits: number[] = []
    let exitedMs: number | undefined
    for (const { atMs, text } of this.#since('runtime')) {
      if (!text.startsWith(`${container} `)) continue
      if (/ exited \d+$/.test(text)) exitedMs = atMs
      else if (text.endsWith(' started') && exitedMs !== undefined) waits.push(Math.round((atMs - exitedMs) / 1000))
    }
    return waits
  }

  #since(kind: TraceKind): TraceEntry[] {
    return this.#entries.slice(this.#first).filter((entry) => entry.kind === kind)
  }
}

function linesWith(suffix: string, entries: readonly TraceEntry[]): string[] {
  const mark = `${suffix}: `
  return entries
    .map(({ text }) => text)
    .filter((line) => line.startsWith(mark) || line.includes(` ${mark}`))
    .map((line) => line.replace(mark, ''))
}
