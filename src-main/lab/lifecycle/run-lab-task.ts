/** The frame of everything that changes labs: a task that is told of, an engine, the lab's lock, and what a killed command left. */
import type { Engine } from '../engine/engine.ts'
import type { LabContext } from '../lab-context.ts'
import type { OnProgress } from '../lab-manager.ts'
import { settleRenames } from '../rename/settle-renames.ts'
import type { TaskName } from '../status/task-tracker.ts'
import { withLabLock } from './lab-lock.ts'
import { sweepLabDrafts } from './sweep-lab-drafts.ts'
import { removeImportDrafts } from '../archive/import-drafts.ts'

/** Told when something has been done that a failure does not undo. */
export interface Begun {
  onBegun?: () => void
}

export interface Operation extends Begun {
  task: TaskName
  lab: string
  /** For tasks about one node. */
  node?: string
  onProgress: OnProgress | undefined
  signal?: AbortSignal
  /** Default: no. */
  isCancellable?: boolean
}

export interface LabTaskTools {
  engine: Engine
  report: OnProgress
  /** Runs the work while holding the lab's lock. */
  locked<R>(work: () => Promise<R>): Promise<R>
  signal: AbortSignal
}

/** Runs the work as a task; what the work returns is run after the task has ended, so that a status does not say "starting". */
export async function runLabTask<T>(
  context: LabContext,
  { task, lab, node, onProgress, signal: outer, isCancellable = false }: Operation,
  work: (tools: LabTaskTools) => Promise<() => Promise<T>>,
): Promise<T> {
  const subject = node === undefined ? lab : `${lab}/${node}`
  const options = { onProgress, isCancellable, ...(outer !== undefined && { signal: outer }) }
  const conclude = await context.tasks.run(task, subject, options, async (report, signal) => {
    const engine = await context.engines.ensure(report)
    await settleRenames(context, engine, lab, { onProgress: report, signal })
    await removeImportDrafts(context)
    await sweepLabDrafts(context, lab)
    const locked = <R>(inner: () => Promise<R>): Promise<R> =>
      withLabLock(context, lab, { onProgress: report, signal, task }, inner)
    return work({ engine, report, locked, signal })
  })
  return conclude()
}
