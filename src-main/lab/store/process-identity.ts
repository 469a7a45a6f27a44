/** What tells a process from every other one, also from a later one with the same pid. */
import { readFile, readlink } from 'node:fs/promises'
import { hasCode } from './error-code.ts'

export interface ProcessIdentity {
  pid: number
  /** Boot and start tick on Linux, empty elsewhere. */
  started: string
  /** Number of the pid namespace on Linux: containers of one boot count their processes each. Empty elsewhere, and where it is not known. */
  namespace: string
}

/** `PID[.BOOT.TICK[.NAMESPACE]]` */
const IDENTITY_TEXT = /^(\d+)(?:\.([\da-f-]{36})\.(\d+)(?:\.(\d+))?)?$/

export async function ownIdentity(): Promise<ProcessIdentity> {
  const [started, namespace] = await Promise.all([processStart(process.pid), ownNamespace()])
  return { pid: process.pid, started, namespace }
}

/** As a part of a file's name: digits, letters, dots and dashes. */
export function formatIdentity({ pid, started, namespace }: ProcessIdentity): string {
  const known = [String(pid), ...(started === '' ? [] : [started.replace(':', '.')])]
  return [...known, ...(started === '' || namespace === '' ? [] : [namespace])].join('.')
}

/** What `formatIdentity` made; `undefined` for any other text. */
export function parseIdentity(text: string): ProcessIdentity | undefined {
  const [, pid, boot, tick, namespace = ''] = IDENTITY_TEXT.exec(text) ?? []
  if (pid === undefined) return undefined
  return { pid: Number(pid), started: boot === undefined ? '' : `${boot}:${tick}`, namespace }
}

/** `elsewhere`: it ran before this machine's present boot, in another pid namespace, or on another machine. */
export async function lookForProcess({
  pid,
  started,
  namespace,
}: ProcessIdentity): Promise<'alive' | 'dead' | 'elsewhere'> {
  if (!Number.isInteger(pid) || pid <= 0) return 'dead'
  const own = await ownIdentity()
  if (started !== '' && own.started !== '' && bootOf(started) !== bootOf(own.started)) return 'elsewhere'
  if (namespace !== '' && own.namespace !== '' && namespace !== own.namespace) return 'elsewhere'
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

async function ownNamespace(): Promise<string> {
  if (process.platform !== 'linux') return ''
  try {
    return /\d+/.exec(await readlink('/proc/self/ns/pid'))?.[0] ?? ''
  } catch {
    // /proc is hidden, or the kernel is built without namespaces.
    return ''
  }
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
