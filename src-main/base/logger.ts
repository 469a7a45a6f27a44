/** Log lines in klog's shape, for the programs on a node; the desktop side uses the same interface. */
import type { Clock } from './clock.ts'

export interface Logger {
  info(message: string, fields?: Record<string, unknown>): void
  warn(message: string, fields?: Record<string, unknown>): void
  error(message: string, fields?: Record<string, unknown>): void
}

/**
 * Writes `I1124 01:02:03.000000   PID component] "message" key="value"` lines, as klog does.
 * `write` receives one line with its newline.
 */
export function klogLogger(options: {
  clock: Clock
  component: string
  pid: number
  write: (line: string) => void
}): Logger {
  const emit = (severity: 'I' | 'W' | 'E', message: string, fields: Record<string, unknown> = {}): void => {
    const time = new Date(options.clock.now()).toISOString()
    const stamp = `${time.slice(5, 7)}${time.slice(8, 10)} ${time.slice(11, 23)}000`
    const pairs = Object.entries(fields).map(([key, value]) => ` ${key}=${formatValue(value)}`)
    options.write(
      `${severity}${stamp} ${String(options.pid).padStart(7)} ${options.component}] ${JSON.stringify(message)}${pairs.join('')}\n`,
    )
  }
  return {
    info: (message, fields) => emit('I', message, fields),
    warn: (message, fields) => emit('W', message, fields),
    error: (message, fields) => emit('E', message, fields),
  }
}

function formatValue(value: unknown): string {
  if (value instanceof Error) return JSON.stringify(value.message)
  return typeof value === 'bigint' ? value.toString() : (JSON.stringify(value) ?? 'undefined')
}

/** Discards everything. */
export const silentLogger: Logger = { info: () => undefined, warn: () => undefined, error: () => undefined }
