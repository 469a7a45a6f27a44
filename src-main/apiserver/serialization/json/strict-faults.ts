/** Unknown and duplicate fields of one body: each once, and no more than upstream lists. */
const MAX_FAULTS = 100

export class FaultList {
  private readonly faults = new Set<string>()

  add(text: string): void {
    if (this.faults.size < MAX_FAULTS) this.faults.add(text)
  }

  get texts(): string[] {
    return [...this.faults]
  }
}

/** Several faults as one error. */
export function strictDecodingMessage(faults: readonly string[]): string {
  return `strict decoding error: ${faults.join(', ')}`
}
