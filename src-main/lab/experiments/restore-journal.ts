/**
 * What an experiment has changed and how it is put back, on the disk before each change: `labs/LAB/experiments/journal.json`.
 * Whoever holds the lab's experiment lock owns it; one that nobody holds was left by a process that died, or could not
 * restore everything.
 */
import { access, rm } from 'node:fs/promises'
import path from 'node:path'
import type { Clock } from '../../base/clock.ts'
import type { Time } from '../../common/api/meta.ts'
import type { ExperimentResult } from '../../common/experiments/experiment-run.ts'
import { LabError } from '../../common/lab-error.ts'
import { hasCode } from '../store/error-code.ts'
import { withFileLock } from '../store/file-lock.ts'
import type { HomeLayout } from '../store/home.ts'
import { makeFolder } from '../store/make-folder.ts'
import { readTextIfThere } from '../store/read-if-there.ts'
import { writeAtomically } from '../store/write-atomically.ts'
import type { Undo } from './undo.ts'

export interface RestoreJournal {
  /** Of the result that the run has, or would have had. */
  id: string
  experiment: string
  startedAt: Time
  /** In the order of the changes: undone from behind. */
  undos: Undo[]
  /** Once it has ended in another way than by dying. */
  result?: ExperimentResult
}

type Layout = Pick<HomeLayout, 'experiments'>

/** @throws Conflict for a file that cannot be understood: it is somebody's to look at, and is never thrown away */
export async function readJournal(layout: Layout, lab: string): Promise<RestoreJournal | undefined> {
  const file = journalFile(layout, lab)
  const text = await readTextIfThere(file)
  if (text === undefined) return undefined
  const journal = parseJournal(text)
  if (journal !== undefined) return journal
  throw new LabError({
    kind: 'Conflict',
    message: `what the last experiment has changed cannot be read: ${file} is damaged`,
    remedy: 'See that the control plane and all kubelets run, then remove the file.',
  })
}

export async function hasJournal(layout: Layout, lab: string): Promise<boolean> {
  try {
    await access(journalFile(layout, lab))
    return true
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false
    throw error
  }
}

/** The lab's own folder is not made: a lab that has gone in this moment stays gone. */
export async function writeJournal(layout: Layout, lab: string, journal: RestoreJournal): Promise<void> {
  await makeFolder(layout.experiments(lab))
  await writeAtomically(journalFile(layout, lab), `${JSON.stringify(journal)}\n`, 0o600)
}

export async function removeJournal(layout: Layout, lab: string): Promise<void> {
  await rm(journalFile(layout, lab), { force: true })
}

/** One experiment at a time in a lab, over processes. @throws Conflict while another one runs */
export function withExperimentLock<Result>(
  { clock, layout }: { clock: Clock; layout: HomeLayout },
  lab: string,
  work: () => Promise<Result>,
): Promise<Result> {
  return withFileLock(
    {
      clock,
      file: layout.experimentLock(lab),
      onWait: (pid) => {
        const where = pid === process.pid ? '' : ` in process ${pid}`
        throw new LabError({
          kind: 'Conflict',
          message: `an experiment runs in the lab "${lab}"${where}, or puts back what it has changed`,
          remedy: 'Wait for its end, or cancel it.',
        })
      },
    },
    work,
  )
}

function journalFile(layout: Layout, lab: string): string {
  return path.join(layout.experiments(lab), 'journal.json')
}

/** Written by this program alone: what has its head is taken for whole. */
function parseJournal(text: string): RestoreJournal | undefined {
  try {
    const value = JSON.parse(text) as Partial<RestoreJournal> | null
    const isWhole = typeof value?.id === 'string' && typeof value.experiment === 'string' && Array.isArray(value.undos)
    return isWhole && typeof value.startedAt === 'string' ? (value as RestoreJournal) : undefined
  } catch {
    return undefined
  }
}
