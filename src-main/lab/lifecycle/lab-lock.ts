/** The lock of one lab: changes of it, in whatever process, are made one after the other. */
import { labStep } from '../../common/lab/lab-texts.ts'
import type { LabContext } from '../lab-context.ts'
import type { OnProgress } from '../lab-manager.ts'
import { isTaskName, type TaskName } from '../status/task-tracker.ts'
import { readLockPurpose, withFileLock } from '../store/file-lock.ts'

/** Building images happens outside the lock; a lab's own work never takes so long. */
const PATIENCE = { doing: 'changing this lab', afterMinutes: 10 }

export function withLabLock<Result>(
  { clock, store }: Pick<LabContext, 'clock' | 'store'>,
  lab: string,
  { onProgress, signal, task }: { onProgress?: OnProgress; signal?: AbortSignal; task?: TaskName },
  work: () => Promise<Result>,
): Promise<Result> {
  return withFileLock(
    {
      clock,
      file: store.layout.lockFile(lab),
      giveUp: PATIENCE,
      onWait: (pid) => onProgress?.(labStep('lab-wait', { process: pid })),
      ...(signal !== undefined && { signal }),
      ...(task !== undefined && { purpose: task }),
    },
    work,
  )
}

/** What a process, this one or another, is doing to the lab while it holds the lock. */
export async function readLockTask({ store }: Pick<LabContext, 'store'>, lab: string): Promise<TaskName | undefined> {
  const purpose = await readLockPurpose(store.layout.lockFile(lab))
  return purpose !== undefined && isTaskName(purpose) ? purpose : undefined
}
