/** What a person asks of the lab manager, recorded before it is done. */
import { isLabError, toLabErrorData } from '../../common/lab-error.ts'
import type { UserAction } from '../../common/lab/user-action.ts'
import { requireLab, requireNode, type LabContext } from '../lab-context.ts'
import type { ActionDraft } from './action-journal.ts'

export interface RecordedWork<T> {
  /** `begun` is called when something has been done that a failure does not undo. */
  run(begun: () => void): Promise<T>
  /** What is known only afterwards, such as which container it was. */
  learn?(result: T): Partial<Pick<UserAction, 'kind' | 'node' | 'container'>>
}

export type RecordAction = <T>(draft: ActionDraft, work: RecordedWork<T>) => Promise<T>

/** `onRecorded` is told of the lab with each action, and again when more is known of it. */
export function createActionRecorder(context: LabContext, onRecorded: (lab: string) => void): RecordAction {
  const write = async (action: UserAction): Promise<void> => {
    await context.journal.write(action)
    onRecorded(action.lab)
  }

  return async (draft, { run, learn }) => {
    const action = context.journal.begin(draft)
    const isThere = await hasSubject(context, draft)
    if (isThere) await write(action)
    const progress = { hasBegun: false }
    try {
      const result = await run(() => {
        progress.hasBegun = true
      })
      const learned = { ...action, ...learn?.(result) }
      // A lab that was not there before has its folder now.
      if (!isThere || JSON.stringify(learned) !== JSON.stringify(action)) await write(learned)
      return result
    } catch (error) {
      if (isThere && !progress.hasBegun && isRefusal(error)) await write({ ...action, failed: true })
      throw error
    }
  }
}

/** Words about a lab or node that does not exist are no action; whatever refuses them says why. */
async function hasSubject(context: LabContext, { lab, node, kind }: ActionDraft): Promise<boolean> {
  try {
    if (node === undefined || kind === 'NodeAdded') await requireLab(context, lab)
    else await requireNode(context, { lab, node })
    return true
  } catch (error) {
    if (isLabError(error)) return false
    throw error
  }
}

/** Of what was cut short, something may have been done. */
function isRefusal(error: unknown): boolean {
  const { kind } = toLabErrorData(error)
  return kind !== 'Timeout' && kind !== 'Cancelled' && kind !== 'Internal'
}
