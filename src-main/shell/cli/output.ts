/**
 * What goes to the terminal: results to stdout, progress and failures to stderr. Nodes and pods have their words in most of it, so
 * whole lines are cleaned here, whoever made them; only `write` is raw, for output that was asked for as it is.
 */
import type { OnProgress } from '../../lab/lab-manager.ts'

export interface Terminal {
  /** A line of the result, or several. */
  print(line: string): void
  /** Raw text of the result. */
  write(text: string): void
  /** A line beside the result. */
  note(line: string): void
  /** Shows a step of long work; `done` clears what is shown in place. */
  progress: OnProgress
  done(): void
}

const CLEAR_LINE = '\r\u001B[2K'

/** The process's own terminal. On a TTY the present step is one line that is written over; elsewhere each new step is a line. */
export function processTerminal(stdout: NodeJS.WriteStream, stderr: NodeJS.WriteStream): Terminal {
  let lastStep = ''
  const clear = (): void => {
    if (stderr.isTTY && lastStep !== '') stderr.write(CLEAR_LINE)
    lastStep = ''
  }
  return {
    print: (line) => {
      clear()
      stdout.write(`${printableLines(line)}\n`)
    },
    write: (text) => {
      stdout.write(text)
    },
    note: (line) => {
      clear()
      stderr.write(`${printableLines(line)}\n`)
    },
    progress: ({ message, progress }) => {
      const step = printable(message)
      const percent = progress === undefined ? '' : ` ${Math.round(progress * 100)} %`
      if (stderr.isTTY)
        stderr.write(`${CLEAR_LINE}${step}${percent}`.slice(0, CLEAR_LINE.length + (stderr.columns || 80) - 1))
      else if (step !== lastStep) stderr.write(`${step}\n`)
      lastStep = step
    },
    done: clear,
  }
}

/** Columns as kubectl prints them: left-aligned, three blanks between, nothing after the last. */
export function formatTable(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const lines = [header, ...rows.map((row) => row.map(printable))]
  const widths = header.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length)))
  return lines.map((line) =>
    line
      .map((cell, column) => (column === line.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
      .join('   ')
      .trimEnd(),
  )
}

/** Control characters from a container's output or a file name must not steer the terminal. */
export function printable(text: string): string {
  return text.replaceAll(/[^\P{Cc}\t]/gu, '\uFFFD')
}

function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n')
}
