/** A short-lived container that does one thing and is removed, whatever happens. */
import { randomUUID } from 'node:crypto'
import { helperLabels } from './helper-leavings.ts'
import type { Engine, EngineMount } from './engine.ts'

export interface HelperRun {
  image: string
  command: string[]
  mounts: EngineMount[]
  /** Further labels, so that a lab's removal finds what a killed process has left. */
  labels?: Record<string, string>
  /** Port inside → port on 127.0.0.1; the helper is then on the engine's own bridge. Otherwise it has no network. */
  publish?: Record<number, number>
  memoryBytes?: number
}

/**
 * `output` is all that it printed; of one that failed with what it printed to its standard error.
 * @throws LabError when it cannot be created or started (a mount that the engine refuses, ...)
 */
export async function runHelper(engine: Engine, run: HelperRun): Promise<{ exitCode: number; output: string }> {
  const id = await engine.createContainer({
    name: `node-lab.helper.${randomUUID()}`,
    image: run.image,
    entrypoint: run.command.slice(0, 1),
    command: run.command.slice(1),
    user: '0:0',
    labels: { ...run.labels, ...(await helperLabels()) },
    mounts: run.mounts,
    network: run.publish === undefined ? { mode: 'none' } : { mode: 'network', name: 'bridge' },
    ...(run.publish !== undefined && { publish: run.publish }),
    ...(run.memoryBytes !== undefined && { memoryBytes: run.memoryBytes }),
    restartPolicy: 'no',
  })
  try {
    await engine.startContainer(id)
    const exitCode = await engine.waitContainer(id)
    return { exitCode, output: await engine.containerLogs(id, { stdoutOnly: exitCode === 0 }) }
  } finally {
    await engine.removeContainer(id)
  }
}
