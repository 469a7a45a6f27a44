/**
 * What a killed test run leaves of its containerd. Its processes, mounts and networks die with the test process (see
 * containerd-launch.ts); its folder and its control groups stay, and bear the test process's number and start.
 */
import { readdir, readFile, rm, rmdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hasCode } from '../../../src-main/lab/store/error-code.ts'

const NAME = /^node-lab-containerd-(\d+)-(\d+)-[A-Za-z0-9]+$/
const CONTROL_GROUPS = '/sys/fs/cgroup'

/** Begins the names of a containerd's folder and control group, and tells whose they are. */
export async function computeOwnerPrefix(): Promise<string> {
  return `node-lab-containerd-${process.pid}-${await startTick(process.pid)}-`
}

/** Of the names, those whose owner does not live any more. @param tickOf start tick of a living process */
export async function computeLeftovers(
  names: readonly string[],
  tickOf: (pid: number) => Promise<string | undefined>,
): Promise<string[]> {
  const left: string[] = []
  for (const name of names) {
    const [, pid, tick] = NAME.exec(name) ?? []
    if (pid !== undefined && (await tickOf(Number(pid))) !== tick) left.push(name)
  }
  return left
}

/** Removes the folders and control groups of test runs that are gone. */
export async function removeLeftovers(): Promise<void> {
  const names = [tmpdir(), ...(await hierarchies())].map((folder) => readdir(folder))
  const unique = [...new Set((await Promise.all(names)).flat())]
  for (const name of await computeLeftovers(unique, startTick)) await removeRemains(name)
}

/** Removes the folder and the control groups of one containerd whose processes are all dead. */
export async function removeRemains(name: string): Promise<void> {
  for (const hierarchy of await hierarchies()) await removeGroup(join(hierarchy, name))
  await rm(join(tmpdir(), name), { recursive: true, force: true })
}

/** With cgroup v1 one for each controller; with v2 the only one. */
async function hierarchies(): Promise<string[]> {
  const entries = await readdir(CONTROL_GROUPS, { withFileTypes: true })
  return [
    CONTROL_GROUPS,
    ...entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(CONTROL_GROUPS, name)),
  ]
}

/** A control group goes by rmdir, children first; its files are not real. */
async function removeGroup(path: string): Promise<void> {
  try {
    // Read first: where no group of that name can be, such as in a folder that cannot be written, there is nothing to remove.
    for (const entry of await readdir(path, { withFileTypes: true }))
      if (entry.isDirectory()) await removeGroup(join(path, entry.name))
    await rmdir(path)
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error
  }
}

/** When a process started, in ticks since the boot; `undefined` when there is none. */
async function startTick(pid: number): Promise<string | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
  // The command's name, in brackets, may contain anything; field 22 counts from behind it.
  return text?.slice(text.lastIndexOf(')') + 2).split(' ')[19]
}
