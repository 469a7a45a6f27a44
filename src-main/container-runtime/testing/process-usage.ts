/** What processes of this machine use, read from the kernel. */
import { readFile, readdir } from 'node:fs/promises'

const TICKS_PER_SECOND = 100

/** Seconds of CPU, in user and kernel mode, since the process began. */
export async function readCpuSeconds(pid: number): Promise<number> {
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
}

/** Bytes that nobody else has: what the process costs beside others of its kind. */
export async function readPrivateBytes(pid: number): Promise<number> {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8')
  const kilobytes = [...rollup.matchAll(/^Private_(?:Clean|Dirty):\s+(\d+) kB/gm)].map((match) => Number(match[1]))
  return kilobytes.reduce((sum, one) => sum + one, 0) * 1024
}

/** Of the engine that serves the socket. @throws Error when no process of this machine names the socket */
export async function findEnginePid(socketPath: string): Promise<number> {
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue
    // A process that has ended meanwhile is not the one.
    const command = (await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '')).split('\0')
    if (command[0]?.endsWith('dockerd') === true && command.some((part) => part.endsWith(socketPath)))
      return Number(name)
  }
  throw new Error(`no dockerd of this machine serves ${socketPath}`)
}
