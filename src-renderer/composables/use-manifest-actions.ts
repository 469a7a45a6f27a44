/** Putting manifests on nodes, sending them from node to node, taking them off (with a way back), and crashing what came of them. */
import { useI18n } from 'vue-i18n'
import type { ContainerTarget } from '@common/ipc/calls.ts'
import { toLabErrorData } from '@common/lab-error.ts'
import { call } from '../bridge/client.ts'
import type { ManifestChange } from '../model/manifest-change.ts'
import { computePlacement, needsConfirmation, type Placement } from '../model/placement.ts'
import { useLabsStore } from '../stores/labs-store.ts'
import type { FileReference } from '../stores/picks-store.ts'
import { usePlacementStore, type PendingPlacement } from '../stores/placement-store.ts'
import { useViewsStore } from '../stores/views-store.ts'
import { useExplainedActions } from './use-explained-actions.ts'
import { useNotify } from './use-notify.ts'
import { isInVain, usePlacementText } from './use-placement-text.ts'
import { readManifest, useUndo } from './use-undo.ts'

export interface ManifestActions {
  /** Writes at once what disturbs nothing, and asks about the rest, and about many. */
  place(manifests: readonly PendingPlacement[]): Promise<void>
  /** Writes without asking. @returns whether all of it was done */
  apply(manifests: readonly (PendingPlacement & { replace: boolean })[]): Promise<boolean>
  /** Reads files of nodes and places them on others; a move removes each once its copies lie there. */
  transfer(lab: string, files: readonly FileReference[], nodes: readonly string[], mode: 'move' | 'copy'): Promise<void>
  remove(lab: string, files: readonly FileReference[]): Promise<boolean>
  /** Explained before, and watched afterwards. */
  crash(target: ContainerTarget): Promise<boolean>
}

/** So many at once are done only when somebody has seen the list. */
const MOST_WITHOUT_ASKING = 20
const TOLD_FAILURES = 3
const TOLD_WARNINGS = 3

interface Failure {
  manifest: FileReference
  error: unknown
}

