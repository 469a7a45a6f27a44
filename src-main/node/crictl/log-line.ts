/** Messages of `crictl`, as the logrus library of cri-tools prints them. */

export type LogLevel = 'debug' | 'info' | 'warning' | 'error' | 'fatal'

const COLOURS: Record<LogLevel, number> = { debug: 37, info: 36, warning: 33, error: 31, fatal: 31 }
const WIDTH = 44

/** @param options.elapsedSeconds since the program was started */
export function formatLogLine(
  level: LogLevel,
  message: string,
  options: { isTerminal: boolean; nowMs: number; elapsedSeconds: number },
): string {
  if (options.isTerminal) {
    const name = level.slice(0, 4).toUpperCase()
    const elapsed = String(Math.floor(options.elapsedSeconds)).padStart(4, '0')
    return `\u001B[${COLOURS[level]}m${name}\u001B[0m[${elapsed}] ${message.padEnd(WIDTH)} \n`
  }
  const time = `${new Date(options.nowMs).toISOString().slice(0, 19)}Z`
  const quoted = /^[\w.\-/@^+]+$/.test(message) ? message : JSON.stringify(message)
  return `time="${time}" level=${level} msg=${quoted}\n`
}
