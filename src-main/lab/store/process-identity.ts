/** What tells a process from every other one, also from a later one with the same pid. */
import { readFile } from 'node:fs/promises'
import { hasCode } from './error-code.ts'

export interface ProcessIdentity {
  pid: number
  /** Boot and start tick on Linux, empty elsewhere. */
  started: string
}

export async function ownIdentity(): Promise<ProcessIdentity> {
  return { pid: process.pid, started: await processStart(process.pid) }
}

/** `elsewhere`: it ran before this machine's present boot, or on another machine. */
export async function lookForProcess({ pid, started }: ProcessIdentity): Promise<'alive' | 'dead' | 'elsewhere'> {
  if (!Number.isInteger(pid) || pid <= 0) return 'dead'
  const own = await processStart(process.pid)
  if (started !== '' && own !== '' && bootOf(started) !== bootOf(own)) return 'elsewhere'
  try {
    process.kill(pid, 0)
  } catch (error) {
    if (!hasCode(error, 'EPERM')) return 'dead'
  }
  const present = await processStart(pid)
  return present === '' || started === '' || present === started ? 'alive' : 'dead'
}

function bootOf(started: string): string {
  return started.slice(0, started.indexOf(':'))
}

async function processStart(pid: number): Promise<string> {
  if (process.platform !== 'linux') return ''
  try {
    const [boot, stat] = await Promise.all([
      readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
      readFile(`/proc/${pid}/stat`, 'utf8'),
    ])
    // The command's name, in brackets, may contain anything; field 22 counts from behind it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return `${boot.trim()}:${fields[19] ?? ''}`
  } catch {
    // It has just ended, or /proc is hidden: the pid alone decides.
    return ''
  }
}
