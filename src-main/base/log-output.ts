/** Where a program's log goes: a file, which a full disk may refuse, or a pipe. No refusal ends the program. */
import { fstatSync, writeSync } from 'node:fs'

const STDERR = 2

/** `formatLost`: the line that says, as soon as lines can be written again, how many could not be. */
export function stderrOutput(formatLost: (count: number) => string): (line: string) => void {
  // A stream over a file is destroyed by its first error for good; one over a pipe waits for its reader.
  return fstatSync(STDERR).isFile()
    ? fileOutput((line) => writeSync(STDERR, line), formatLost)
    : (line) => void process.stderr.write(line)
}

/** @param write answers how many bytes were written, or throws */
export function fileOutput(
  write: (line: string) => number,
  formatLost: (count: number) => string,
): (line: string) => void {
  let lost = 0
  /** Whether the last line was cut off: the next one begins anew. */
  let isTorn = false
  const tryWrite = (line: string): boolean => {
    try {
      const written = write(isTorn ? `\n${line}` : line)
      isTorn = written < Buffer.byteLength(line)
      return !isTorn
    } catch {
      // Where it could be told is what cannot be written.
      return false
    }
  }
  return (line) => {
    if (lost > 0 && tryWrite(formatLost(lost))) lost = 0
    if (lost > 0 || !tryWrite(line)) lost += 1
  }
}
