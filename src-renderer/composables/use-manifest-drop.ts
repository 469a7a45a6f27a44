/** Makes a node, be it on or off, a place to drop manifests on: files from outside, or a sample from the shelf. */
import { computed, ref, type ComputedRef, type Ref } from 'vue'
import { useI18n } from 'vue-i18n'
import type { NodeTarget, Sample } from '@common/ipc/calls.ts'
import { useSamplesStore } from '../stores/samples-store.ts'
import { useManifestActions } from './use-manifest-actions.ts'
import { useNotify } from './use-notify.ts'

export interface ManifestDrop {
  /** Something that can be dropped hovers over the node. */
  isOver: Readonly<Ref<boolean>>
  /** The sample that hovers. Files from outside keep their content to themselves until they are dropped. */
  hoveringSample: ComputedRef<Sample | undefined>
  handlers: {
    dragenter(event: DragEvent): void
    dragover(event: DragEvent): void
    dragleave(event: DragEvent): void
    drop(event: DragEvent): void
  }
}

export function useManifestDrop(target: Readonly<Ref<NodeTarget>>): ManifestDrop {
  const samples = useSamplesStore()
  const actions = useManifestActions()
  const notify = useNotify()
  const { t } = useI18n()
  const isOver = ref(false)

  function accepts(event: DragEvent): boolean {
    return samples.dragged !== undefined || (event.dataTransfer?.types.includes('Files') ?? false)
  }

  function hover(event: DragEvent): void {
    if (!accepts(event)) return
    event.preventDefault()
    event.stopPropagation()
    isOver.value = true
    if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy'
  }

  function leave(event: DragEvent): void {
    const { currentTarget, relatedTarget } = event
    const isInside =
      currentTarget instanceof Node && relatedTarget instanceof Node && currentTarget.contains(relatedTarget)
    if (!isInside) isOver.value = false
  }

  function drop(event: DragEvent): void {
    isOver.value = false
    if (!accepts(event)) return
    event.preventDefault()
    event.stopPropagation()
    const sample = samples.dragged
    samples.dragged = undefined
    const { files, folders } = sample === undefined ? readTransfer(event.dataTransfer) : { files: [], folders: [] }
    for (const name of folders) {
      notify.failure(t('toast.failed.readFile', { name }), new Error(t('toast.isFolder')))
    }
    if (sample !== undefined) void actions.place({ ...target.value, name: sample.name, content: sample.content })
    else void actions.placeFiles(target.value, files)
  }

  return {
    isOver,
    hoveringSample: computed(() => (isOver.value ? samples.dragged : undefined)),
    handlers: { dragenter: hover, dragover: hover, dragleave: leave, drop },
  }
}

/** Folders come among the files, without content; only their entry tells. */
function readTransfer(transfer: DataTransfer | null): { files: File[]; folders: string[] } {
  const files: File[] = []
  const folders: string[] = []
  for (const item of transfer?.items ?? []) {
    const file = item.getAsFile()
    if (file === null) continue
    if (item.webkitGetAsEntry()?.isDirectory === true) folders.push(file.name)
    else files.push(file)
  }
  return { files, folders }
}
