/** Labs of test runs that were killed: their nodes would run for ever, and come back with every start of the engine. */
import { rmSync } from 'node:fs'
import { basename } from 'node:path'
import { HOME_LABEL, LAB_LABEL } from '../../src-main/common/engine-labels.ts'
import type { Engine } from '../../src-main/lab/engine/engine.ts'
import { createLabManager } from '../../src-main/lab/create-lab-manager.ts'

export interface TestLabLeft {
  home: string
  lab: string
}

/** Of all objects' labels, the labs in homes of tests whose name ends with the pid (in base 36) of a process that is gone. */
export function computeDeadTestLabs(
  labels: readonly Record<string, string>[],
  isAlive: (pid: number) => boolean,
): TestLabLeft[] {
  const found = new Map<string, TestLabLeft>()
  for (const { [HOME_LABEL]: home = '', [LAB_LABEL]: lab = '' } of labels) {
    const pid = /-([0-9a-z]+)$/.exec(lab)?.[1]
    if (!/^node-lab-(test|e2e)-/.test(basename(home)) || pid === undefined) continue
    if (!isAlive(Number.parseInt(pid, 36))) found.set(lab, { home, lab })
  }
  return [...found.values()]
}

/** Deletes them, and their homes. */
export async function removeDeadTestLabs(
  engine: Engine,
  onProgress: (step: { message: string }) => void,
): Promise<void> {
  const any = { [LAB_LABEL]: true, [HOME_LABEL]: true } as const
  const objects = [
    ...(await engine.listContainers(any)),
    ...(await engine.listVolumes(any)),
    ...(await engine.listNetworks(any)),
  ]
  for (const { home, lab } of computeDeadTestLabs(
    objects.map((object) => object.labels),
    isProcess,
  )) {
    onProgress({ message: `removing the lab ${lab} of a test run that was killed` })
    const manager = await createLabManager({ home })
    try {
      await manager.delete(lab)
    } finally {
      await manager.dispose()
    }
    rmSync(home, { recursive: true, force: true })
  }
}

function isProcess(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