export function useManifestActions(): ManifestActions {
  const explained = useExplainedActions()
  const notify = useNotify()
  const labs = useLabsStore()
  const placements = usePlacementStore()
  const views = useViewsStore()
  const undo = useUndo()
  const placementText = usePlacementText()
  const { t } = useI18n()

  function placementOf({ lab, node, name, content }: PendingPlacement): Placement {
    const files = views.filesOf(lab, node)
    return computePlacement({ name, content, node, folder: labs.folderOf(lab, node), files })
  }

  /** What the kubelet will say to it when that is not what was meant: of a file from outside nobody has seen it before. */
  function foresee(pending: PendingPlacement): string | undefined {
    const placement = placementOf(pending)
    const { lab, node, name } = pending
    return isInVain(placement)
      ? placementText(placement, { name, node, isRead: labs.isReadAtOnce(lab, node) })
      : undefined
  }

  async function place(manifests: readonly PendingPlacement[]): Promise<void> {
    if (manifests.length > MOST_WITHOUT_ASKING) return placements.ask(manifests)
    // The copies of a file that is moved stay together: it goes when all of them are there.
    const doubtful = new Set(manifests.filter((one) => needsConfirmation(placementOf(one))).map(groupOf))
    const [clear, asked] = [false, true].map((isAsked) =>
      manifests.filter((manifest) => doubtful.has(groupOf(manifest)) === isAsked),
    )
    if (asked !== undefined && asked.length > 0) placements.ask(asked)
    if (clear !== undefined && clear.length > 0) await apply(clear.map((manifest) => ({ ...manifest, replace: false })))
  }

  async function apply(manifests: readonly (PendingPlacement & { replace: boolean })[]): Promise<boolean> {
    const changes: ManifestChange[] = []
    const warnings: string[] = []
    const failures: Failure[] = []
    const failedGroups = new Set<string>()
    for (const manifest of manifests) {
      const { lab, node, name, content, replace } = manifest
      try {
        const warning = foresee(manifest)
        const before = replace ? await readManifest(lab, node, name) : undefined
        await call('manifest/apply', { lab, node, name, content, replace })
        changes.push({ lab, node, name, after: content, ...(before !== undefined && { before }) })
        if (warning !== undefined) warnings.push(manifests.length === 1 ? warning : `${name}: ${warning}`)
      } catch (error) {
        failures.push({ manifest, error })
        failedGroups.add(groupOf(manifest))
      }
    }
    const written = changes.length
    const moved = manifests.filter((manifest) => !failedGroups.has(groupOf(manifest)))
    const { gone, stayed } = await removeMoved(moved)
    if (written > 0) tellApplied(manifests, changes, gone.length, warnings)
    tellFailures(
      failures,
      (first) => t('toast.failed.apply', { ...first }),
      t('toast.failed.applyMany', failures.length),
    )
    tellFailures(
      stayed,
      (first) => t('toast.failed.moveHalf', { ...first }),
      t('toast.failed.moveHalfMany', stayed.length),
    )
    return failures.length === 0 && stayed.length === 0

    /** The second half of a move: it may fail, or be about another text by now, and then the file lies in both places, never in none. */
    async function removeMoved(
      done: readonly PendingPlacement[],
    ): Promise<{ gone: FileReference[]; stayed: Failure[] }> {
      const gone: FileReference[] = []
      const stayed: Failure[] = []
      const sources = new Map(
        done.flatMap((one) => (one.movedFrom === undefined ? [] : [[groupOf(one), one] as const])),
      )
      for (const { lab, content, movedFrom } of sources.values()) {
        if (movedFrom === undefined) continue
        try {
          const now = await readManifest(lab, movedFrom.node, movedFrom.name)
          if (now !== undefined && now !== content) throw new Error(t('undo.changedSince', { ...movedFrom }))
          if (now !== undefined) await call('manifest/remove', { lab, ...movedFrom })
          changes.push({ lab, ...movedFrom, before: content })
          gone.push(movedFrom)
        } catch (error) {
          stayed.push({ manifest: movedFrom, error })
        }
      }
      return { gone, stayed }
    }
  }

  function tellApplied(
    manifests: readonly PendingPlacement[],
    changes: readonly ManifestChange[],
    movedCount: number,
    warnings: readonly string[],
  ): void {
    const written = changes.filter(({ after }) => after !== undefined)
    const nodes = [...new Set(written.map(({ node }) => node))]
    const [first] = written
    const { name = '', node = '', lab = '' } = first ?? {}
    const from = manifests.find(({ movedFrom }) => movedFrom !== undefined)?.movedFrom?.node ?? ''
    const unread = nodes.filter((one) => !labs.isReadAtOnce(lab, one)).join(', ')
    const details = [
      ...warnings.slice(0, TOLD_WARNINGS),
      ...(unread === '' ? [] : [t('toast.unread', { node: unread })]),
    ]
    const more = details.length === 0 ? {} : { detail: details.join('\n') }
    undo.offer(title(), changes, { ...more, isInVain: warnings.length > 0 })

    function title(): string {
      const counted = { count: written.length, node: nodes.join(', '), from }
      if (movedCount > 0) {
        return written.length === 1
          ? t('toast.moved', { name, node, from })
          : t('toast.movedMany', counted, written.length)
      }
      if (written.length > 1) return t('toast.appliedMany', counted, written.length)
      return t(first?.before === undefined ? 'toast.applied' : 'toast.replaced', { name, node })
    }
  }

  function tellFailures(
    failures: readonly Failure[],
    titleOf: (first: FileReference) => string,
    titleOfMany: string,
  ): void {
    const [first] = failures
    if (first === undefined) return
    if (failures.length === 1) return notify.failure(titleOf(first.manifest), first.error)
    const words = failures
      .slice(0, TOLD_FAILURES)
      .map(({ manifest, error }) => `${manifest.node}, ${manifest.name}: ${toLabErrorData(error).message}`)
    notify.failure(titleOfMany, new Error(words.join('\n')))
  }

  async function transfer(
    lab: string,
    files: readonly FileReference[],
    nodes: readonly string[],
    mode: 'move' | 'copy',
  ): Promise<void> {
    const pending: PendingPlacement[] = []
    const failures: Failure[] = []
    for (const file of files) {
      // Moving a file to where it lies is nothing; copying it there asks for another name.
      const targets = mode === 'move' ? nodes.filter((node) => node !== file.node) : nodes
      if (targets.length === 0) continue
      try {
        const { content } = await call('manifest/read', { lab, ...file })
        const movedFrom = mode === 'move' && !nodes.includes(file.node) ? { movedFrom: file } : {}
        pending.push(...targets.map((node) => ({ lab, node, name: file.name, content, ...movedFrom })))
      } catch (error) {
        failures.push({ manifest: file, error })
      }
    }
    tellFailures(
      failures,
      ({ name }) => t('toast.failed.readFile', { name }),
      t('toast.failed.readMany', failures.length),
    )
    if (pending.length > 0) await place(pending)
  }

  async function remove(lab: string, files: readonly FileReference[]): Promise<boolean> {
    const changes: ManifestChange[] = []
    const failures: Failure[] = []
    const removed: FileReference[] = []
    for (const file of files) {
      try {
        // Without its content it can still be removed, only not brought back: the message says so.
        const before = await readManifest(lab, file.node, file.name).catch(() => undefined)
        await call('manifest/remove', { lab, ...file })
        removed.push(file)
        if (before !== undefined) changes.push({ lab, ...file, before })
      } catch (error) {
        failures.push({ manifest: file, error })
      }
    }
    tellRemoved(lab, removed, changes)
    tellFailures(
      failures,
      (first) => t('toast.failed.remove', { ...first }),
      t('toast.failed.removeMany', failures.length),
    )
    return failures.length === 0
  }

  function tellRemoved(lab: string, removed: readonly FileReference[], changes: readonly ManifestChange[]): void {
    const [first] = removed
    if (first === undefined) return
    const title = removed.length === 1 ? t('toast.removed', { ...first }) : t('toast.removedMany', removed.length)
    if (changes.length < removed.length) return notify.success(title, { detail: t('toast.noUndo') })
    const pods = removed.flatMap(({ node, name }) => {
      const file = views.filesOf(lab, node).find((one) => one.name === name)
      return file?.state === 'accepted' && file.pod !== undefined ? [file.pod.name] : []
    })
    const [pod] = pods
    undo.offer(title, changes, pod === undefined ? {} : { detail: t('toast.removedDetail', { pod }, pods.length) })
  }

  function crash({ lab, node, namespace, pod, container }: ContainerTarget): Promise<boolean> {
    const subject = { kind: 'ContainerCrashed', lab, node, pod: { namespace, name: pod } } as const
    return explained.ask(container === undefined ? subject : { ...subject, container })
  }

  return { place, apply, transfer, remove, crash }
}

/** Copies of one file that is moved have one name; whatever is only added stands for itself. */
function groupOf({ node, name, movedFrom }: PendingPlacement): string {
  return movedFrom === undefined ? `add:${node}/${name}` : `move:${movedFrom.node}/${movedFrom.name}`
}
