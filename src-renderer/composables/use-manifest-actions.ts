/** Putting manifests on nodes, taking them off (with a way back), and crashing what came of them. */
import { useI18n } from 'vue-i18n'
import type { ContainerTarget, NodeTarget } from '@common/ipc/calls.ts'
import { MAX_MANIFEST_BYTES } from '@common/manifest/decode-manifest.ts'
import { call } from '../bridge/client.ts'
import { computePlacement, needsConfirmation } from '../model/placement.ts'
import { MANIFESTS_PATH } from '@common/node-channel.ts'
import { useLabsStore } from '../stores/labs-store.ts'
import { usePlacementStore } from '../stores/placement-store.ts'
import { useViewsStore } from '../stores/views-store.ts'
import { useExplainedActions } from './use-explained-actions.ts'
import { useNotify } from './use-notify.ts'

export interface ManifestToPlace extends NodeTarget {
  name: string
  content: string
}

export interface ManifestActions {
  /** Writes at once what disturbs nothing, and asks about the rest. */
  place(manifest: ManifestToPlace): Promise<boolean>
  /** Reads files from outside and places each; what is no text is refused with a reason. */
  placeFiles(target: NodeTarget, files: readonly File[]): Promise<void>
  /** Writes without asking. */
  apply(manifest: ManifestToPlace, options: { replace: boolean }): Promise<boolean>
  remove(target: NodeTarget & { name: string; pod?: string }): Promise<boolean>
  /** Explained before, and watched afterwards. */
  crash(target: ContainerTarget): Promise<boolean>
}

export function useManifestActions(): ManifestActions {
  const explained = useExplainedActions()
  const notify = useNotify()
  const labs = useLabsStore()
  const placements = usePlacementStore()
  const views = useViewsStore()
  const { t } = useI18n()

  function apply({ lab, node, name, content }: ManifestToPlace, { replace }: { replace: boolean }): Promise<boolean> {
    return notify.attempt(t('toast.failed.apply', { name, node }), async () => {
      const { replaced } = await call('manifest/apply', { lab, node, name, content, replace })
      notify.success(t(replaced ? 'toast.replaced' : 'toast.applied', { name, node }), whatFollows(lab, node))
    })
  }

  async function place(manifest: ManifestToPlace): Promise<boolean> {
    const { lab, node, name, content } = manifest
    const files = views.filesOf(lab, node)
    const placement = computePlacement({ name, content, node, folder: MANIFESTS_PATH, files })
    if (!needsConfirmation(placement)) return apply(manifest, { replace: false })
    placements.ask({ lab, node, name, content })
    return false
  }

  async function placeFiles(target: NodeTarget, files: readonly File[]): Promise<void> {
    for (const file of files) {
      const title = t('toast.failed.readFile', { name: file.name })
      await notify.attempt(title, async () => {
        if (file.size > MAX_MANIFEST_BYTES) throw new Error(t('toast.tooLarge'))
        await place({ ...target, name: file.name, content: await readText(file) })
      })
    }
  }

  async function readText(file: File): Promise<string> {
    const bytes = await file.arrayBuffer().catch((error: unknown) => {
      // Folders come as files without content: reading one fails.
      throw new Error(file.type === '' && !file.name.includes('.') ? t('toast.isFolder') : String(error))
    })
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    } catch (error) {
      throw new Error(t('toast.notText'), { cause: error })
    }
  }

  function remove({ lab, node, name, pod }: NodeTarget & { name: string; pod?: string }): Promise<boolean> {
    return notify.attempt(t('toast.failed.remove', { name, node }), async () => {
      // Without its content it can still be removed, only not brought back: the message says so.
      const content = await call('manifest/read', { lab, node, name }).then(
        (read) => read.content,
        () => undefined,
      )
      await call('manifest/remove', { lab, node, name })
      const title = t('toast.removed', { name, node })
      if (content === undefined) return notify.success(title, { detail: t('toast.noUndo') })
      notify.success(title, {
        ...(pod !== undefined && { detail: t('toast.removedDetail', { pod }) }),
        action: { label: t('common.undo'), run: () => void restore({ lab, node, name, content }) },
      })
    })
  }

  function restore({ lab, node, name, content }: ManifestToPlace): Promise<boolean> {
    return notify.attempt(t('toast.failed.apply', { name, node }), async () => {
      await call('manifest/apply', { lab, node, name, content, replace: false })
      notify.success(t('toast.restored', { name, node }), whatFollows(lab, node))
    })
  }

  /** A file on a node that nobody reads needs a word; of the others the board shows what becomes. */
  function whatFollows(lab: string, node: string): { detail?: string } {
    return labs.isReadAtOnce(lab, node) ? {} : { detail: t('toast.unread', { node }) }
  }

  function crash({ lab, node, namespace, pod, container }: ContainerTarget): Promise<boolean> {
    const subject = { kind: 'ContainerCrashed', lab, node, pod: { namespace, name: pod } } as const
    return explained.ask(container === undefined ? subject : { ...subject, container })
  }

  return { place, placeFiles, apply, remove, crash }
}
