/** What the processes of a container use, as the system of the engine's machine, which is this one, counts it. */
import { readFileSync } from 'node:fs'
import { engineApi } from '../support/engine-api.ts'

export interface Usage {
  /** Used so far. */
  cpuSeconds: number
  privateBytes: number
}

/** CPU seconds that all processes of a container have used so far, and their private memory in bytes. */
export async function containerUsage(container: string): Promise<Usage> {
  const { Processes: processes } = await engineApi<{ Processes: string[][] }>(
    'GET',
    `/containers/${container}/top?ps_args=${encodeURIComponent('-eo pid')}`,
  )
  const usages = processes.map(([pid]) => processUsage(Number(pid)))
  return {
    cpuSeconds: usages.reduce((sum, one) => sum + one.cpuSeconds, 0),
    privateBytes: usages.reduce((sum, one) => sum + one.privateBytes, 0),
  }
}

/** A process that has ended meanwhile counts as nothing. */
function processUsage(pid: number): Usage {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    const ticks = Number(fields[11]) + Number(fields[12])
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
    const kilobytes = [...rollup.matchAll(/^Private_(?:Clean|Dirty):\s+(\d+) kB/gm)].reduce(
      (sum, match) => sum + Number(match[1]),
      0,
    )
    return { cpuSeconds: ticks / 100, privateBytes: kilobytes * 1024 }
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH')) {
      return { cpuSeconds: 0, privateBytes: 0 }
    }
    throw error
  }
}
