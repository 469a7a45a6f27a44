/** Renames that were killed half-way: the next command on one of the two names finishes or undoes them. */
import type { Engine } from '../engine/engine.ts'
import type { LabContext } from '../lab-context.ts'
import type { OnProgress } from '../lab-manager.ts'
import { withLabLock } from '../lifecycle/lab-lock.ts'
import { finishRename, undoRename } from './rename-lab.ts'
import { readRenameRecord, type RenameRecord } from './rename-record.ts'

interface Waiting {
  onProgress: OnProgress
  signal: AbortSignal
}

/** Not while holding a lab's lock: both names are locked here. One that is under way in another process is waited for. */
export async function settleRenames(context: LabContext, engine: Engine, lab: string, waiting: Waiting): Promise<void> {
  for (const { from, to } of await listRenames(context)) {
    if (from !== lab && to !== lab) continue
    await withBothLocks(context, [from, to], waiting, () => settle(context, engine, { from, to }))
  }
}

/** Renames that are under way, or were killed. */
export async function listRenames({ store }: Pick<LabContext, 'store'>): Promise<RenameRecord[]> {
  const names = await store.list()
  return (await Promise.all(names.map((name) => readRenameRecord(store.layout, name)))).flatMap((found) => found ?? [])
}

/** For renames, which others are told of. Always in the same order, so that two renames cannot wait for each other. */
export function withBothLocks<Result>(
  context: Pick<LabContext, 'clock' | 'store'>,
  labs: readonly [string, string],
  waiting: Waiting,
  work: () => Promise<Result>,
): Promise<Result> {
  const [first = '', second = ''] = labs.toSorted()
  const options = { ...waiting, task: 'lab-rename' } as const
  return withLabLock(context, first, options, () => withLabLock(context, second, options, work))
}

async function settle(context: LabContext, engine: Engine, record: RenameRecord): Promise<void> {
  const { layout } = context.store
  if ((await readRenameRecord(layout, record.to)) !== undefined) await finishRename(context, engine, record)
  else if ((await readRenameRecord(layout, record.from)) !== undefined) await undoRename(context, engine, record)
}
