/** The app's own log: a file in the home, which `collect-logs` takes along. */
import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs'
import path from 'node:path'
import type { Clock } from '../../base/clock.ts'
import { klogLogger, type Logger } from '../../base/logger.ts'
import { HomeLayout } from '../../lab/store/home.ts'

/** Then it is set aside; one older file is kept. */
const LIMIT_BYTES = 1_000_000

/** Lines go to `beside` as well. A log that cannot be written keeps nobody from working. */
export function openAppLog(home: string, clock: Clock, beside: (line: string) => void): Logger {
  const file = new HomeLayout(home).appLog
  let isWritable = true
  const write = (line: string): void => {
    beside(line)
    if (!isWritable) return
    try {
      appendLine(file, line)
    } catch (error) {
      isWritable = false
      beside(`${file} cannot be written: ${error instanceof Error ? error.message : String(error)}\n`)
    }
  }
  return klogLogger({ clock, component: 'app', pid: process.pid, write })
}

function appendLine(file: string, line: string): void {
  const size = statSync(file, { throwIfNoEntry: false })?.size
  if (size === undefined) mkdirSync(path.dirname(file), { recursive: true })
  else if (size > LIMIT_BYTES) renameSync(file, `${file}.old`)
  appendFileSync(file, line, { mode: 0o600 })
}
