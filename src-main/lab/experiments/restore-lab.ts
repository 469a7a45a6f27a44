/** The lab as it was before an experiment: what its journal says, from behind. */
import { toLabErrorData } from '../../common/lab-error.ts'
import type { OnProgress } from '../lab-manager.ts'
import type { ExperimentContext } from './experiment-context.ts'
import { performUndo } from './perform-undo.ts'
import { hasJournal, removeJournal, writeJournal, type RestoreJournal } from './restore-journal.ts'
import type { Undo } from './undo.ts'

/**
 * Each step is struck off once it is done; one that fails keeps no other from being tried, and stays in the journal. Whoever
 * calls holds the lab's experiment lock. Answers what could not be put back, or `undefined` when all was.
 */
export async function restoreLab(
  context: ExperimentContext,
  lab: string,
  { journal, report }: { journal: RestoreJournal; report: OnProgress },
): Promise<string | undefined> {
  const { layout } = context.store
  const left: Undo[] = []
  const faults: string[] = []
  await keep(context, lab, journal)
  for (const [done, undo] of journal.undos.toReversed().entries()) {
    // The lab has gone, and one of the same name would be another.
    if (!(await hasJournal(layout, lab))) return 'the lab was deleted'
    report({ message: describeUndo(undo), progress: done / journal.undos.length })
    try {
      await performUndo(context, lab, undo)
    } catch (error) {
      const { message } = toLabErrorData(error)
      context.logger.warn(`${describeUndo(undo)} failed: ${message}`, { lab })
      faults.push(`${describeUndo(undo)}: ${message}`)
      left.unshift(undo)
    }
    const undone = journal.undos.slice(0, journal.undos.length - done - 1)
    await keep(context, lab, { ...journal, undos: [...undone, ...left] })
  }
  if (faults.length > 0) return faults.join('; ')
  await removeJournal(layout, lab)
  return undefined
}

/** A disk that is full keeps nothing from being put back: what is struck off once more does no harm. */
async function keep({ store, logger }: ExperimentContext, lab: string, journal: RestoreJournal): Promise<void> {
  try {
    if (await hasJournal(store.layout, lab)) await writeJournal(store.layout, lab, journal)
  } catch (error) {
    logger.warn('how far the lab is put back cannot be written down', { lab, error: toLabErrorData(error).message })
  }
}

function describeUndo(undo: Undo): string {
  switch (undo.undo) {
    case 'agents':
      return 'putting the agents back as they were'
    case 'start-component':
      return `starting ${undo.component}`
    case 'remove-node':
      return `removing ${undo.node}`
    case 'start-kubelet':
      return `starting the kubelet of ${undo.node}`
    case 'power-on':
      return `switching ${undo.node} on`
    case 'untaint':
      return `taking the taint off ${undo.node}`
    case 'uncordon':
      return `uncordoning ${undo.node}`
  }
}
