/** What happened in one case, in the normal form in which recordings and observations are compared. */

interface CaseTraceEntry<Kind extends string> {
  /** Milliseconds on the clock of the case's world. */
  atMs: number
  kind: Kind
  text: string
}

export class CaseTrace<Kind extends string> {
  readonly #entries: CaseTraceEntry<Kind>[] = []
  readonly #nowMs: () => number
  #first = 0
  #beginMs: number

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs
    this.#beginMs = nowMs()
  }

  add(kind: Kind, text: string, atMs = this.#nowMs()): void {
    this.#entries.push({ atMs, kind, text })
  }

  /** What was before is not part of the case: the next action is what it is about. */
  begin(): void {
    this.#first = this.#entries.length
    this.#beginMs = this.#nowMs()
  }

  /** Since the beginning of the case. */
  lines(kind: Kind): string[] {
    return this.since(kind).map(({ text }) => text)
  }

  has(kind: Kind, text: string): boolean {
    return this.since(kind).some((entry) => entry.text === text)
  }

  /** Seconds from the beginning to the first line of this text. */
  secondsTo(kind: Kind, text: string): number | undefined {
    const entry = this.since(kind).find((candidate) => candidate.text === text)
    return entry === undefined ? undefined : (entry.atMs - this.#beginMs) / 1000
  }

  /** Those of one kind since the beginning of the case. */
  protected since(kind: Kind): CaseTraceEntry<Kind>[] {
    return this.#entries.slice(this.#first).filter((entry) => entry.kind === kind)
  }

  /** Those of one kind, whenever they were. */
  protected ever(kind: Kind): CaseTraceEntry<Kind>[] {
    return this.#entries.filter((entry) => entry.kind === kind)
  }
}
