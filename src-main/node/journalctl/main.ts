/** `journalctl` on a node. On a terminal what is long is shown by a pager, as systemd's does. */
import { spawn } from 'node:child_process'
import { hostname } from 'node:os'
import { systemClock } from '../../base/clock.ts'
import { KUBELET_JOURNAL_PATH } from '../../common/node-channel.ts'
import { JournalUsageError } from './journal-arguments.ts'
import { runJournalctl, type JournalctlRun } from './journalctl.ts'

/** What systemd gives to less: quit when it fits the screen, colours, chopped lines, no clearing. */
const PAGER_OPTIONS = 'FRSXMK'

async function main(): Promise<number> {
  const isTerminal = process.stdout.isTTY
  const run = runJournalctl(process.argv.slice(2), {
    file: KUBELET_JOURNAL_PATH,
    hostname: hostname(),
    now: systemClock().now(),
    isTerminal,
    complain: (text) => process.stderr.write(`${text}\n`),
  })
  const pager = process.env['SYSTEMD_PAGER'] ?? process.env['PAGER'] ?? 'less'
  if (isTerminal && run.options.usePager && pager !== 'cat' && pager !== '') return page(run, pager)
  // Whoever reads no further, as head does, is no fault.
  process.stdout.on('error', () => process.exit(run.exitCode))
  await write(run.text)
  if (run.follow !== undefined) await run.follow((text) => void process.stdout.write(text))
  return run.exitCode
}

function write(text: string): Promise<void> {
  return new Promise((resolve) => process.stdout.write(text, () => resolve()))
}

function page({ text, exitCode, options }: JournalctlRun, pager: string): Promise<number> {
  const words = options.pagerAtEnd && pager === 'less' ? ['+G'] : []
  const LESS = process.env['SYSTEMD_LESS'] ?? PAGER_OPTIONS
  // Ctrl+C is for the pager, which may be waiting for input.
  process.on('SIGINT', () => undefined)
  return new Promise((resolve, reject) => {
    const shown = spawn(pager, words, { stdio: ['pipe', 'inherit', 'inherit'], env: { ...process.env, LESS } })
    shown.on('error', reject)
    shown.on('close', () => resolve(exitCode))
    shown.stdin.on('error', () => undefined)
    shown.stdin.end(text)
  })
}

try {
  process.exitCode = await main()
} catch (error) {
  if (!(error instanceof JournalUsageError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}
