/** Makes a place on the board one to drop manifests on: a node, several, or the bin. */
import { computed, type ComputedRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { takeEntries } from '../model/dropped-items.ts'
import { OWN_DRAG, useDragStore, type Carried, type DropPlace } from '../stores/drag-store.ts'
import { usePicksStore } from '../stores/picks-store.ts'
import { usePlacementStore } from '../stores/placement-store.ts'
import { useManifestActions } from './use-manifest-actions.ts'
import { useNotify } from './use-notify.ts'
import { useOutsideFiles } from './use-outside-files.ts'

export interface ManifestDrop {
  /** Something that can be dropped hovers over this place itself. */
  isOver: ComputedRef<boolean>
  handlers: {
    dragenter(event: DragEvent): void
    dragover(event: DragEvent): void
    dragleave(event: DragEvent): void
    drop(event: DragEvent): void
  }
}

export function useManifestDrop(lab: () => string, place: () => DropPlace): ManifestDrop {
  const drag = useDragStore()
  const picks = usePicksStore()
  const placements = usePlacementStore()
  const actions = useManifestActions()
  const outside = useOutsideFiles()
  const notify = useNotify()
  const { t } = useI18n()

  function accepts(): boolean {
    return place().kind === 'nodes' || drag.carried?.kind === 'node'
  }

  /** What comes from outside is no longer what hung in the air before, whose end nobody told. */
  function noticeOutside({ dataTransfer }: DragEvent): void {
    const types = dataTransfer?.types ?? []
    const isForeign = types.includes('Files') && !types.includes(OWN_DRAG)
    if (drag.carried !== undefined && drag.carried.kind !== 'outside' && !isForeign) return
    const count = [...(dataTransfer?.items ?? [])].filter(({ kind }) => kind === 'file').length
    if (drag.carried?.kind !== 'outside' || drag.carried.count !== count) drag.begin({ kind: 'outside', count })
  }

  function hover(event: DragEvent): void {
    noticeOutside(event)
    if (!accepts()) return
    event.preventDefault()
    event.stopPropagation()
    drag.isCopy = event.ctrlKey || event.altKey
    const next = place()
    if (!isSamePlace(drag.place, next)) drag.place = next
    if (event.dataTransfer) event.dataTransfer.dropEffect = drag.isMove ? 'move' : 'copy'
  }

  function leave(event: DragEvent): void {
    const { currentTarget, relatedTarget } = event
    const isInside =
      currentTarget instanceof Node && relatedTarget instanceof Node && currentTarget.contains(relatedTarget)
    if (isInside || !isSamePlace(drag.place, place())) return
    drag.place = undefined
    if (drag.carried?.kind === 'outside') drag.end()
  }

  function drop(event: DragEvent): void {
    noticeOutside(event)
    if (!accepts()) return
    event.preventDefault()
    event.stopPropagation()
    const { carried } = drag
    const isCopy = event.ctrlKey || event.altKey
    const to = place()
    drag.end()
    if (carried?.kind === 'node') void dropFiles(carried, to, isCopy)
    else if (to.kind === 'nodes' && carried?.kind === 'shelf') void dropSample(carried, to.nodes)
    else if (to.kind === 'nodes') dropOutside(event.dataTransfer, to.nodes)
  }

  function dropFiles({ manifests }: Carried & { kind: 'node' }, to: DropPlace, isCopy: boolean): Promise<unknown> {
    const files = manifests.map(({ node, name }) => ({ node, name }))
    picks.clear()
    if (to.kind === 'bin') return actions.remove(lab(), files)
    return actions.transfer(lab(), files, to.nodes, isCopy ? 'copy' : 'move')
  }

  function dropSample({ manifests }: Carried & { kind: 'shelf' }, nodes: readonly string[]): Promise<void> {
    return actions.place(
      nodes.flatMap((node) => manifests.map(({ name, content = '' }) => ({ lab: lab(), node, name, content }))),
    )
  }

  /** Words that were dragged go into the dialog, where they can be looked at; an address is never fetched. */
  function dropOutside(transfer: DataTransfer | null, nodes: readonly string[]): void {
    const entries = takeEntries(transfer)
    if (entries.length > 0) return void outside.placeFiles(lab(), nodes, entries)
    const text = transfer?.getData('text/plain') ?? ''
    const isAddress = transfer?.types.includes('text/uri-list') === true || /^\w+:\/\/\S+$/.test(text.trim())
    if (text.trim() === '' || isAddress) {
      return notify.failure(t('drop.nothing'), new Error(t(isAddress ? 'drop.address' : 'drop.nothingDetail')))
    }
    const [node] = nodes
    placements.openDraft({ name: '', content: text, ...(node !== undefined && { node }) })
  }

  return {
    isOver: computed(() => isSamePlace(drag.place, place())),
    handlers: { dragenter: hover, dragover: hover, dragleave: leave, drop },
  }
}

function isSamePlace(one: DropPlace | undefined, other: DropPlace): boolean {
  if (one?.kind === 'bin' || other.kind === 'bin') return one?.kind === other.kind
  return (
    one !== undefined &&
    one.nodes.length === other.nodes.length &&
    one.nodes.every((node, at) => node === other.nodes[at])
  )
}
