/** Taking back what was done to manifests: each file only as long as nobody has changed it since. */
import { useI18n } from 'vue-i18n'
import { isLabError } from '@common/lab-error.ts'
import { call } from '../bridge/client.ts'
import { invertChanges, type ManifestChange } from '../model/manifest-change.ts'
import { useUndoStore, type UndoStep } from '../stores/undo-store.ts'
import { useNotify } from './use-notify.ts'

export interface Undo {
  /** Says what was done, and offers to take it back until that is done. */
  offer(title: string, changes: readonly ManifestChange[], more?: { detail?: string; isInVain?: boolean }): void
  /** Takes the last step in a lab back; false when there is none. */
  undoLast(lab: string): Promise<boolean>
}

export function useUndo(): Undo {
  const steps = useUndoStore()
  const notify = useNotify()
  const { t } = useI18n()

  const offer: Undo['offer'] = (title, changes, { detail, isInVain = false } = {}) => {
    const { id } = steps.record(title, changes)
    const label = t('common.undo')
    notify[isInVain ? 'warning' : 'success'](title, {
      ...(detail !== undefined && { detail }),
      action: { label, run: () => void takeBack(steps.take(id)), isOffered: () => steps.has(id) },
    })
  }

  async function takeBack(step: UndoStep | undefined): Promise<boolean> {
    if (step === undefined) return false
    const { title } = step
    const changes = invertChanges(step.changes)
    const done = new Set<ManifestChange>()
    const left: string[] = []
    try {
      // One after the other, up to the first that fails: a copy must not go while its original is not back.
      for (const change of changes) {
        if (await apply(change)) done.add(change)
        else left.push(t('undo.changedSince', { name: change.name, node: change.node }))
      }
    } catch (error) {
      // What is nowhere any more stays so; everything else can be tried again.
      if (!isLabError(error) || error.kind !== 'NotFound') {
        steps.putBack({ ...step, changes: invertChanges(changes.filter((change) => !done.has(change))) })
      }
      notify.failure(t('undo.failed', { title }), error)
      return true
    }
    if (done.size === 0) notify.failure(t('undo.failed', { title }), new Error(left.join('\n')))
    else notify.success(t('undo.done', { title }), left.length === 0 ? {} : { detail: left.join('\n') })
    return true
  }

  return { offer, undoLast: (lab) => takeBack(steps.takeLast(lab)) }
}

/** @returns false, and does nothing, when the file is not as it was left */
async function apply({ lab, node, name, before, after }: ManifestChange): Promise<boolean> {
  if ((await readManifest(lab, node, name)) !== before) return false
  if (after === undefined) await call('manifest/remove', { lab, node, name })
  else await call('manifest/apply', { lab, node, name, content: after, replace: before !== undefined })
  return true
}

/** `undefined` when there is no such file. */
export async function readManifest(lab: string, node: string, name: string): Promise<string | undefined> {
  try {
    return (await call('manifest/read', { lab, node, name })).content
  } catch (error) {
    if (isLabError(error) && error.kind === 'NotFound') return undefined
    throw error
  }
}
