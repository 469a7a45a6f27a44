/** The lab as it was before an experiment: what its journal says, from behind. */
import { labStep, type LabStep } from '../../common/lab/lab-texts.ts'
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
    report(describeUndo(undo, done / journal.undos.length))
    try {
      await performUndo(context, lab, undo)
    } catch (error) {
      const { message } = toLabErrorData(error)
      context.logger.warn(`${describeUndo(undo).message} failed: ${message}`, { lab })
      faults.push(`${describeUndo(undo).message}: ${message}`)
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

function describeUndo(undo: Undo, progress?: number): LabStep {
  switch (undo.undo) {
    case 'agents':
      return labStep('undo-agents', {}, progress)
    case 'start-component':
      return labStep('undo-component', { component: undo.component }, progress)
    case 'remove-node':
      return labStep('undo-node', { node: undo.node }, progress)
    case 'start-kubelet':
      return labStep('undo-kubelet', { node: undo.node }, progress)
    case 'power-on':
      return labStep('undo-power', { node: undo.node }, progress)
    case 'untaint':
      return labStep('undo-taint', { node: undo.node }, progress)
    case 'uncordon':
      return labStep('undo-cordon', { node: undo.node }, progress)
  }
}
