/** This process's terminal as the ends of an exec: raw while a tty is attached, and given back afterwards. */
import { toDisposable } from '../../base/disposable.ts'
import type { ExecOptions } from '../../lab/lab-manager.ts'

export interface ProcessStreams {
  options: Omit<ExecOptions, 'command' | 'signal'>
  /** Gives the terminal back as it was. */
  dispose(): void
}

/** A tty is attached only when both ends of this process are one; otherwise streams stay apart, as pipes want them. */
export function processStreams(wanted: { tty: boolean; stdin: boolean }): ProcessStreams {
  const { stdin, stdout, stderr } = process
  const tty = wanted.tty && stdin.isTTY && stdout.isTTY
  if (tty) stdin.setRawMode(true)
  return {
    options: {
      tty,
      // An idle terminal is not an input that ends: without a tty it would keep the command waiting.
      ...(wanted.stdin && (tty || !stdin.isTTY) && { stdin }),
      stdout,
      stderr,
      ...(tty && { onResize: watchSize }),
    },
    dispose: () => {
      if (tty) stdin.setRawMode(false)
      stdin.pause()
    },
  }
}

function watchSize(listener: (columns: number, rows: number) => void): ReturnType<typeof toDisposable> {
  const tell = (): void => listener(process.stdout.columns, process.stdout.rows)
  tell()
  process.stdout.on('resize', tell)
  return toDisposable(() => {
    process.stdout.off('resize', tell)
  })
}
